/** What the life of alerts costs, how soon one leaves, and what becomes of ten thousand at once. */
import { join } from "node:path";
import { type Child, startChild } from "../child/start-child.ts";
import { atMost, type Circumstances, compared, type Figure, type Scenario } from "../figure.ts";
import type { emulatorCalls } from "../server/emulator-server.ts";
import type { flatServerCalls } from "../server/flat-server.ts";
import { median, percentile, spread, whole } from "../statistics.ts";
import { createTempFolder } from "../temp-folder.ts";
import type { alertsCalls } from "./alerts-process.ts";

const MAX_MS_PER_MILLION = 1_000;
const MAX_MB = 100;
const MAX_LEAVING_MS = 5;
const STORM = 10_000;
const WEBHOOK = { limit: 5, intervalMs: 2_000 } as const;
const CHANNEL = { limit: 30, intervalMs: 60_000 } as const;

export const alerts: Scenario = {
  name: "alerts",
  title: "The life of alerts",
  method:
    "The health tracker of a notifier, with its defaults where nothing is said. Reports: 1,000,000 successes and failures of 1,000 components in one run of the " +
    "thread, three in a hundred failing four times in a row, so that about 15,000 alerts and recoveries are told, whose hand-over is included and whose sending is not; five " +
    "rounds. Memory: 100,000 components that are failing, each with an error of its own, after garbage collection. Leaving: from `recordFailure` to the head of " +
    "the request being written, the webhook free, 500 alerts one after the other, in memory and with an SQLite file (accepted durably first). Storm: 10,000 " +
    "components fail in one turn, every hundredth a critical one, against the emulator with 5 per 2 s and 30 per 60 s; it is counted what has arrived as an embed or as " +
    "a line of a digest's list.",
  run,
};

async function run(circumstances: Circumstances): Promise<readonly Figure[]> {
  const { quick } = circumstances;
  using folder = createTempFolder();
  await using server = startChild<typeof flatServerCalls>(new URL("../server/flat-server.ts", import.meta.url));
  const [url] = (await server.call("start", { webhooks: 1 })) as [string];
  const [silent] = (await server.call("startSilent", { webhooks: 1 })) as [string];
  return [
    ...(await measureReports(silent, quick)),
    await measureMemory(silent, quick),
    await measureLeaving("in memory", { url, database: null, count: quick ? 50 : 500 }),
    await measureLeaving("with an SQLite file", {
      url,
      database: join(folder.path, "bench.db"),
      count: quick ? 50 : 500,
    }),
    ...(await measureStorm(circumstances)),
  ];
}

function startProcess(): Child<typeof alertsCalls> {
  return startChild(new URL("./alerts-process.ts", import.meta.url), { nodeArgs: ["--expose-gc"] });
}

async function measureReports(url: string, quick: boolean): Promise<Figure[]> {
  await using child = startProcess();
  const reports = quick ? 100_000 : 1_000_000;
  const { tookMs, alerts: told } = await child.call("report", { url, rounds: quick ? 2 : 5, reports });
  const perMillion = tookMs.map((ms) => (ms / reports) * 1_000_000);
  const target = atMost(median(perMillion), MAX_MS_PER_MILLION, " ms");
  return [
    { what: "a million reports, in ms", value: spread(perMillion, 0), target },
    compared("alerts and recoveries handed over by them", whole(told)),
  ];
}

async function measureMemory(url: string, quick: boolean): Promise<Figure> {
  await using child = startProcess();
  const components = quick ? 10_000 : 99_000;
  const mb = (await child.call("track", { url, components })) / 1_000_000;
  return {
    what: `${whole(components)} components: memory`,
    value: `${mb.toFixed(0)} MB`,
    target: atMost(mb, MAX_MB, " MB"),
  };
}

type Leaving = Parameters<typeof alertsCalls.leave>[0];

async function measureLeaving(how: string, leaving: Leaving): Promise<Figure> {
  await using child = startProcess();
  const tookMs = await child.call("leave", leaving);
  const high = percentile(tookMs, 0.99);
  const value = `${high.toFixed(1)} ms (median ${median(tookMs).toFixed(1)})`;
  return {
    what: `from recordFailure to the request, ${how}: 99th percentile`,
    value,
    target: atMost(high, MAX_LEAVING_MS, " ms"),
  };
}

async function measureStorm({ quick, say }: Circumstances): Promise<Figure[]> {
  const components = quick ? 1_000 : STORM;
  await using server = startChild<typeof emulatorCalls>(new URL("../server/emulator-server.ts", import.meta.url));
  await using child = startProcess();
  const limits = { webhook: WEBHOOK, channel: CHANNEL, global: null, invalid: null };
  const { id, urls } = await server.call("start", { limits, webhooks: 1 });
  say(`${whole(components)} alerts at once`);
  const { elapsedMs, verdicts } = await child.call("storm", { url: urls[0]!, components });
  const shown = await server.call("shown", { id });
  const { refusals, messages } = await server.call("stop", { id });
  const embeds = shown.flatMap(({ titles }) => titles);
  const listed = shown.flatMap(({ files }) => files).join("\n");
  const isShown = (name: string): boolean =>
    embeds.includes(`Error: ${name}`) || listed.includes(`Error: ${name}\n`) || listed.includes(`Error: ${name}:`);
  const vitals = embeds.flatMap((title, place) => (title.startsWith("Error: Vital") ? [place] : []));
  const before = embeds.slice(0, vitals.at(-1)).filter((title) => !title.startsWith("Error: Vital")).length;
  const names = Array.from({ length: components }, (_, k) => (k % 100 === 50 ? `Vital ${k}` : `Component ${k}`));
  const missing = names.filter((name) => !isShown(name)).length;
  const [criticals] = [components / 100];
  return [
    { what: "storm: not told", value: whole(missing), target: atMost(missing, 0) },
    {
      what: `storm: criticals without an embed of their own, of ${criticals}`,
      value: String(criticals - vitals.length),
      target: atMost(criticals - vitals.length, 0),
    },
    { what: "storm: others before the last critical", value: String(before), target: atMost(before, 10) },
    { what: "storm: refusals (429)", value: String(refusals), target: atMost(refusals, 0) },
    compared("storm: messages, and seconds until all is told", `${messages}, ${(elapsedMs / 1_000).toFixed(1)}`),
    compared(
      "storm: verdicts",
      Object.entries(verdicts)
        .map(([verdict, count]) => `${whole(count)} ${verdict}`)
        .join(", "),
    ),
  ];
}
