/** Whether anything is lost, or reported wrongly, while one request in ten fails. */
import type { Fault } from "@tocsin/discord-emulator";
import type { ContestantName } from "../contestant/process.ts";
import { atMost, type Circumstances, compared, type Figure, type Scenario } from "../figure.ts";
import { attemptAll, compareWithTruth, LABELS, type Outcome } from "./limited.ts";

const MESSAGES = 1_000;
const TIMEOUT_MS = 120_000;
const WEBHOOKS = 50;
/** Three failures in a row, where all would give up by themselves, befall one message in 1,000; ten befall none. */
const ATTEMPTS = 10;
const NAMES = ["tocsin", "discordjs-rest", "snowtransfer"] as const satisfies readonly ContestantName[];
const COURSES: readonly { readonly title: string; readonly fault: Fault }[] = [
  { title: "10 % HTTP 500, not stored", fault: { probability: 0.1, do: { kind: "status", status: 500 } } },
  {
    title: "10 % answers lost after storing",
    fault: { probability: 0.1, do: { kind: "reset", store: "after" } },
  },
];

export const loss: Scenario = {
  name: "loss",
  title: "Nothing lost, nothing reported wrongly",
  method:
    "1,000 messages over 50 webhooks handed over at once to the emulator without limits, while one request in ten fails: with HTTP 500 and the " +
    "message not stored, or with the connection reset and the message stored. Each contestant may try a message 10 times; with the 3 " +
    "attempts of the defaults one message in 1,000 must be expected to fail each time. What the sender was told is " +
    "compared with what the emulator has stored. A false success was reported as delivered and is not there; a false failure is there and was " +
    "reported as failed. Repeats are owed to answers that were lost: no sender can know.",
  run,
};

async function run({ quick, say }: Circumstances): Promise<readonly Figure[]> {
  const count = quick ? 200 : MESSAGES;
  const limits = { webhook: null, channel: null, global: null, invalid: null };
  const contestant = { perSecond: null, webhooksLimited: false, attempts: ATTEMPTS };
  say(`${count} messages, each contestant twice`);
  const attempts = COURSES.flatMap(({ fault }) =>
    NAMES.map((name) => ({
      name,
      emulator: { limits, webhooks: WEBHOOKS, fault },
      contestant,
      count,
      timeoutMs: TIMEOUT_MS,
    })),
  );
  const outcomes = await attemptAll(attempts);
  return COURSES.flatMap(({ title }, k) => figuresOf(title, outcomes.slice(k * NAMES.length, (k + 1) * NAMES.length)));
}

function figuresOf(title: string, outcomes: readonly Outcome[]): Figure[] {
  const [tocsin, ...others] = outcomes as [Outcome, ...Outcome[]];
  const { lost, falseFailures, falseSuccesses, repeats } = compareWithTruth(tocsin);
  const { faults } = tocsin.report;
  const doubtful = title.includes("after storing");
  return [
    { what: `${title}: lost of ${tocsin.count}`, value: String(lost), target: atMost(lost, 0) },
    { what: `${title}: false failures`, value: String(falseFailures), target: atMost(falseFailures, 0) },
    { what: `${title}: false successes`, value: String(falseSuccesses), target: atMost(falseSuccesses, 0) },
    {
      what: `${title}: repeats, of ${faults} requests that failed`,
      value: String(repeats),
      target: doubtful ? atMost(repeats, faults) : atMost(repeats, 0),
    },
    ...others.map((other) => compared(`${title}: ${LABELS[other.name]}`, describe(other))),
  ];
}

function describe(outcome: Outcome): string {
  const { lost, falseFailures, falseSuccesses, repeats, untold } = compareWithTruth(outcome);
  const hangs = untold === 0 ? "" : `, ${untold} without any verdict after ${TIMEOUT_MS / 1_000} s`;
  return `${lost} lost, ${falseFailures} false failures, ${falseSuccesses} false successes, ${repeats} repeats${hangs}`;
}
