/** A store with a long history, and whoever asks it. */
import { setTimeout as sleep } from "node:timers/promises";
import type { NotificationInput } from "@tocsin/core";
import { openSqliteStore, type SqliteStore } from "@tocsin/core/sqlite";
import { answerCalls } from "../child/answer-calls.ts";
import { createPast, settlementOf } from "../past.ts";

const WEEK_MS = 7 * 86_400_000;
const TYPES = Array.from({ length: 15 }, (_, k) => `service-${k}`);
const SEVERITIES = ["info", "warning", "error", "critical"] as const;
const GROUP = 1_000;
/** One in so many was refused. */
const FAILED_EVERY = 100;
const TICK_MS = 10;

/** Words by how often they come: the k-th about as often as 1/k, as in any language. */
const VOCABULARY = Array.from({ length: 2_000 }, (_, k) => wordOf(k));

export type Question = "page" | "words" | "rare" | "phrase" | "letters" | "beginning" | "week" | "hours";

let store: SqliteStore | null = null;
const past = createPast(TYPES);
let number = 0;
let seed = 1;
let writing: { stop: boolean; readonly ended: Promise<number> } | null = null;

function wordOf(k: number): string {
  const syllables = ["ba", "ke", "li", "mo", "nu", "pra", "ste", "tri", "vo", "zu"];
  return [...String(k + 100)].map((digit) => syllables[Number(digit)]).join("");
}

/** Uniform in [0, 1), the same in each run. */
function random(): number {
  seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
  return seed / 2 ** 32;
}

function anyWord(): string {
  return VOCABULARY[Math.floor(VOCABULARY.length ** random()) - 1] ?? VOCABULARY[0]!;
}

function input(): NotificationInput {
  const n = number++;
  return {
    type: TYPES[n % TYPES.length]!,
    severity: SEVERITIES[Math.floor(n / TYPES.length) % SEVERITIES.length]!,
    title: `Import ${n} failed`,
    message: Array.from({ length: 14 }, anyWord).join(" "),
    fields: { host: `worker-${n % 5_000}`, file: `customers-${n}.csv` },
  };
}

async function writeGroup(count: number, at: (k: number) => number): Promise<void> {
  const records = Array.from({ length: count }, (_, k) => past.record(input(), at(k)));
  await store!.outbox.append(records);
  const settled = records.map((record, k) =>
    settlementOf(record, 20 + 400 * random() ** 4, (number + k) % FAILED_EVERY !== 0),
  );
  await store!.outbox.settle(settled);
}

async function write(perSecond: number, state: { stop: boolean }): Promise<number> {
  const startedAt = performance.now();
  let written = 0;
  while (!state.stop) {
    const due = Math.floor(((performance.now() - startedAt) / 1_000) * perSecond) - written;
    if (due > 0) await writeGroup(due, () => Date.now());
    written += due;
    await sleep(TICK_MS);
  }
  return (written / (performance.now() - startedAt)) * 1_000;
}

async function ask(question: Question): Promise<number> {
  const { history } = store!;
  const to = Date.now();
  switch (question) {
    case "page":
      return (await history.query({})).items.length;
    case "words":
      return (await history.query({ text: `${anyWord()} ${anyWord()}` })).items.length;
    case "rare":
      return (await history.query({ text: `customers-${Math.floor(random() * number)}.csv` })).items.length;
    case "phrase":
      return (await history.query({ text: `"${anyWord()} ${anyWord()}"` })).items.length;
    case "letters":
      return (await history.query({ text: `${anyWord().slice(0, 5)}*` })).items.length;
    case "beginning":
      return (await history.query({ text: `${anyWord().slice(0, 3)}*` })).items.length;
    case "week":
      return (await history.statistics({ from: to - WEEK_MS, to })).total.tries;
    case "hours":
      return (await history.statistics({ from: to - WEEK_MS, to, stepMs: 3_600_000 })).steps.length;
  }
}

export const historyCalls = {
  /** @returns how many of the last week there are now, words and statistics derived */
  async fill({ database, count }: { readonly database: string; readonly count: number }): Promise<number> {
    store = openSqliteStore({ database, keepMs: Number.POSITIVE_INFINITY });
    // Writing them takes a while, and all are to be within a week of the questions.
    const from = Date.now() - WEEK_MS + 3_600_000;
    const stepMs = (Date.now() - from) / count;
    for (let done = 0; done < count; done += GROUP) await writeGroup(GROUP, (k) => from + (done + k) * stepMs);
    await ask("words");
    return ask("week");
  },
  /** @returns milliseconds that each answer took */
  async time({
    question,
    times,
    pauseMs,
  }: {
    readonly question: Question;
    readonly times: number;
    readonly pauseMs: number;
  }) {
    const tookMs: number[] = [];
    for (let k = 0; k < times; k++) {
      const startedAt = performance.now();
      await ask(question);
      tookMs.push(performance.now() - startedAt);
      await sleep(pauseMs);
    }
    return tookMs;
  },
  startWriting({ perSecond }: { readonly perSecond: number }): void {
    const state = { stop: false };
    writing = Object.assign(state, { ended: write(perSecond, state) });
  },
  /** @returns how many a second were written */
  async stopWriting(_: null): Promise<number> {
    writing!.stop = true;
    return writing!.ended;
  },
  close: async (_: null): Promise<void> => store!.close(),
};

answerCalls(historyCalls);
