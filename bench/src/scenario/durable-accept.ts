/** How many notifications a second a durable store accepts. */
import { join } from "node:path";
import { startChild } from "../child/start-child.ts";
import { atLeast, type Circumstances, compared, type Figure, type Scenario } from "../figure.ts";
import { median, percentile, whole, wholeSpread } from "../statistics.ts";
import { createTempFolder } from "../temp-folder.ts";
import type { durableAcceptCalls } from "./durable-accept-process.ts";

const SYNCS = 500;
const COURSES = [
  { title: "1,000 callers", callers: 1_000, count: 100_000, least: 50_000 },
  { title: "one caller", callers: 1, count: 10_000, least: 5_000 },
] as const;

export const durableAccept: Scenario = {
  name: "durable-accept",
  title: "Notifications accepted durably",
  method:
    "Callers hand a notification with title, text and four fields to a notifier over an SQLite file (WAL, synchronous=FULL), and each awaits " +
    "`receipt.accepted`, which is after the commit, before its next: 1,000 callers at a time, 100,000 notifications a round, and one caller, 10,000 " +
    "a round. Nothing is sent: all wait for a webhook that is out of reach. The first two rounds are not counted. The disk's own figure is that of " +
    "writing 4 KiB and `fdatasync`, 500 times in the same rounds, on the same disk; a disk that keeps less to itself would tell other figures.",
  run,
};

async function run({ quick, say }: Circumstances): Promise<readonly Figure[]> {
  using folder = createTempFolder();
  await using child = startChild<typeof durableAcceptCalls>(new URL("./durable-accept-process.ts", import.meta.url));
  await child.call("open", { database: join(folder.path, "bench.db") });
  const perSecond = COURSES.map((): number[] => []);
  const syncsMs: number[] = [];
  const [warmUps, rounds] = quick ? [1, 2] : [2, 9];
  for (let round = 1 - warmUps; round <= rounds; round++) {
    const measured: number[] = [];
    for (const { callers, count } of COURSES) {
      const few = quick ? count / 10 : count;
      measured.push((few / (await child.call("accept", { callers, count: few }))) * 1_000);
    }
    const syncs = await child.call("syncs", { folder: folder.path, count: SYNCS });
    if (round < 1) continue;
    for (const [k, value] of measured.entries()) perSecond[k]!.push(value);
    syncsMs.push(...syncs);
    say(
      `round ${round} of ${rounds}: ${COURSES.map(({ title }, k) => `${title} ${whole(measured[k]!)}/s`).join(", ")}`,
    );
  }
  await child.call("close", null);
  return [
    ...COURSES.map(({ title, least }, k) => ({
      what: `${title}: accepted per second`,
      value: wholeSpread(perSecond[k]!),
      target: atLeast(median(perSecond[k]!), least),
    })),
    compared("the disk's own: 4 KiB and fdatasync, median", inUs(median(syncsMs))),
    compared("the disk's own: 99th percentile", inUs(percentile(syncsMs, 0.99))),
  ];
}

function inUs(ms: number): string {
  return `${whole(ms * 1_000)} µs`;
}
