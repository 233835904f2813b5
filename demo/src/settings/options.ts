/** The demo's command line. Pure: arguments in, options, a request for help, or what is wrong with them out. */
import { parseArgs } from "node:util";
import { inWords, parseDuration } from "./duration.ts";

export interface DemoOptions {
  /** After what time it ends by itself; `null` for never. */
  readonly forMs: number | null;
  /** How much measured time passes in a second; `null` for whatever suits the duration. */
  readonly measuredMsPerSecond: number | null;
  /** Whether colours are wanted where they can be shown. */
  readonly color: boolean;
  /** Take any free ports, even where the usual ones are free. */
  readonly freePorts: boolean;
}

export type CommandLine =
  | { readonly kind: "run"; readonly options: DemoOptions }
  | { readonly kind: "help" }
  | { readonly kind: "mistake"; readonly text: string };

/** Shorter, and the offline alert could not be told from a busy machine. */
export const SHORTEST_RUN_MS = 15_000;
const SLOWEST_MS = 60_000;
const FASTEST_MS = 30 * 86_400_000;

export function readCommandLine(args: readonly string[]): CommandLine {
  const parsed = parse(args);
  if (typeof parsed === "string") return mistake(parsed);
  const { help, "no-color": noColor, "free-ports": freePorts, for: forText, speed: speedText } = parsed;
  if (help === true) return { kind: "help" };

  const forMs = forText === undefined ? null : parseDuration(forText);
  if (forText !== undefined && (forMs === null || forMs < SHORTEST_RUN_MS)) {
    return mistake(`--for takes a duration from ${inWords(SHORTEST_RUN_MS)}, such as 60s or 2m; got "${forText}".`);
  }
  const speed = speedText === undefined ? null : parseDuration(speedText);
  if (speedText !== undefined && (speed === null || speed < SLOWEST_MS || speed > FASTEST_MS)) {
    return mistake(
      `--speed takes the measured time that passes in a second, from 1m to 30d, such as 12h; got "${speedText}".`,
    );
  }
  const options = { forMs, measuredMsPerSecond: speed, color: noColor !== true, freePorts: freePorts === true };
  return { kind: "run", options };
}

/** The values, or what is wrong. */
function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: false,
      options: {
        for: { type: "string" },
        speed: { type: "string" },
        "no-color": { type: "boolean" },
        "free-ports": { type: "boolean" },
        help: { type: "boolean", short: "h" },
      },
    }).values;
  } catch (error) {
    return error instanceof Error ? firstSentence(error.message) : String(error);
  }
}

/** With its full stop, which Node leaves out where it says nothing else. */
function firstSentence(text: string): string {
  const [first = text] = text.split(/(?<=\.)\s/, 1);
  return first.endsWith(".") ? first : `${first}.`;
}

function mistake(text: string): CommandLine {
  return { kind: "mistake", text: `${text} --help lists what there is.` };
}
