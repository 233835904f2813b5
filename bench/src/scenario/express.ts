/** What `monitorExpress` takes of a web application's throughput. */
import { type Child, startChild } from "../child/start-child.ts";
import { atLeast, atMost, type Circumstances, compared, type Figure, type Scenario } from "../figure.ts";
import { median, spread, wholeSpread } from "../statistics.ts";
import type { loadCalls } from "./express-load.ts";
import type { helloCalls } from "./express-process.ts";

const CONNECTIONS = 50;
const LEAST_RATIO = 0.97;
const US_PER_SECOND = 1_000_000;

export const expressThroughput: Scenario = {
  name: "express",
  title: "Throughput of Express with the adapter",
  method:
    "An Express 5 hello-world with `monitorExpress` against the same without it, each a process of its own, asked by a third one over 50 connections that " +
    "stay open. They take turns, the first of a round changing with each; 5,000 requests to a turn after 40,000 to warm up. Ratios are taken within a " +
    "round, and their median is told. All requests succeed, so the adapter has nothing to tell. A ratio above 1 means more throughput, or more CPU, with it.",
  run,
};

interface Turn {
  readonly perSecond: number;
  readonly cpuUs: number;
  readonly failed: number;
}

interface Hello {
  readonly server: Child<typeof helloCalls>;
  readonly url: string;
}

async function run({ quick, say }: Circumstances): Promise<readonly Figure[]> {
  const [requests, rounds] = quick ? [2_000, 3] : [5_000, 41];
  await using load = startChild<typeof loadCalls>(new URL("./express-load.ts", import.meta.url));
  await using withIt = startChild<typeof helloCalls>(new URL("./express-process.ts", import.meta.url));
  await using without = startChild<typeof helloCalls>(new URL("./express-process.ts", import.meta.url));
  const hellos = [
    { server: withIt, url: await withIt.call("start", { isMonitored: true }) },
    { server: without, url: await without.call("start", { isMonitored: false }) },
  ] as const;
  for (const { url } of hellos) await load.call("run", { url, connections: CONNECTIONS, requests: 8 * requests });

  const turns: [Turn[], Turn[]] = [[], []];
  for (let round = 0; round < rounds; round++) {
    for (const which of round % 2 === 0 ? ([0, 1] as const) : ([1, 0] as const))
      turns[which].push(await turnOf(hellos[which], load, requests));
    say(
      `round ${round + 1} of ${rounds}: ${turns.map((ofOne) => Math.round(ofOne.at(-1)!.perSecond)).join(" to ")} per s`,
    );
  }
  const opened = await Promise.all(
    hellos.map(async ({ server }) => (await server.call("spent", undefined)).connections),
  );
  return figuresOf(turns, Math.max(...opened));
}

async function turnOf({ server, url }: Hello, load: Child<typeof loadCalls>, requests: number): Promise<Turn> {
  const before = await server.call("spent", undefined);
  const { perSecond, failed } = await load.call("run", { url, connections: CONNECTIONS, requests });
  const after = await server.call("spent", undefined);
  return { perSecond, failed, cpuUs: ((after.seconds - before.seconds) * US_PER_SECOND) / requests };
}

function figuresOf([withIt, without]: readonly [Turn[], Turn[]], opened: number): Figure[] {
  const ratios = (of: (turn: Turn) => number): number[] => withIt.map((turn, round) => of(turn) / of(without[round]!));
  const throughput = ratios(({ perSecond }) => perSecond);
  const failed = [...withIt, ...without].reduce((sum, turn) => sum + turn.failed, 0);
  const show = (turns: readonly Turn[]): string => wholeSpread(turns.map(({ perSecond }) => perSecond));
  const cpu = (turns: readonly Turn[]): string => median(turns.map(({ cpuUs }) => cpuUs)).toFixed(1);
  return [
    {
      what: "throughput, with it to without",
      value: spread(throughput, 3),
      target: atLeast(median(throughput), LEAST_RATIO),
    },
    compared(
      "CPU per request, with it to without",
      spread(
        ratios(({ cpuUs }) => cpuUs),
        3,
      ),
    ),
    compared("requests per second", `with it ${show(withIt)}, without ${show(without)}`),
    compared("CPU per request in µs", `with it ${cpu(withIt)}, without ${cpu(without)}`),
    { what: "requests that were not answered with 200", value: String(failed), target: atMost(failed, 0) },
    { what: "connections to one server, in all rounds", value: String(opened), target: atMost(opened, CONNECTIONS) },
  ];
}
