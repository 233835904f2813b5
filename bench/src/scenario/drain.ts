/** How soon a webhook is through with a thousand notifications when they may share messages. */
import { atLeast, atMost, type Circumstances, compared, type Figure, type Scenario } from "../figure.ts";
import { type BenchMessage, messagesOver, toPayload } from "../message.ts";
import { attemptAll, compareWithTruth, countDisorder, type Outcome } from "./limited.ts";

const WEBHOOK = { limit: 5, intervalMs: 2_000 } as const;
const CHANNEL = { limit: 30, intervalMs: 60_000 } as const;
const EMBEDS_PER_MESSAGE = 10;
const CHARS_PER_MESSAGE = 6_000;

export const drain: Scenario = {
  name: "drain",
  title: "A thousand notifications through one webhook",
  method:
    "1,000 notifications with title, text and four fields handed over at once, against the emulator with 5 per 2 s for the webhook and 30 per 60 s for " +
    "its channel, both sliding; batching on, which is the default, and `overflow: reject` with room for all, as the default would tell what a " +
    "queue of 100 cannot hold in one digest. The ideal packing is that of these texts in their order: as many embeds to a message as 10 and 6,000 " +
    "characters allow; its own time is the instant at which both limits let its last message go. @discordjs/rest sends one message for each, " +
    "which is all that it does, to an emulator of its own at the same time; 1,000 of them would take it over half an hour, so it sends 150, and what it took " +
    "beyond the limits' own time for 150 is taken to go on for 1,000.",
  run,
};

async function run({ quick, say }: Circumstances): Promise<readonly Figure[]> {
  const [count, few] = quick ? [80, 12] : [1_000, 150];
  const ideal = idealMessages(messagesOver(1, count));
  say(
    `${count} notifications, ${limitMs(ideal) / 1_000} s at least; ${few} by @discordjs/rest, ${limitMs(few) / 1_000} s at least`,
  );
  const emulator = { limits: { webhook: WEBHOOK, channel: CHANNEL, global: null, invalid: null }, webhooks: 1 };
  const contestant = { perSecond: 50, webhooksLimited: true, channelsLimited: true, attempts: null };
  const [tocsin, rest] = (await attemptAll([
    { name: "tocsin", emulator, contestant: { ...contestant, batching: true }, count, timeoutMs: 2 * limitMs(ideal) },
    { name: "discordjs-rest", emulator, contestant, count: few, timeoutMs: 3 * limitMs(few) },
  ])) as [Outcome, Outcome];
  return figuresOf(tocsin, rest, ideal);
}

/** Messages that these make when each takes as many of those next in line as fit. All embeds are alike in size, so no other order makes fewer. */
function idealMessages(messages: readonly BenchMessage[]): number {
  let count = 0;
  let [embeds, chars] = [EMBEDS_PER_MESSAGE, CHARS_PER_MESSAGE];
  for (const message of messages) {
    const size = charsOf(message);
    if (embeds === EMBEDS_PER_MESSAGE || chars + size > CHARS_PER_MESSAGE) {
      count++;
      [embeds, chars] = [0, 0];
    }
    embeds++;
    chars += size;
  }
  return count;
}

/** What Discord counts of an embed. */
function charsOf(message: BenchMessage): number {
  const [{ title, description, fields, footer }] = toPayload(message).embeds as [
    ReturnType<typeof toPayload>["embeds"][0],
  ];
  const texts = [title, description, footer.text, ...fields.flatMap(({ name, value }) => [name, value])];
  return texts.reduce((sum, text) => sum + [...text].length, 0);
}

/** When both limits let the last of so many messages go, counted from the first. */
function limitMs(messages: number): number {
  const sendableAt: number[] = [];
  for (let k = 0; k < messages; k++) {
    const byWebhook = (sendableAt[k - WEBHOOK.limit] ?? -WEBHOOK.intervalMs) + WEBHOOK.intervalMs;
    const byChannel = (sendableAt[k - CHANNEL.limit] ?? -CHANNEL.intervalMs) + CHANNEL.intervalMs;
    sendableAt.push(Math.max(byWebhook, byChannel));
  }
  return sendableAt.at(-1) ?? 0;
}

function figuresOf(tocsin: Outcome, rest: Outcome, ideal: number): Figure[] {
  const ratio = tocsin.run.elapsedMs / limitMs(ideal);
  const { lost, repeats } = compareWithTruth(tocsin);
  const restFactor = rest.run.elapsedMs / limitMs(rest.count);
  const restMs = restFactor * limitMs(tocsin.count);
  const faster = restMs / tocsin.run.elapsedMs;
  const { refusals } = tocsin.report;
  const untold = rest.run.told.filter((verdict) => verdict === null).length;
  return [
    { what: "time to that of the ideal packing", value: ratio.toFixed(4), target: atMost(ratio, 1.1) },
    compared("seconds", `${inS(tocsin.run.elapsedMs)}, ideal ${inS(limitMs(ideal))}`),
    compared("messages", `${tocsin.report.messages}, ideal ${ideal}`),
    { what: "refusals (429)", value: String(refusals), target: atMost(refusals, 0) },
    { what: "lost, repeated", value: `${lost}, ${repeats}`, target: atMost(lost + repeats, 0) },
    {
      what: "out of order",
      value: String(countDisorder(tocsin.report)),
      target: atMost(countDisorder(tocsin.report), 0),
    },
    { what: "times as fast as @discordjs/rest", value: faster.toFixed(1), target: atLeast(faster, 8) },
    compared(
      `@discordjs/rest: ${rest.count} measured`,
      `${inS(rest.run.elapsedMs)} s, ${restFactor.toFixed(3)} of the limits' own, ${rest.report.refusals} × 429, ${untold} not delivered`,
    ),
    compared(`@discordjs/rest: ${tocsin.count} extrapolated`, `${inS(restMs)} s`),
  ];
}

function inS(ms: number): string {
  return (ms / 1_000).toFixed(1);
}
