/** `tocsin silence`: what is not told for some time, from the command line. */
import type { z } from "zod";
import type { silence, silenceList } from "../http/contract/silence.ts";
import { type AskingOptions, asking, printJson } from "./asking.ts";
import { ASKED_EXIT, type ExitCode } from "./exit-code.ts";
import type { Io } from "./io.ts";
import { expiryOf, type OrderFlags } from "./order.ts";
import { printable, table, time } from "./table.ts";
import { UsageError } from "./usage-error.ts";

type Silence = z.infer<typeof silence>;

export interface SilenceOptions extends AskingOptions, Omit<OrderFlags, "reason"> {
  readonly comment?: string;
}

const PATH = "/api/silences";

/** All of the matchers must hold. */
export async function addSilence(matchers: readonly string[], options: SilenceOptions, io: Io): Promise<ExitCode> {
  const expiry = expiryOf(options);
  if (Object.keys(expiry).length === 0) throw new UsageError("a silence needs an end: --for 2h, or --until.");
  const body = { matchers, ...expiry, by: options.by ?? null, comment: options.comment ?? null };
  const made = await asking(options, io, { ask: (api) => api.post<Silence>(PATH, body) });
  if (options.json) printJson(io, made);
  else io.out(`${made.id}: ${printable(made.matchers)} is not told until ${time(made.until)}\n`);
  return ASKED_EXIT.done;
}

export async function listSilences(options: AskingOptions & { readonly expired?: boolean }, io: Io): Promise<ExitCode> {
  const query = { state: options.expired ? "expired" : "active" };
  const found = await asking(options, io, { ask: (api) => api.get<z.infer<typeof silenceList>>(PATH, query) });
  if (options.json) printJson(io, found);
  else io.out(listOf(found, query.state));
  return ASKED_EXIT.done;
}

export async function expireSilence(id: string, options: AskingOptions, io: Io): Promise<ExitCode> {
  const ended = await asking(options, io, { ask: (api) => api.delete<Silence>(`${PATH}/${encodeURIComponent(id)}`) });
  if (options.json) printJson(io, ended);
  else io.out(`${ended.id} is over: ${printable(ended.matchers)} is told again\n`);
  return ASKED_EXIT.done;
}

function listOf({ items, maintenance }: z.infer<typeof silenceList>, state: string): string {
  const silences =
    items.length === 0
      ? `There are no ${state} silences.\n`
      : table(["ID", "MATCHERS", "UNTIL", "BY", "COMMENT"], items.map(rowOf));
  if (maintenance.length === 0) return silences;
  const rows = maintenance.map(({ name, matchers, until }) => [name, matchers || "everything", time(until)]);
  return `${silences}\n${table(["MAINTENANCE", "MATCHERS", "UNTIL"], rows)}`;
}

function rowOf({ id, matchers, until, ended_at, by, comment }: Silence): readonly string[] {
  return [id, matchers, time(ended_at ?? until), by ?? "", comment ?? ""];
}
