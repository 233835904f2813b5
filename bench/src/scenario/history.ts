/** How soon questions about a million notifications are answered. */
import { join } from "node:path";
import { type Child, startChild } from "../child/start-child.ts";
import { atLeast, atMost, type Circumstances, compared, type Figure, type Scenario } from "../figure.ts";
import { median, percentile, whole } from "../statistics.ts";
import { createTempFolder } from "../temp-folder.ts";
import type { historyCalls, Question } from "./history-process.ts";

const COUNT = 1_000_000;
const PER_SECOND = 500;
const PAUSE_MS = 20;
const WARM_UP = 5;
const QUESTIONS = [
  { question: "page", title: "newest page", times: 500, mostMs: 10, share: 0.99 },
  { question: "words", title: "two words", times: 200, mostMs: 100, share: 0.5 },
  { question: "rare", title: "one file's name", times: 200, mostMs: 100, share: 0.5 },
  { question: "phrase", title: "a phrase of two words", times: 200, mostMs: 100, share: 0.5 },
  { question: "letters", title: "the first five letters of a word", times: 200, mostMs: 100, share: 0.5 },
  {
    question: "beginning",
    title: "the first three, which nearly every text contains",
    times: 50,
    mostMs: null,
    share: 0.5,
  },
  { question: "week", title: "a week's statistics", times: 100, mostMs: 50, share: 0.5 },
  { question: "hours", title: "the same with its course by the hour", times: 100, mostMs: null, share: 0.5 },
] as const satisfies readonly {
  question: Question;
  title: string;
  times: number;
  mostMs: number | null;
  share: number;
}[];

export const history: Scenario = {
  name: "history",
  title: "Questions about a million notifications",
  method:
    "1,000,000 notifications of the last seven days in an SQLite store, of 60 kinds (15 types with a destination each, 4 severities), one in a hundred " +
    "refused; each with a title, 14 words out of 2,000 of which the k-th comes about as often as 1/k, a host and a file's name. A page is of " +
    "50; words are drawn as they were for the texts, so most questions find many. Each is asked every 20 ms; first while nobody writes, then while 500 a second are " +
    "accepted and settled by the same thread, which answers after what has been written by then has been indexed and counted. The target for the page " +
    "is for its 99th percentile, the others are for the median; the first five answers are not counted.",
  run,
};

async function run({ quick, say }: Circumstances): Promise<readonly Figure[]> {
  using folder = createTempFolder();
  const entry = new URL("./history-process.ts", import.meta.url);
  await using child = startChild<typeof historyCalls>(entry);
  const count = quick ? 20_000 : COUNT;
  say(`writing ${whole(count)} notifications`);
  const counted = await child.call("fill", { database: join(folder.path, "bench.db"), count });
  if (counted !== count) throw new Error(`${counted} of ${count} are in the statistics`);
  const quiet = await askAll(child, "", { quick, say });
  await child.call("startWriting", { perSecond: PER_SECOND });
  const busy = await askAll(child, `while ${PER_SECOND}/s are written: `, { quick, say });
  const written = await child.call("stopWriting", null);
  await child.call("close", null);
  const least = PER_SECOND * 0.95;
  return [
    ...quiet,
    ...busy,
    { what: "written per second meanwhile", value: whole(written), target: atLeast(written, least) },
  ];
}

async function askAll(
  child: Child<typeof historyCalls>,
  when: string,
  { quick, say }: Circumstances,
): Promise<Figure[]> {
  const figures: Figure[] = [];
  for (const { question, title, times, mostMs, share } of QUESTIONS) {
    await child.call("time", { question, times: WARM_UP, pauseMs: PAUSE_MS });
    const tookMs = await child.call("time", { question, times: quick ? 10 : times, pauseMs: PAUSE_MS });
    const what = `${when}${title}`;
    const value = `median ${inMs(median(tookMs))}, 99th percentile ${inMs(percentile(tookMs, 0.99))}`;
    say(`${what}: ${value}`);
    const judged = percentile(tookMs, share);
    figures.push(mostMs === null ? compared(what, value) : { what, value, target: atMost(judged, mostMs, " ms") });
  }
  return figures;
}

function inMs(ms: number): string {
  return `${ms.toFixed(1)} ms`;
}
