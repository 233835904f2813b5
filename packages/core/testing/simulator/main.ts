/**
 * `npm run simulate -- --seed N --hours H`: runs the delivery engine through seeded faults on virtual time, and checks that nothing is
 * lost, repeated without need, out of order or over a limit. A seed that fails is made as short as it can be, and printed.
 */
import { parseArgs } from "node:util";
import { drawPlan, type Plan, type Step } from "./plan.ts";
import { type RunReport, runPlan } from "./run.ts";
import { shrinkPlan } from "./shrink.ts";

const HELP = `Usage: npm run simulate -- [options]

Runs the delivery engine through seeded faults of network, Discord, store and process on virtual time.

  --seed N     first seed (default 1)
  --runs N     how many seeds, one after another (default 100; 1 when --seed is given)
  --hours H    virtual hours each (default 2)
  --store S    only seeds whose processes keep things in this store: simple or sqlite
  --no-shrink  print a failing seed as it is
  --help       this text

Exit code 0 when all invariants held, 1 when one was broken, 2 for wrong options.`;

const MAX_STEPS_SHOWN = 40;
const { values } = readOptions();
const seed = numberOf("seed", values.seed, 1);
const runs = numberOf("runs", values.runs, values.seed === undefined ? 100 : 1);
const hours = numberOf("hours", values.hours, 2);
const store = storeOf(values.store);
const began = performance.now();
let notifications = 0;
let messages = 0;
let crashes = 0;

for (let current = seed, done = 0; done < runs; current++) {
  const plan = drawPlan(current, hours);
  if (store !== null && plan.store !== store) continue;
  done++;
  const report = await runPlan(plan);
  notifications += report.scene.accepted.length;
  messages += report.scene.world.arrivals.length;
  crashes += report.scene.crashes.length;
  const [first] = report.violations;
  if (first !== undefined) {
    const after = `after ${(report.endedAt / 1_000).toFixed(1)} s`;
    console.log(`Seed ${current} broke an invariant ${after}: ${first.invariant} (${first.detail}).`);
    await explain(plan, report);
    process.exit(1);
  }
  if (process.stdout.isTTY)
    process.stdout.write(`\rseed ${current}: ${notifications} notifications, ${crashes} crashes, all well`);
}
const seconds = (performance.now() - began) / 1_000;
const virtualHours = runs * (hours + 3);
console.log(
  `${process.stdout.isTTY ? "\n" : ""}${runs} seeds from ${seed}: ${virtualHours} virtual hours in ${seconds.toFixed(1)} s; ` +
    `${notifications} notifications accepted, ${messages} told, ${crashes} crashes; every invariant held.`,
);

async function explain(plan: Plan, report: RunReport): Promise<void> {
  if (values["no-shrink"]) return console.log(`Replay: npm run simulate -- --seed ${plan.seed} --hours ${hours}`);
  const shrunk = await shrinkPlan(plan, report);
  console.log(
    `The shortest of ${shrunk.runs} shorter plans that breaks it too, ${shrunk.plan.steps.length} of ${plan.steps.length} steps:`,
  );
  for (const step of shrunk.plan.steps.slice(-MAX_STEPS_SHOWN)) console.log(`  ${describe(step)}`);
  for (const { detail } of shrunk.report.violations.slice(0, 5)) console.log(`  => ${detail}`);
  console.log(`Replay: npm run simulate -- --seed ${plan.seed} --hours ${hours}`);
}

function describe({ at, kind, ...rest }: Step): string {
  return `${(at / 1_000).toFixed(1).padStart(9)} s  ${kind}  ${JSON.stringify(rest)}`;
}

function readOptions() {
  try {
    const options = {
      seed: { type: "string" },
      runs: { type: "string" },
      hours: { type: "string" },
      store: { type: "string" },
      "no-shrink": { type: "boolean" },
      help: { type: "boolean" },
    } as const;
    const parsed = parseArgs({ options });
    if (parsed.values.help) {
      console.log(HELP);
      process.exit(0);
    }
    return parsed;
  } catch (error) {
    return wrongOptions(error instanceof Error ? error.message : String(error));
  }
}

function numberOf(name: string, text: string | undefined, otherwise: number): number {
  if (text === undefined) return otherwise;
  const value = Number(text);
  return value > 0 && Number.isFinite(value)
    ? value
    : wrongOptions(`--${name} must be a number above 0, got "${text}"`);
}

function storeOf(text: string | undefined): Plan["store"] | null {
  if (text === undefined || text === "simple" || text === "sqlite") return text ?? null;
  return wrongOptions(`--store must be simple or sqlite, got "${text}"`);
}

function wrongOptions(problem: string): never {
  console.error(`${problem}\n\n${HELP}`);
  process.exit(2);
}
