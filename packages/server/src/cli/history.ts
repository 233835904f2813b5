/** `tocsin history`: what was told and what came of it, from the command line. */
import type { z } from "zod";
import type { notification, notificationDetail, sweepResult } from "../http/contract/history.ts";
import type { statistics } from "../http/contract/statistics.ts";
import type { Api } from "./api.ts";
import { type AskingOptions, asking, firstOf, printJson, type SubjectFlags, subjectQuery } from "./asking.ts";
import { ASKED_EXIT, type ExitCode } from "./exit-code.ts";
import type { Io } from "./io.ts";
import { duration, plural, table, time } from "./table.ts";
import { toldLines } from "./told.ts";

type Told = z.infer<typeof notification>;
type Detail = z.infer<typeof notificationDetail>;
type Statistics = z.infer<typeof statistics>;
type Figures = Statistics["total"];
type Sweep = z.infer<typeof sweepResult>;

export interface HistoryListOptions extends AskingOptions, SubjectFlags {
  readonly limit: number;
  readonly status?: readonly string[];
  readonly label?: readonly string[];
  readonly text?: string;
}

export interface StatsOptions extends AskingOptions, SubjectFlags {
  readonly by: "type" | "channel" | "severity";
}

const PATH = "/api/notifications";

export async function listHistory(options: HistoryListOptions, io: Io): Promise<ExitCode> {
  const { limit, status, label, text, json } = options;
  const query = { ...subjectQuery(options), status, label, q: text };
  const found = await asking(options, io, { ask: (api) => firstOf<Told>(api, PATH, { query, limit }) });
  if (json) printJson(io, found);
  else if (found.items.length === 0) io.out("Nothing was found.\n");
  else {
    io.out(table(["ID", "CREATED", "TYPE", "SEVERITY", "STATUS", "CHANNELS", "TITLE"], found.items.map(rowOf)));
    if (found.next_cursor !== null) io.err(`tocsin: there are more; raise --limit ${limit} or narrow them down.\n`);
  }
  return ASKED_EXIT.done;
}

export async function showNotification(id: string, options: AskingOptions, io: Io): Promise<ExitCode> {
  const detail = await asking(options, io, { ask: (api) => api.get<Detail>(`${PATH}/${encodeURIComponent(id)}`) });
  if (options.json) printJson(io, detail);
  else io.out(`${toldLines(detail).join("\n")}\n`);
  return ASKED_EXIT.done;
}

export async function showStatistics({ by, ...options }: StatsOptions, io: Io): Promise<ExitCode> {
  const query = subjectQuery(options);
  const figures = await asking(options, io, { ask: (api) => api.get<Statistics>("/api/stats", query) });
  if (options.json) {
    printJson(io, figures);
    return ASKED_EXIT.done;
  }
  const groups = { type: figures.by_type, channel: figures.by_channel, severity: figures.by_severity }[by];
  const rows = [...Object.entries(groups), ["all", figures.total] as const].map(([name, one]) => figuresRow(name, one));
  io.out(`${time(figures.from)} to ${time(figures.to)}\n\n`);
  io.out(table([by.toUpperCase(), ...FIGURES], rows));
  io.out(retriesOf(figures.total));
  return ASKED_EXIT.done;
}

export async function archiveHistory(options: AskingOptions, io: Io): Promise<ExitCode> {
  const ask = (api: Api) => api.post<Sweep>(`${PATH}/archive`);
  const { deleted, archived } = await asking(options, io, { ask, duties: { archives: true } });
  if (options.json) printJson(io, { deleted, archived });
  else io.out(`${plural(deleted, "notification")} left the history, ${archived} of them into the archive.\n`);
  return ASKED_EXIT.done;
}

function rowOf({ id, created_at, type, severity, status, deliveries, title, message }: Told): string[] {
  const channels = [...new Set(deliveries.map(({ channel }) => channel))].join(", ");
  return [id, time(created_at), type, severity, status, channels || "-", title ?? message ?? ""];
}

const FIGURES = ["DELIVERED", "FAILED", "SUCCESS", "REQUESTS", "RESPONSE P50", "P95", "P99", "ARRIVAL P50", "P95"];

function figuresRow(name: string, figures: Figures): string[] {
  const { deliveries, success_rate, requests, response_ms: response, end_to_end_ms: arrival } = figures;
  const times = [response?.p50, response?.p95, response?.p99, arrival?.p50, arrival?.p95];
  return [
    name,
    String(deliveries["delivered"] ?? 0),
    String(deliveries["failed"] ?? 0),
    success_rate === null ? "-" : `${(success_rate * 100).toFixed(2)} %`,
    String(requests),
    ...times.map((ms) => (ms === undefined ? "-" : duration(ms))),
  ];
}

function retriesOf({ retries, reasons }: Figures): string {
  const why = Object.entries(reasons).map(([reason, count]) => `${reason} ${count}`);
  return [
    "",
    `At the first try ${retries.delivered_at_once}, after retries ${retries.delivered_after_retry}, given up after retries ` +
      `${retries.gave_up_after_retry}, possibly twice ${retries.possible_repeats}.`,
    ...(why.length === 0 ? [] : [`Not arrived: ${why.join(", ")}.`]),
    "",
  ].join("\n");
}
