/** `tocsin alerts`: what fires, what was told of it, and people's orders about it, from the command line. */
import type { z } from "zod";
import type { alert, alertDetail } from "../http/contract/alert.ts";
import { type AskingOptions, asking, firstOf, printJson } from "./asking.ts";
import { ASKED_EXIT, type ExitCode } from "./exit-code.ts";
import type { Io } from "./io.ts";
import { plural, printable, table, time } from "./table.ts";

type Alert = z.infer<typeof alert>;
type Detail = z.infer<typeof alertDetail>;

export interface AlertListOptions extends AskingOptions {
  readonly all?: boolean;
  readonly phase?: readonly string[];
  readonly severity?: readonly string[];
  readonly plant?: string;
  readonly device?: string;
  readonly limit: number;
}

export interface AlertOrderOptions extends AskingOptions {
  readonly by?: string;
  readonly comment?: string;
}

export type AlertOrder = "ack" | "unack" | "resolve";

const PATH = "/api/alerts";
const OPEN = ["pending", "firing", "flapping", "acknowledged"];

/** Those that are open, unless phases are named or all are wanted. */
export async function listAlerts({ limit, ...options }: AlertListOptions, io: Io): Promise<ExitCode> {
  const { all, phase = all ? undefined : OPEN, severity, plant: plant_id, device: device_id } = options;
  const query = { phase, severity, plant_id, device_id };
  const found = await asking(options, io, { ask: (api) => firstOf<Alert>(api, PATH, { query, limit }) });
  if (options.json) printJson(io, found);
  else if (found.items.length === 0) io.out("There are no such alerts.\n");
  else {
    io.out(table(["ID", "PHASE", "SINCE", "SEVERITY", "WHAT", "TOLD", "HELD BACK", "BY"], found.items.map(rowOf)));
    if (found.next_cursor !== null) io.err(`tocsin: there are more; raise --limit ${limit} or narrow them down.\n`);
  }
  return ASKED_EXIT.done;
}

export async function showAlert(id: string, options: AskingOptions, io: Io): Promise<ExitCode> {
  const found = await asking(options, io, { ask: (api) => api.get<Detail>(`${PATH}/${encodeURIComponent(id)}`) });
  show(found, options, io);
  return ASKED_EXIT.done;
}

export async function orderAlert(
  order: AlertOrder,
  { id, ...options }: AlertOrderOptions & { readonly id: string },
  io: Io,
): Promise<ExitCode> {
  const body = { by: options.by ?? null, comment: options.comment ?? null };
  const path = `${PATH}/${encodeURIComponent(id)}`;
  const found = await asking(options, io, {
    ask: (api) =>
      order === "unack" ? api.delete<Detail>(`${path}/ack`, body) : api.post<Detail>(`${path}/${order}`, body),
  });
  show(found, options, io);
  return ASKED_EXIT.done;
}

function show(found: Detail, { json }: AskingOptions, io: Io): void {
  if (json) printJson(io, found);
  else io.out(linesOf(found));
}

function rowOf(alert: Alert): readonly string[] {
  const { id, phase, since, severity, told_count, held_back_count, acknowledged } = alert;
  return [
    id,
    phase,
    time(since),
    severity,
    whatOf(alert),
    String(told_count),
    String(held_back_count),
    acknowledged?.by ?? "",
  ];
}

function whatOf({ kind, plant_name, device_id, metric, value, direction, threshold }: Alert): string {
  if (kind === "offline") return `${device_id} is offline`;
  return `${plant_name ?? device_id}: ${metric} ${value}, ${direction} ${threshold}`;
}

function linesOf(alert: Detail): string {
  const { id, phase, since, severity, device_id, transitions, told, held_back } = alert;
  return [
    `${id}  ${phase} since ${time(since)}`,
    `  ${printable(whatOf(alert))} (${severity}, reported by ${printable(device_id)})`,
    ...transitions.map(({ at, phase: to, reason, ...who }) => `  ${time(at)}  ${to}: ${reason}${saidBy(who)}`),
    ...told.map(
      ({ at, reason, value, delivery }) =>
        `  ${time(at)}  told (${reason}${value === null ? "" : `, ${value}`}): ${delivery.status}${
          delivery.notification_id === null ? "" : ` as ${delivery.notification_id}`
        }${delivery.error === null ? "" : `, ${printable(delivery.error)}`}`,
    ),
    ...held_back.map(
      ({ reason, count, from, to }) => `  ${time(from)} to ${time(to)}  held back ${plural(count, "time")}: ${reason}`,
    ),
    "",
  ].join("\n");
}

function saidBy({ by, comment }: { readonly by: string | null; readonly comment: string | null }): string {
  return `${by === null ? "" : ` by ${printable(by)}`}${comment === null ? "" : ` (${printable(comment)})`}`;
}
