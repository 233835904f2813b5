/** What `notify()` costs the thread that calls it when all else happens in another. */
import { startChild } from "../child/start-child.ts";
import { atMost, type Circumstances, compared, type Figure, type Scenario } from "../figure.ts";
import type { flatServerCalls } from "../server/flat-server.ts";
import { median, percentile } from "../statistics.ts";
import type { threadCostCalls } from "./thread-cost-process.ts";

export const threadCost: Scenario = {
  name: "thread-cost",
  title: "Cost of notify() to its caller, with a thread",
  method:
    "As “notify-cost”, with `thread: true`: making the notification complete, holding it, and one message to the thread. " +
    "“in all” is the CPU time of the calling thread for each notification from the call to the verdict, " +
    "the benchmark's own part included. The start is that of the thread: until a first notification has arrived.",
  run,
};

async function run({ quick, say }: Circumstances): Promise<readonly Figure[]> {
  await using server = startChild<typeof flatServerCalls>(new URL("../server/flat-server.ts", import.meta.url));
  const urls = await server.call("start", { webhooks: 50 });
  await using caller = startChild<typeof threadCostCalls>(new URL("./thread-cost-process.ts", import.meta.url));
  const calls = quick ? 4_000 : 20_000;
  const startMs = await caller.call("prepare", { urls });
  await caller.call("time", { calls, inARow: 1 });
  const figures: Figure[] = [];
  for (const inARow of [1, 100]) {
    const { timesUs, inAllUs } = await caller.call("time", { calls, inARow });
    const [middle, high] = [median(timesUs), percentile(timesUs, 0.99)];
    const how = inARow === 1 ? "one per turn" : `runs of ${inARow}`;
    say(`${how}: median ${middle.toFixed(1)} µs`);
    figures.push(
      { what: `${how}: median`, value: `${middle.toFixed(1)} µs`, target: atMost(middle, 10, " µs") },
      compared(`${how}: 99th percentile`, `${high.toFixed(1)} µs`),
      compared(`${how}: in all`, `${inAllUs.toFixed(1)} µs`),
    );
  }
  figures.push(compared("start, from source", `${startMs.toFixed(0)} ms`));
  return figures;
}
