/** A queue of a million: what it takes of memory, and how soon a new process goes on with it. */
import { join } from "node:path";
import { type Child, startChild } from "../child/start-child.ts";
import { atMost, type Circumstances, compared, type Figure, type Scenario } from "../figure.ts";
import type { flatServerCalls } from "../server/flat-server.ts";
import { median, whole, wholeSpread } from "../statistics.ts";
import { createTempFolder } from "../temp-folder.ts";
import type { millionQueuedCalls } from "./million-queued-process.ts";

const COUNT = 1_000_000;
const WARM_UP = 20_000;
const RESTARTS = 5;
const MAX_MB = 200;
const MAX_RESTART_MS = 2_000;
const BYTES_PER_MB = 1_000_000;
const COURSES = [1, 20] as const;

export const millionQueued: Scenario = {
  name: "million-queued",
  title: "A million notifications queued",
  method:
    "1,000,000 notifications with title, text and four fields are handed over, in groups of 1,000 that are awaited, to a notifier over an SQLite file " +
    "whose webhooks never answer: all to one, and dealt to 20. Told is what the process's resident memory has grown by since 20,000 waited, at the end and " +
    "at its most. Then the process is ended without closing anything, and another is started over the same file with webhooks that answer: the time " +
    "from its start (Node itself and the loading of the sources included) to the arrival of the first request, median of five; and the same over an empty file, where the request is that of a notification handed over at once.",
  run,
};

async function run({ quick, say }: Circumstances): Promise<readonly Figure[]> {
  const count = quick ? 20_000 : COUNT;
  await using server = startChild<typeof flatServerCalls>(new URL("../server/flat-server.ts", import.meta.url));
  const figures: Figure[] = [];
  for (const webhooks of COURSES) {
    const silent = await server.call("startSilent", { webhooks });
    const urls = await server.call("start", { webhooks });
    using folder = createTempFolder();
    const course = { server, urls, database: join(folder.path, "bench.db"), name: nameOf(webhooks) };
    const { grownMb, mostMb } = await pileUp({ ...course, urls: silent }, count);
    say(`${course.name}: ${whole(count)} wait, ${grownMb.toFixed(0)} MB`);
    const emptyMs = await timeStarts({ ...course, database: join(folder.path, "empty.db") }, true);
    const restartMs = await timeStarts(course, false);
    say(`${course.name}: first request ${whole(median(restartMs))} ms after the start`);
    figures.push(
      {
        what: `${course.name}: memory grown by`,
        value: `${grownMb.toFixed(0)} MB`,
        target: atMost(grownMb, MAX_MB, " MB"),
      },
      { what: `${course.name}: at the most`, value: `${mostMb.toFixed(0)} MB`, target: atMost(mostMb, MAX_MB, " MB") },
      {
        what: `${course.name}: restart to first request, in ms`,
        value: wholeSpread(restartMs),
        target: atMost(median(restartMs), MAX_RESTART_MS, " ms"),
      },
      compared(`${course.name}: the same with an empty store, in ms`, wholeSpread(emptyMs)),
    );
  }
  return figures;
}

interface Course {
  readonly server: Child<typeof flatServerCalls>;
  readonly urls: readonly string[];
  readonly database: string;
  readonly name: string;
}

function nameOf(webhooks: number): string {
  return webhooks === 1 ? "one webhook" : `${webhooks} webhooks`;
}

function startProcess(): Child<typeof millionQueuedCalls> {
  return startChild(new URL("./million-queued-process.ts", import.meta.url));
}

/** Leaves the file as a process does that ends without closing anything. */
async function pileUp({ urls, database, name }: Course, count: number): Promise<{ grownMb: number; mostMb: number }> {
  await using child = startProcess();
  await child.call("open", { database, urls });
  await child.call("accept", { count: WARM_UP, webhooks: urls.length });
  const { bytes: before } = await child.call("memory", null);
  const waiting = await child.call("accept", { count, webhooks: urls.length });
  if (waiting !== WARM_UP + count) throw new Error(`${name}: ${waiting} of ${WARM_UP + count} wait`);
  const { bytes, mostBytes } = await child.call("memory", null);
  return { grownMb: (bytes - before) / BYTES_PER_MB, mostMb: (mostBytes - before) / BYTES_PER_MB };
}

/** Milliseconds from the start of a process to the arrival of its first request. */
async function timeStarts({ server, urls, database }: Course, isEmpty: boolean): Promise<number[]> {
  const tookMs: number[] = [];
  for (let k = 0; k < RESTARTS; k++) {
    const arrives = server.call("nextRequest", null);
    const startedAt = Date.now();
    await using child = startProcess();
    await child.call("open", { database, urls });
    if (isEmpty) await child.call("tell", null);
    tookMs.push((await arrives) - startedAt);
  }
  return tookMs;
}
