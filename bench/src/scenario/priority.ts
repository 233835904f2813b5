/** Whether something critical waits behind what is not. */
import { startChild } from "../child/start-child.ts";
import { atLeast, atMost, type Circumstances, compared, type Figure, type Scenario } from "../figure.ts";
import type { EmulatorReport, emulatorCalls } from "../server/emulator-server.ts";
import { spread } from "../statistics.ts";
import type { PriorityRun, priorityCalls } from "./priority-process.ts";

const LIMIT = { limit: 5, intervalMs: 2_000 } as const;
/** As many as are sent meanwhile, and 1,000 that still wait. */
const INFOS = 1_150;

export const priority: Scenario = {
  name: "priority",
  title: "Something critical behind a thousand infos",
  method:
    "1,150 infos wait for one webhook with 5 per 2 s (the emulator, sliding), batching off. Thirty times, at moments spread over the window, a critical " +
    "notification is handed over behind more than 1,000 of them. Counted is how many infos whose request began after that were stored before it; and how " +
    "long after the next slot of the limit (at once, or 2 s after the fifth last request) its own request began, which includes that one request may be " +
    "under way.",
  run,
};

async function run({ quick, say }: Circumstances): Promise<readonly Figure[]> {
  const criticals = quick ? 4 : 30;
  // Steps that meet all parts of the window, and are the same in each run.
  const pausesMs = Array.from({ length: criticals }, (_, k) => 200 + ((k * 617) % 2_000));
  say(`${criticals} criticals, about ${Math.ceil(pausesMs.reduce((sum, ms) => sum + ms + 800, 0) / 1_000)} s`);
  await using server = startChild<typeof emulatorCalls>(new URL("../server/emulator-server.ts", import.meta.url));
  await using sender = startChild<typeof priorityCalls>(new URL("./priority-process.ts", import.meta.url));
  const limits = { webhook: LIMIT, channel: null, global: null, invalid: null };
  const { id, urls } = await server.call("start", { limits, webhooks: 1 });
  const told = await sender.call("run", { url: urls[0]!, infos: INFOS, pausesMs });
  return figuresOf(told, await server.call("stop", { id }));
}

function figuresOf({ criticals, sent }: PriorityRun, { stored, refusals }: EmulatorReport): Figure[] {
  const order = stored[0]!;
  const startOf = new Map(sent.map(({ number, startedAt }) => [number, startedAt]));
  const overtaken = criticals.map(({ number, handedOverAt }) => {
    const before = order.slice(0, order.indexOf(number));
    return before.filter((other) => other < INFOS && startOf.get(other)! > handedOverAt).length;
  });
  const lateMs = criticals.map(({ number, handedOverAt }) => {
    const before = sent.filter(({ startedAt }) => startedAt < startOf.get(number)!);
    const slotAt = (before.at(-LIMIT.limit)?.endedAt ?? Number.NEGATIVE_INFINITY) + LIMIT.intervalMs;
    return startOf.get(number)! - Math.max(handedOverAt, slotAt);
  });
  const worst = Math.max(...overtaken);
  const fewest = Math.min(...criticals.map(({ waiting }) => waiting));
  return [
    { what: "infos that went before it, at most", value: String(worst), target: atMost(worst, 0) },
    { what: "infos that waited, at least", value: String(fewest), target: atLeast(fewest, 1_000) },
    compared("began after its slot, in ms", spread(lateMs, 1)),
    { what: "refusals (429)", value: String(refusals), target: atMost(refusals, 0) },
  ];
}
