/**
 * Which options of a notifier can go to a thread, and in which form: data does, functions and objects of classes do not.
 *
 * Upstream the options of the program. Downstream worker.ts, which makes a notifier of them. Pure.
 */
import { ConfigError } from "../errors/config-error.ts";
import { isSqliteFile, type NotifierOptions, type SqliteFile } from "../notifier/options.ts";

/** What the thread is made from. */
export interface ThreadData {
  readonly options: NotifierOptions;
  readonly store: SqliteFile | null;
}

/** These stay with the program, or have a form of their own in {@link ThreadData}. */
const NOT_AS_THEY_ARE: ReadonlySet<string> = new Set([
  "thread",
  "store",
  "clock",
  "env",
  "logger",
  "onEvent",
  "flushOnExit",
] satisfies (keyof NotifierOptions)[]);

const MAX_LEVELS = 10;

/**
 * @throws {@link ConfigError} `CONFIG_THREAD`, naming each option that cannot go to a thread, and what to write instead.
 */
export function crossing(options: NotifierOptions): ThreadData {
  const problems: string[] = [];
  const data: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(options)) {
    if (NOT_AS_THEY_ARE.has(name)) continue;
    const foreign = findForeign(value, name, 0);
    if (foreign === null) data[name] = value;
    else problems.push(`${foreign} cannot go to the thread: ${remedyFor(foreign)}`);
  }
  if (options.clock !== undefined) problems.push("clock cannot go to the thread: leave it out");
  const store = options.store ?? null;
  if (store !== null && !isSqliteFile(store)) {
    problems.push('store cannot go to the thread when it is open: name its file, store: { sqlite: "alerts.db" }');
  }
  if (problems.length > 0) throw new ConfigError("CONFIG_THREAD", problems);
  const env = Object.fromEntries(Object.entries(options.env ?? process.env));
  return { options: { ...data, env }, store: store as SqliteFile | null };
}

function remedyFor(path: string): string {
  return /^(?:webhook|severit|fallback|destination|routes)/.test(path)
    ? "write destinations as text, or use a notifier without a thread for channels of your own"
    : "write it as plain data";
}

/** The path of the first part that is no data; `null` when all of it is. */
function findForeign(value: unknown, path: string, level: number): string | null {
  if (typeof value === "function" || typeof value === "symbol" || level > MAX_LEVELS) return path;
  if (typeof value !== "object" || value === null || value instanceof Date || value instanceof RegExp) return null;
  if (value instanceof Map || value instanceof Set) return firstForeign([...value], path, level);
  if (Array.isArray(value)) return firstForeign(value, path, level);
  const made: unknown = Object.getPrototypeOf(value);
  if (made !== Object.prototype && made !== null) return path;
  for (const [name, part] of Object.entries(value)) {
    const foreign = findForeign(part, `${path}.${name}`, level + 1);
    if (foreign !== null) return foreign;
  }
  return null;
}

function firstForeign(values: readonly unknown[], path: string, level: number): string | null {
  for (const [index, value] of values.entries()) {
    const foreign = findForeign(value, `${path}[${index}]`, level + 1);
    if (foreign !== null) return foreign;
  }
  return null;
}
