/** What it costs an application that one thing fails 100,000 times, and what Discord gets of it. */
import { startChild } from "../child/start-child.ts";
import { atMost, type Circumstances, compared, type Figure, type Scenario } from "../figure.ts";
import type { emulatorCalls } from "../server/emulator-server.ts";
import { median, spread, whole } from "../statistics.ts";
import type { stormCalls, Way } from "./storm-process.ts";

const WAYS: readonly (readonly [Way, string])[] = [
  ["express", "the Express adapter"],
  ["console", "captureConsole()"],
  ["pino", "the stream for pino"],
];
const ENTRY = new URL("./storm-process.ts", import.meta.url);
const MAX_CPU_MS = 200;
/** A handful. */
const MAX_MESSAGES = 5;

export const storm: Scenario = {
  name: "storm",
  title: "A storm of identical errors",
  method:
    "100,000 errors of one kind, each an object of its own that was made before, in a new process each time, 1,000 to a turn of the event loop: through " +
    "`report` of the Express adapter, through `captureConsole()` over a console that writes nothing, and as lines that pino has written before into the " +
    "stream for pino. Counted is the CPU time of the whole process, all its threads, from the first report until the last message has arrived at the " +
    "emulator (its usual limits) and the notifier is closed: what Tocsin adds, without what errors, console and pino cost themselves.",
  run,
};

async function run({ quick, say }: Circumstances): Promise<readonly Figure[]> {
  await using server = startChild<typeof emulatorCalls>(new URL("../server/emulator-server.ts", import.meta.url));
  const [count, rounds] = quick ? [10_000, 1] : [100_000, 5];
  const figures: Figure[] = [];
  for (const [way, what] of WAYS) {
    const inAllMs: number[] = [];
    const reportedMs: number[] = [];
    const messages: number[] = [];
    for (let round = 0; round < rounds; round++) {
      const { id, urls } = await server.call("start", { limits: {}, webhooks: 1 });
      await using application = startChild<typeof stormCalls>(ENTRY, { nodeArgs: ["--expose-gc"] });
      const spent = await application.call("run", { url: urls[0]!, way, count });
      inAllMs.push(spent.inAllMs);
      reportedMs.push(spent.reportedMs);
      messages.push((await server.call("stop", { id })).messages);
    }
    say(`${what}: ${spread(inAllMs, 0)} ms for ${whole(count)}, messages ${messages.join(", ")}`);
    const most = Math.max(...messages);
    figures.push(
      { what: `${what}: CPU in all, in ms`, value: spread(inAllMs, 0), target: atMost(median(inAllMs), MAX_CPU_MS) },
      compared(`${what}: CPU until the last report, in ms`, spread(reportedMs, 0)),
      { what: `${what}: messages in Discord, at most`, value: String(most), target: atMost(most, MAX_MESSAGES) },
    );
  }
  return figures;
}
