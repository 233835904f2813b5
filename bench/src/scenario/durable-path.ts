/** What it costs to keep everything on the disk, on the whole way of a message. */
import { join } from "node:path";
import { startChild } from "../child/start-child.ts";
import { startContestant } from "../contestant/field.ts";
import type { Manner } from "../contestant/process.ts";
import { atLeast, type Circumstances, compared, type Figure, type Scenario } from "../figure.ts";
import type { flatServerCalls } from "../server/flat-server.ts";
import { median, spread, whole } from "../statistics.ts";
import { createTempFolder } from "../temp-folder.ts";

const WEBHOOKS = 50;
const MESSAGES = 20_000;
const TIMEOUT_MS = 120_000;
const LEAST_RATIO = 0.6;
const STORES = ["memory", "SQLite"] as const;
const MANNERS = {
  burst: "all at once",
  loops: "one after the other",
} as const satisfies Readonly<Record<Manner, string>>;

export const durablePath: Scenario = {
  name: "durable-path",
  title: "Accepted, sent and settled durably",
  method:
    "20,000 messages with one embed each over 50 webhooks, batching off, against the minimal HTTP server of the scenario “unlimited”: with an " +
    "SQLite file (WAL, synchronous=FULL), where each is committed before it is sent and its verdict on the disk before the next of its webhook, and " +
    "in memory. Each is a process of its own, has sent 40,000 messages and been through a full garbage collection before anything is measured, as in “unlimited”, and takes its turn in every round, which begins when the last one is at rest; ratios are " +
    "taken within a round, and their median is told. “All at once”: 20,000 messages handed over in one go. “One after the other”: 50 loops, each " +
    "handing over its next message when the last has been settled.",
  run,
};

async function run({ quick, say }: Circumstances): Promise<readonly Figure[]> {
  const count = quick ? 2_000 : MESSAGES;
  const rounds = quick ? 3 : 11;
  using folder = createTempFolder();
  await using server = startChild<typeof flatServerCalls>(new URL("../server/flat-server.ts", import.meta.url));
  const urls = await server.call("start", { webhooks: WEBHOOKS });
  const options = { urls, perSecond: null, webhooksLimited: false, attempts: null };
  await using memory = await startContestant("tocsin", options);
  await using sqlite = await startContestant("tocsin", { ...options, database: join(folder.path, "bench.db") });

  const contestants = [memory, sqlite];

  // Loops first: the process that begins with 20,000 at once, against a server that has just started, was a fifth slower in three of five runs.
  for (const manner of ["loops", "burst"] as const)
    for (const contestant of contestants) await contestant.run({ count, manner, timeoutMs: TIMEOUT_MS });
  for (const contestant of contestants) {
    await contestant.rest();
    await contestant.collect();
  }
  const figures: Figure[] = [];
  for (const manner of ["burst", "loops"] as const) {
    const perSecond: [number[], number[]] = [[], []];
    for (let round = 1; round <= rounds; round++) {
      for (const [k, contestant] of contestants.entries()) {
        const { elapsedMs, told } = await contestant.run({ count, manner, timeoutMs: TIMEOUT_MS });
        const missing = told.filter((delivered) => !delivered).length;
        // Words and statistics are derived behind the writers: in the next turn they would slow down somebody else.
        await contestant.rest();
        if (missing > 0) throw new Error(`${missing} of ${count} were not delivered with ${STORES[k]}`);
        perSecond[k]!.push((count / elapsedMs) * 1_000);
      }
      say(`${MANNERS[manner]}, round ${round} of ${rounds}: ${lastOf(perSecond)}`);
    }
    figures.push(...figuresOf(manner, perSecond));
  }
  return figures;
}

function lastOf(perSecond: readonly [number[], number[]]): string {
  return STORES.map((store, k) => `${store} ${whole(perSecond[k]!.at(-1)!)}/s`).join(", ");
}

function figuresOf(manner: Manner, [memory, sqlite]: readonly [number[], number[]]): Figure[] {
  const ratios = sqlite.map((value, round) => value / memory[round]!);
  const speeds = `SQLite ${whole(median(sqlite))}, memory ${whole(median(memory))}`;
  return [
    {
      what: `${MANNERS[manner]}: throughput, SQLite to memory`,
      value: spread(ratios, 2),
      target: atLeast(median(ratios), LEAST_RATIO),
    },
    compared(`${MANNERS[manner]}: messages per second`, speeds),
  ];
}
