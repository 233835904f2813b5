/** `tocsin dlq`: dead letters from the command line. */
import { FAILURE_SENTENCES } from "@tocsin/core/stages";
import type { z } from "zod";
import type { channelList } from "../http/contract/channel.ts";
import type { deadLetter, deadLetterDetail, replayResult } from "../http/contract/dead-letter.ts";
import type { Api } from "./api.ts";
import { type AskingOptions, asking, firstOf, printJson, type SubjectFlags, subjectQuery } from "./asking.ts";
import { attemptLines } from "./attempts.ts";
import { ASKED_EXIT, type ExitCode } from "./exit-code.ts";
import type { Io } from "./io.ts";
import { plural, printable, table, time } from "./table.ts";
import { UsageError } from "./usage-error.ts";

type Letter = z.infer<typeof deadLetter>;
type Detail = z.infer<typeof deadLetterDetail>;
type Replayed = z.infer<typeof replayResult>;

export interface LetterFlags extends SubjectFlags {
  readonly reason?: readonly string[];
  readonly errorCode?: readonly string[];
}

export interface ListOptions extends AskingOptions, LetterFlags {
  readonly limit: number;
}

export interface ManyOptions extends AskingOptions, LetterFlags {
  readonly all?: boolean;
  readonly force?: boolean;
}

const PATH = "/api/dead-letters";

export async function listLetters({ limit, ...options }: ListOptions, io: Io): Promise<ExitCode> {
  const query = queryOf(options);
  const found = await asking(options, io, { ask: (api) => firstOf<Letter>(api, PATH, { query, limit }) });
  if (options.json) printJson(io, found);
  else if (found.items.length === 0) io.out("There are no dead letters.\n");
  else {
    const heading = ["ID", "CREATED", "CHANNEL", "TYPE", "SEVERITY", "TITLE", "REASON"];
    io.out(table(heading, found.items.map(rowOf)));
    if (found.next_cursor !== null) io.err(`tocsin: there are more; raise --limit ${limit} or narrow them down.\n`);
  }
  return ASKED_EXIT.done;
}

export async function showLetter(id: string, options: AskingOptions, io: Io): Promise<ExitCode> {
  const letter = await asking(options, io, { ask: (api) => api.get<Detail>(`${PATH}/${encodeURIComponent(id)}`) });
  if (options.json) printJson(io, letter);
  else io.out(linesOf(letter));
  return ASKED_EXIT.done;
}

interface Replay {
  readonly report: Replayed;
  /** Channels that take nothing. */
  readonly disabled: readonly string[];
}

const VAIN =
  "what was replayed for it is a dead letter again. `tocsin channels` says why; correct that first, restart the server, and replay.";

async function disabledChannels(api: Api): Promise<readonly string[]> {
  const { items } = await api.get<z.infer<typeof channelList>>("/api/channels");
  return items.filter(({ mode }) => mode === "disabled").map(({ name }) => name);
}

function replayedLine({ replayed, refused }: Replayed, { database }: ManyOptions): string {
  if (replayed.length === 0 && refused.length === 0) return "Nothing was replayed: no dead letter matches.";
  const when = database === undefined || replayed.length === 0 ? "" : "; the server sends them when it starts";
  return `Replayed ${plural(replayed.length, "dead letter")}${when}.`;
}

export async function replayLetters(ids: readonly string[], options: ManyOptions, io: Io): Promise<ExitCode> {
  const body = { ...selectionOf(ids, options), force: options.force ?? false };
  const ask = async (api: Api): Promise<Replay> => {
    const report = await api.post<Replayed>(`${PATH}/replay`, body);
    const isSent = report.replayed.length > 0 && options.database === undefined;
    return { report, disabled: isSent ? await disabledChannels(api) : [] };
  };
  const { report, disabled } = await asking(options, io, { ask });
  if (options.json) printJson(io, report);
  else {
    io.out(`${replayedLine(report, options)}\n`);
    for (const name of disabled) io.err(`tocsin: ${name} is disabled: ${VAIN}\n`);
    for (const { id, because } of report.refused) io.err(`tocsin: ${id} was not replayed: ${WHY[because]}.\n`);
  }
  return report.refused.length === 0 ? ASKED_EXIT.done : ASKED_EXIT.refused;
}

const WHY = {
  unknown: "there is no such dead letter",
  stale: "newer news of the same matter has overtaken it; --force replays it all the same",
} as const;

export async function discardLetters(ids: readonly string[], options: ManyOptions, io: Io): Promise<ExitCode> {
  const body = selectionOf(ids, options);
  const ask = (api: Api) => api.post<{ readonly discarded: number }>(`${PATH}/discard`, body);
  const report = await asking(options, io, { ask });
  if (options.json) printJson(io, report);
  else io.out(`Discarded ${plural(report.discarded, "dead letter")}; history keeps what they were.\n`);
  const asked = "ids" in body ? body.ids.length : report.discarded;
  const missing = asked - report.discarded;
  if (missing === 0) return ASKED_EXIT.done;
  io.err(`tocsin: ${plural(missing, "id")} of ${asked} named no dead letter.\n`);
  return ASKED_EXIT.refused;
}

function selectionOf(ids: readonly string[], { all = false, ...options }: ManyOptions) {
  const filter = filterOf(options);
  const isFiltered = Object.values(filter).some((value) => value !== undefined);
  if ([ids.length > 0, isFiltered, all].filter(Boolean).length !== 1) {
    throw new UsageError(
      "Say which dead letters are meant: by their ids, by filters such as --type, or --all of them.",
    );
  }
  return ids.length > 0 ? { ids: [...new Set(ids)] } : { filter };
}

function filterOf(flags: LetterFlags) {
  return { ...subjectQuery(flags), reason: flags.reason, error_code: flags.errorCode };
}

const queryOf = filterOf;

/** The time is the one by which they are sorted and filtered. */
function rowOf({ id, channel, notification, reason, error }: Letter): string[] {
  const { created_at, type, severity, title, message } = notification;
  const why = error === null ? reason : `${reason} (${error.code})`;
  return [id, time(created_at), channel, type, severity, title ?? message ?? "", why];
}

function linesOf({ id, channel, notification: told, settled_at, reason, error, newer, tries }: Detail): string {
  return [
    `${id}  failed at ${channel}, ${time(settled_at)}: ${reason}`,
    `  ${FAILURE_SENTENCES[reason]}`,
    `  ${printable(told.title ?? told.message ?? "")}`,
    `  notification ${told.id}, type ${printable(told.type)}, severity ${told.severity}, created ${time(told.created_at)}`,
    ...(error === null ? [] : [`  ${error.code}: ${printable(error.message)}`]),
    ...(newer === null
      ? []
      : [
          `  overtaken by ${newer.id} of ${time(newer.created_at)}: ${[newer.phase, newer.status].filter(Boolean).join(", ")}`,
        ]),
    ...attemptLines(tries),
    "",
  ].join("\n");
}
