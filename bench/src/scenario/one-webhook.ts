/** How much of one webhook's limit is used, without ever provoking a refusal. */
import type { ContestantName } from "../contestant/process.ts";
import { atMost, type Circumstances, compared, type Figure, type Scenario } from "../figure.ts";
import { attemptAll, compareWithTruth, countDisorder, LABELS, type Outcome } from "./limited.ts";

const LIMIT = { limit: 5, intervalMs: 2_000 } as const;
const KINDS = ["fixed", "sliding"] as const;
const NAMES = ["tocsin", "discordjs-rest", "snowtransfer"] as const satisfies readonly ContestantName[];

export const oneWebhook: Scenario = {
  name: "one-webhook",
  title: "One webhook at its limit of 5 messages per 2 s",
  method:
    "200 messages handed over at once, batching off, against the emulator with that limit and no other, as a fixed and as a sliding window. " +
    "All contestants at the same time, each with an emulator and a process of its own, with their own defaults. The limit's own time is the " +
    "instant at which the last message may be sent: 39 windows of 2 s, 78 s. Time is measured from the first hand-over to the last verdict.",
  run,
};

async function run({ quick, say }: Circumstances): Promise<readonly Figure[]> {
  const count = quick ? 40 : 200;
  const limitMs = (Math.ceil(count / LIMIT.limit) - 1) * LIMIT.intervalMs;
  say(`${count} messages, ${limitMs / 1_000} s at least`);
  const attempts = KINDS.flatMap((kind) => {
    const limits = { webhook: { ...LIMIT, kind }, channel: null, global: null, invalid: null };
    const contestant = { perSecond: 50, webhooksLimited: true, attempts: null };
    return NAMES.map((name) => ({
      name,
      emulator: { limits, webhooks: 1 },
      contestant,
      count,
      timeoutMs: 2 * limitMs,
    }));
  });
  const outcomes = await attemptAll(attempts);
  return KINDS.flatMap((kind, k) => figuresOf(kind, outcomes.slice(k * NAMES.length, (k + 1) * NAMES.length), limitMs));
}

function figuresOf(kind: string, outcomes: readonly Outcome[], limitMs: number): Figure[] {
  const ratioOf = ({ run: { elapsedMs } }: Outcome): number => elapsedMs / limitMs;
  const [tocsin, ...others] = outcomes as [Outcome, ...Outcome[]];
  const { refusals } = tocsin.report;
  const disorder = countDisorder(tocsin.report);
  const ahead = others.every((other) => ratioOf(other) > ratioOf(tocsin));
  return [
    {
      what: `${kind} window: time to the limit's own`,
      value: ratioOf(tocsin).toFixed(4),
      target: atMost(ratioOf(tocsin), 1.01),
    },
    { what: `${kind} window: refusals (429)`, value: String(refusals), target: atMost(refusals, 0) },
    { what: `${kind} window: messages out of order`, value: String(disorder), target: atMost(disorder, 0) },
    {
      what: `${kind} window: ahead of both others`,
      value: ahead ? "yes" : "no",
      target: { text: "yes", isMet: ahead },
    },
    ...others.map((other) => compared(`${kind} window: ${LABELS[other.name]}`, describe(other, ratioOf(other)))),
  ];
}

function describe(outcome: Outcome, ratio: number): string {
  const { lost } = compareWithTruth(outcome);
  const missing = lost === 0 ? "" : `, ${lost} of ${outcome.count} not delivered`;
  const disorder = countDisorder(outcome.report);
  return `${ratio.toFixed(4)}, ${outcome.report.refusals} × 429, ${disorder} out of order${missing}`;
}
