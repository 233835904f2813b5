/** How fast messages leave where nothing limits them, and what each costs. */
import { startChild } from "../child/start-child.ts";
import { type Entrant, startContestant } from "../contestant/field.ts";
import type { ContestantName, Manner } from "../contestant/process.ts";
import { atLeast, atMost, type Circumstances, compared, type Figure, type Scenario } from "../figure.ts";
import type { flatServerCalls } from "../server/flat-server.ts";
import { median, spread, whole } from "../statistics.ts";

const WEBHOOKS = 50;
const MESSAGES = 20_000;
const TIMEOUT_MS = 120_000;
const NAMES = ["tocsin", "undici", "discordjs-rest"] as const satisfies readonly ContestantName[];
const OTHERS = { undici: "undici", "discordjs-rest": "@discordjs/rest" } as const;

/** By contestant, one entry per round. */
type Course = Readonly<Record<(typeof NAMES)[number], { readonly perSecond: number[]; readonly cpuUs: number[] }>>;

export const unlimited: Scenario = {
  name: "unlimited",
  title: "Messages per second where nothing limits them",
  method:
    "20,000 messages with one embed each over 50 webhooks, batching off, against a minimal HTTP server in a process of its own. " +
    "Each contestant is a process of its own, has sent 40,000 messages before anything is measured, and takes its turn in every round; " +
    "ratios are taken within a round, and their median is told. Like any program that has run for some minutes, each has been through a " +
    "full garbage collection: what it left behind in the old part of the heap is then felt. “Young” is measured before that. `undici` is `Pool.request` with 50 connections, each answer read as text; " +
    "all send the same bytes. “One after the other”: 50 loops, each sending the next message of its webhook when the last has been delivered. " +
    "“All at once”: 20,000 messages handed over in one go. A ratio above 1 means that Tocsin is faster, or cheaper.",
  run,
};

async function run({ quick, say }: Circumstances): Promise<readonly Figure[]> {
  const count = quick ? 2_000 : MESSAGES;
  await using server = startChild<typeof flatServerCalls>(new URL("../server/flat-server.ts", import.meta.url));
  const urls = await server.call("start", { webhooks: WEBHOOKS });
  const options = { urls, perSecond: null, webhooksLimited: false, attempts: null };
  await using contestants = new AsyncDisposableStack();
  const entrants: Entrant[] = [];
  for (const name of NAMES) entrants.push(contestants.use(await startContestant(name, options)));

  for (const manner of ["loops", "burst"] as const)
    for (const entrant of entrants) await entrant.run({ count, manner, timeoutMs: TIMEOUT_MS });
  await server.call("report", null);
  const figures: Figure[] = [];
  const young = await measure(entrants, { count, manner: "loops", rounds: quick ? 1 : 5, say });
  for (const { collect } of entrants) await collect();
  for (const manner of ["loops", "burst"] as const) {
    const course = await measure(entrants, { count, manner, rounds: quick ? 3 : 9, say });
    figures.push(...figuresOf(manner, course));
  }
  figures.push(
    compared("young, one after the other: throughput, Tocsin to undici", spread(ratios(young, "undici"), 2)),
  );
  const { requests, bodyBytes } = await server.call("report", null);
  figures.push(compared("bytes of a message, mean over all contestants", whole(bodyBytes / requests)));
  return figures;
}

interface Plan {
  readonly count: number;
  readonly manner: Manner;
  readonly rounds: number;
  readonly say: (line: string) => void;
}

async function measure(entrants: readonly Entrant[], { count, manner, rounds, say }: Plan): Promise<Course> {
  const course = Object.fromEntries(NAMES.map((name) => [name, { perSecond: [], cpuUs: [] }])) as unknown as Course;
  for (let round = 1; round <= rounds; round++) {
    for (const { name, run: start } of entrants) {
      const { elapsedMs, cpuMs, told } = await start({ count, manner, timeoutMs: TIMEOUT_MS });
      const missing = told.filter((delivered) => !delivered).length;
      if (missing > 0) throw new Error(`${name} did not deliver ${missing} of ${count}`);
      const { perSecond, cpuUs } = course[name as keyof Course];
      perSecond.push((count / elapsedMs) * 1_000);
      cpuUs.push((cpuMs / count) * 1_000);
    }
    const shown = NAMES.map((name) => `${name} ${whole(course[name].perSecond.at(-1)!)}/s`);
    say(`${manner}, round ${round} of ${rounds}: ${shown.join(", ")}`);
  }
  return course;
}

/** Throughput of Tocsin to that of another, round by round. */
function ratios({ tocsin, ...others }: Course, name: keyof typeof OTHERS): number[] {
  return tocsin.perSecond.map((value, round) => value / others[name].perSecond[round]!);
}

function figuresOf(manner: Manner, course: Course): Figure[] {
  const how = manner === "loops" ? "one after the other" : "all at once";
  const { tocsin } = course;
  const figures = Object.entries(OTHERS).flatMap(([name, label]): Figure[] => {
    const other = course[name as keyof typeof OTHERS];
    const speed = ratios(course, name as keyof typeof OTHERS);
    const cpu = tocsin.cpuUs.map((value, round) => value / other.cpuUs[round]!);
    return [
      {
        what: `${how}: throughput, Tocsin to ${label}`,
        value: spread(speed, 2),
        target: atLeast(median(speed), name === "undici" ? 0.8 : 1.2),
      },
      {
        what: `${how}: CPU per message, Tocsin to ${label}`,
        value: spread(cpu, 2),
        target: name === "undici" ? null : atMost(median(cpu), 1),
      },
    ];
  });
  const speeds = NAMES.map((name) => `${name} ${whole(median(course[name].perSecond))}`).join(", ");
  const costs = NAMES.map((name) => `${name} ${whole(median(course[name].cpuUs))}`).join(", ");
  return [
    ...figures,
    compared(`${how}: messages per second`, speeds),
    compared(`${how}: CPU per message in µs`, costs),
  ];
}
