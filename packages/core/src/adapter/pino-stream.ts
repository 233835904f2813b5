/**
 * A stream for pino that tells what is logged.
 *
 * Upstream pino, which writes lines into it. Downstream the reporter, which makes few messages of many lines, and the notifier.
 */
import { Writable } from "node:stream";
import { StringDecoder } from "node:string_decoder";
import type { Clock } from "../clock/clock.ts";
import { createSystemClock } from "../clock/system-clock.ts";
import type { NotificationInput } from "../notification/notification.ts";
import { createLogFilter, createLogWording, type LogSettings } from "./log-record.ts";
import { createPinoReader } from "./pino-line.ts";
import { createReporter } from "./reporter.ts";

export interface PinoStreamOptions extends LogSettings {
  /** Takes the messages. Stays yours to close. */
  readonly notifier: { notify(input: NotificationInput): unknown };
  /** Called when the stream has ended, before it says so. @defaultValue nothing */
  readonly onEnd?: () => Promise<unknown>;
  /** @defaultValue the machine's; waiting to tell repeated lines keeps no process alive */
  readonly clock?: Clock;
}

/** A line that goes on for longer than this is no line of a log. */
const MAX_LINE_CHARS = 1_000_000;

/**
 * For `pino.multistream`, where the notifier lives in the program. Never slows the logger down, never fails.
 *
 * @throws TypeError when the severity is none of the known ones
 *
 * @example
 * const log = pino({}, pino.multistream([{ stream: process.stdout }, { stream: createPinoStream({ notifier }), level: "error" }]));
 */
export function createPinoStream(options: PinoStreamOptions): Writable {
  const isWanted = createLogFilter(options);
  const reporter = createReporter({
    notify: (input) => options.notifier.notify(input),
    clock: options.clock ?? createSystemClock({ keepAlive: false }),
    wording: createLogWording(options),
  });
  const read = createPinoReader();
  const split = createLineSplitter((line) => {
    const record = read(line);
    if (record !== null && isWanted(record.severity)) reporter.report(record);
  });
  return new Writable({
    decodeStrings: false,
    write(chunk: Buffer | string, _encoding, done) {
      split(chunk);
      done();
    },
    final(done) {
      split("\n");
      reporter.flush();
      Promise.resolve(options.onEnd?.()).then(
        () => done(),
        () => done(),
      );
    },
  });
}

function createLineSplitter(take: (line: string) => void): (chunk: Buffer | string) => void {
  const decoder = new StringDecoder("utf8");
  let rest = "";
  return (chunk) => {
    const text = rest + (typeof chunk === "string" ? chunk : decoder.write(chunk));
    let from = 0;
    for (let to = text.indexOf("\n"); to !== -1; to = text.indexOf("\n", from)) {
      if (to > from) take(text.slice(from, to));
      from = to + 1;
    }
    rest = text.slice(from);
    if (rest.length > MAX_LINE_CHARS) rest = "";
  };
}
