/** How much of an address's limit is used by many webhooks together. */
import type { ContestantName } from "../contestant/process.ts";
import { atMost, type Circumstances, compared, type Figure, type Scenario } from "../figure.ts";
import { attemptAll, compareWithTruth, countDisorder, LABELS, type Outcome } from "./limited.ts";

const WEBHOOKS = 20;
const PER_SECOND = 50;
const NAMES = ["tocsin", "discordjs-rest", "snowtransfer"] as const satisfies readonly ContestantName[];
const COURSES = [
  { title: "50/s in all", webhook: null },
  { title: "50/s in all and 5 per 2 s for each webhook", webhook: { limit: 5, intervalMs: 2_000 } },
] as const;

export const manyWebhooks: Scenario = {
  name: "many-webhooks",
  title: "20 webhooks at 50 messages a second in all",
  method:
    "1,000 messages over 20 webhooks handed over at once, batching off, against the emulator with a sliding limit of 50 per second and " +
    "address; once with nothing else, once with each webhook's own 5 per 2 s besides, which allows the same in all. One contestant " +
    "after the other, each with an emulator and a process of its own, told of the 50 per second. The limit's own time is the instant at which the " +
    "last message may be sent: 19 windows of 1 s.",
  run,
};

async function run({ quick, say }: Circumstances): Promise<readonly Figure[]> {
  const count = quick ? 300 : 1_000;
  const limitMs = (Math.ceil(count / PER_SECOND) - 1) * 1_000;
  say(`${count} messages, ${limitMs / 1_000} s at least`);
  const attempts = COURSES.flatMap(({ webhook }) => {
    const limits = { webhook, channel: null, global: { limit: PER_SECOND, intervalMs: 1_000 }, invalid: null };
    const contestant = { perSecond: PER_SECOND, webhooksLimited: webhook !== null, attempts: null };
    return NAMES.map((name) => ({
      name,
      emulator: { limits, webhooks: WEBHOOKS },
      contestant,
      count,
      timeoutMs: 2 * limitMs,
    }));
  });
  // One after the other: fifty requests at once by each would stand in each other's way.
  const outcomes: Outcome[] = [];
  for (const attempt of attempts) outcomes.push(...(await attemptAll([attempt])));
  return COURSES.flatMap(({ title }, k) =>
    figuresOf(title, outcomes.slice(k * NAMES.length, (k + 1) * NAMES.length), limitMs),
  );
}

function figuresOf(title: string, outcomes: readonly Outcome[], limitMs: number): Figure[] {
  const [tocsin, ...others] = outcomes as [Outcome, ...Outcome[]];
  const ratio = tocsin.run.elapsedMs / limitMs;
  const { refusals } = tocsin.report;
  const disorder = countDisorder(tocsin.report);
  return [
    { what: `${title}: time to the limit's own`, value: ratio.toFixed(4), target: atMost(ratio, 1.05) },
    { what: `${title}: refusals (429)`, value: String(refusals), target: atMost(refusals, 0) },
    { what: `${title}: messages out of order`, value: String(disorder), target: atMost(disorder, 0) },
    ...others.map((other) => compared(`${title}: ${LABELS[other.name]}`, describe(other, limitMs))),
  ];
}

function describe(outcome: Outcome, limitMs: number): string {
  const { lost } = compareWithTruth(outcome);
  const missing = lost === 0 ? "" : `, ${lost} of ${outcome.count} not delivered`;
  return `${(outcome.run.elapsedMs / limitMs).toFixed(4)}, ${outcome.report.refusals} × 429${missing}`;
}
