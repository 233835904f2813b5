/** What `notify()` costs the thread that calls it. */
import { startChild } from "../child/start-child.ts";
import { atMost, type Circumstances, compared, type Figure, type Scenario } from "../figure.ts";
import type { flatServerCalls } from "../server/flat-server.ts";
import { median, percentile } from "../statistics.ts";
import type { notifyCostCalls } from "./notify-cost-process.ts";

export const notifyCost: Scenario = {
  name: "notify-cost",
  title: "Cost of notify() to its caller",
  method:
    "A notification with title, text and four fields, to one of 50 webhooks without limits, timed with process.hrtime around each single call " +
    "while earlier ones are being sent by the same thread: 20,000 calls, one per turn of the event loop, and 20,000 in runs of 100; the " +
    "20,000 before them are not counted. The time includes about 0.1 µs of the clock itself. What notify() leaves for later turns (rendering, sending, the " +
    "answer) is in the CPU per message of the scenario “unlimited”. The first call of a process is told besides.",
  run,
};

async function run({ quick, say }: Circumstances): Promise<readonly Figure[]> {
  await using server = startChild<typeof flatServerCalls>(new URL("../server/flat-server.ts", import.meta.url));
  const urls = await server.call("start", { webhooks: 50 });
  await using caller = startChild<typeof notifyCostCalls>(new URL("./notify-cost-process.ts", import.meta.url));
  const calls = quick ? 4_000 : 20_000;
  const firstUs = await caller.call("prepare", { urls });
  await caller.call("time", { calls, inARow: 1 });
  const figures: Figure[] = [];
  for (const inARow of [1, 100]) {
    const timesUs = await caller.call("time", { calls, inARow });
    const [middle, high] = [median(timesUs), percentile(timesUs, 0.99)];
    const how = inARow === 1 ? "one per turn" : `runs of ${inARow}`;
    say(`${how}: median ${middle.toFixed(1)} µs`);
    figures.push(
      { what: `${how}: median`, value: `${middle.toFixed(1)} µs`, target: atMost(middle, 5, " µs") },
      { what: `${how}: 99th percentile`, value: `${high.toFixed(1)} µs`, target: atMost(high, 50, " µs") },
      compared(`${how}: longest of ${calls.toLocaleString("en")}`, `${(Math.max(...timesUs) / 1_000).toFixed(2)} ms`),
    );
  }
  figures.push(compared("first call of a process", `${(firstUs / 1_000).toFixed(2)} ms`));
  return figures;
}
