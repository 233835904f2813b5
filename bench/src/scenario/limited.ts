/** What the scenarios with limits share: contestants against emulators, all at the same time, because they mostly wait. */
import { type Child, startChild } from "../child/start-child.ts";
import type { ContestantOptions } from "../contestant/contestant.ts";
import { startContestant } from "../contestant/field.ts";
import type { ContestantName, Run } from "../contestant/process.ts";
import type { EmulatorReport, EmulatorWanted, emulatorCalls } from "../server/emulator-server.ts";

export const LABELS: Readonly<Record<ContestantName, string>> = {
  tocsin: "Tocsin",
  undici: "undici",
  "discordjs-rest": "@discordjs/rest",
  snowtransfer: "snowtransfer",
};

export interface Attempt {
  readonly name: ContestantName;
  readonly emulator: EmulatorWanted;
  readonly contestant: Omit<ContestantOptions, "urls">;
  readonly count: number;
  /** When to give up. */
  readonly timeoutMs: number;
}

export interface Outcome {
  readonly name: ContestantName;
  readonly count: number;
  readonly run: Run;
  readonly report: EmulatorReport;
}

/** All attempts, each with a process and an emulator of its own, started together. */
export async function attemptAll(attempts: readonly Attempt[]): Promise<Outcome[]> {
  await using server = startEmulators();
  await using contestants = new AsyncDisposableStack();
  const prepared = [];
  for (const attempt of attempts) {
    const { id, urls } = await server.call("start", attempt.emulator);
    const entrant = contestants.use(await startContestant(attempt.name, { ...attempt.contestant, urls }));
    prepared.push({ attempt, id, entrant });
  }
  // Awaited here, because what this function uses ends with it.
  return await Promise.all(
    prepared.map(async ({ attempt: { name, count, timeoutMs }, id, entrant }) => {
      const run = await entrant.run({ count, manner: "burst", timeoutMs });
      return { name, count, run, report: await server.call("stop", { id }) };
    }),
  );
}

function startEmulators(): Child<typeof emulatorCalls> {
  return startChild(new URL("../server/emulator-server.ts", import.meta.url));
}

/** Messages that came out of order at their webhook; repeats of the last are not out of order. */
export function countDisorder({ stored }: EmulatorReport): number {
  return stored.flatMap((numbers) => numbers.filter((number, index) => number < (numbers[index - 1] ?? -1))).length;
}

/** What was told, against what has been stored. */
export interface Truth {
  /** Reported as delivered and not stored. */
  readonly falseSuccesses: number;
  /** Reported as failed and stored. */
  readonly falseFailures: number;
  /** Never reported as either. */
  readonly untold: number;
  /** Not stored. */
  readonly lost: number;
  /** Stored more than once, beyond the first. */
  readonly repeats: number;
}

export function compareWithTruth({ count, run: { told }, report: { stored } }: Outcome): Truth {
  const times = new Map<number, number>();
  for (const number of stored.flat()) times.set(number, (times.get(number) ?? 0) + 1);
  const numbers = Array.from({ length: count }, (_, number) => number);
  return {
    falseSuccesses: numbers.filter((number) => told[number] && !times.has(number)).length,
    falseFailures: numbers.filter((number) => told[number] === false && times.has(number)).length,
    untold: told.filter((verdict) => verdict === null).length,
    lost: numbers.filter((number) => !times.has(number)).length,
    repeats: [...times.values()].reduce((sum, each) => sum + each - 1, 0),
  };
}
