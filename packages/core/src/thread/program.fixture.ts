/** A program that tells some things and then comes to an end, in one of many ways. Its argument is a {@link Program} as JSON. */
import { writeSync } from "node:fs";
import type { NotifierOptions } from "../notifier/options.ts";
import { createNotifier } from "../notifier.ts";

export type Ending =
  | "throw"
  | "reject"
  | "exit-3"
  | "nothing-left"
  | "idle-forever"
  | "own-handler-goes-on"
  | "own-handler-exits-7"
  | "own-signal-handler"
  | "blocked"
  | "unref";

export interface Program {
  readonly options: NotifierOptions;
  readonly titles: readonly string[];
  readonly ending: Ending;
  /** Whether the program waits until these have been accepted. */
  readonly isAccepted?: boolean;
}

const { options, titles, ending, isAccepted = false } = JSON.parse(process.argv[2] ?? "") as Program;
/** Straight into the pipe: nothing of it is lost at the end. */
const say = (text: string): void => void writeSync(1, `${text}\n`);

const notifier = createNotifier(options);
if (ending === "unref") notifier.unref();
if (ending === "own-handler-goes-on") {
  process.on("uncaughtException", (error) => say(`handled ${error.message}`));
}
if (ending === "own-handler-exits-7") process.on("uncaughtException", () => process.exit(7));
if (ending === "own-signal-handler") {
  process.on("SIGTERM", () => {
    say("terminating");
    process.exit(5);
  });
}
const receipts = titles.map((title) => notifier.notify({ title }));
if (isAccepted) await Promise.all(receipts.map(({ accepted }) => accepted));

const boom = (): never => {
  throw new Error("boom");
};
const END: Readonly<Record<Ending, () => void>> = {
  throw: boom,
  "own-handler-exits-7": boom,
  "own-handler-goes-on"() {
    setTimeout(() => say("went on"), 100);
    boom();
  },
  reject: () => void Promise.reject(new Error("boom")),
  "exit-3": () => process.exit(3),
  "idle-forever": stay,
  "own-signal-handler": stay,
  blocked() {
    say("ready");
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 10_000);
    say("awake");
  },
  "nothing-left"() {},
  unref() {},
};

function stay(): void {
  setInterval(() => {}, 60_000);
  say("ready");
}

END[ending]();
