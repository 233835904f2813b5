/** What the commands have in common that ask a server: their options, and how a question is put and answered. */
import { type Command, InvalidArgumentError } from "commander";
import type { Api, FileDuties, Query, Target } from "./api.ts";
import type { Io } from "./io.ts";
import { openApi } from "./open-api.ts";
import { parseWhen } from "./when.ts";

export interface AskingOptions extends Target {
  readonly json?: boolean;
}

export interface SubjectFlags {
  readonly type?: readonly string[];
  readonly severity?: readonly string[];
  readonly channel?: readonly string[];
  readonly from?: string;
  readonly to?: string;
}

export const DEFAULT_LIMIT = 50;
const MAX_PAGE = 500;

/** For commands that work on a running server, or on the file of one that is not running. */
export function withTarget(command: Command): Command {
  return withJson(withAddress(command).option("--database <file>", "the file of a server that is not running"));
}

/** For commands that only a running server can answer. */
export function withServer(command: Command): Command {
  return withJson(withAddress(command));
}

function withAddress(command: Command): Command {
  return command.option("--server <url>", "address of the server (default: TOCSIN_SERVER, else http://127.0.0.1:8000)");
}

function withJson(command: Command): Command {
  return command.option("--json", "print the answer as JSON");
}

export function withSubject(command: Command): Command {
  return command
    .option("--type <type>", "alert type; repeatable", gather)
    .option("--severity <severity>", "info, warning, error or critical; repeatable", gather)
    .option("--channel <name>", "destination; repeatable", gather)
    .option("--from <when>", "from then on: how long ago (90m, 24h, 7d) or a date, with a time or without, in UTC")
    .option("--to <when>", "up to, and without, then");
}

export function withLimit(command: Command): Command {
  return command.option("--limit <number>", "how many at most", wholeNumber, DEFAULT_LIMIT);
}

export function gather(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, value];
}

function wholeNumber(text: string): number {
  if (!/^[1-9]\d*$/.test(text)) throw new InvalidArgumentError("It must be a whole number from 1.");
  return Number(text);
}

/** The flags as a query. @throws UsageError */
export function subjectQuery({ type, severity, channel, from, to }: SubjectFlags) {
  const now = Date.now();
  return {
    type,
    severity,
    channel,
    from: from === undefined ? undefined : parseWhen("--from", from, now),
    to: to === undefined ? undefined : parseWhen("--to", to, now),
  };
}

/** Opens the API, asks, and closes it. */
export async function asking<Result>(
  { server, database }: AskingOptions,
  { env }: Pick<Io, "env">,
  { ask, duties = {} }: { readonly ask: (api: Api) => Promise<Result>; readonly duties?: FileDuties },
): Promise<Result> {
  const target = { ...(server !== undefined && { server }), ...(database !== undefined && { database }) };
  const api = await openApi(target, { env, duties });
  try {
    return await ask(api);
  } finally {
    await api.close();
  }
}

export interface List<Item> {
  readonly items: readonly Item[];
  readonly next_cursor: string | null;
}

/** The first so many, page by page. */
export async function firstOf<Item>(
  api: Api,
  path: string,
  { query, limit }: { readonly query: Query; readonly limit: number },
): Promise<List<Item>> {
  const items: Item[] = [];
  let cursor: string | null | undefined;
  do {
    const page: List<Item> = await api.get(path, {
      ...query,
      limit: Math.min(MAX_PAGE, limit - items.length),
      cursor: cursor ?? undefined,
    });
    items.push(...page.items);
    cursor = page.next_cursor;
  } while (cursor !== null && items.length < limit);
  return { items, next_cursor: cursor };
}

export function printJson({ out }: Pick<Io, "out">, answer: unknown): void {
  out(`${JSON.stringify(answer, null, 2)}\n`);
}
