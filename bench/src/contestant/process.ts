/** One contestant in a process of its own, so that nobody runs in what another has left behind. */
import { setTimeout as sleep } from "node:timers/promises";
import { answerCalls } from "../child/answer-calls.ts";
import { type BenchMessage, messagesOver } from "../message.ts";
import type { Contestant, ContestantOptions, CreateContestant } from "./contestant.ts";
import { createDiscordjsRest } from "./discordjs-rest.ts";
import { createSnowtransfer } from "./snowtransfer.ts";
import { createTocsin } from "./tocsin.ts";
import { createUndici } from "./undici.ts";

const CONTESTANTS = {
  tocsin: createTocsin,
  undici: createUndici,
  "discordjs-rest": createDiscordjsRest,
  snowtransfer: createSnowtransfer,
} as const satisfies Readonly<Record<string, CreateContestant>>;

export type ContestantName = keyof typeof CONTESTANTS;

/**
 * `loops`: for each webhook a loop that sends its next message when the last has been delivered.
 * `burst`: all messages are handed over at once.
 */
export type Manner = "loops" | "burst";

export interface Run {
  readonly elapsedMs: number;
  /** Of the whole process, in user and system mode. */
  readonly cpuMs: number;
  /** For each message whether the sender was told that it has been delivered; `null` when it was told nothing in time. */
  readonly told: readonly (boolean | null)[];
}

export interface Course {
  /** Messages in all, dealt to the webhooks in turn. */
  readonly count: number;
  readonly manner: Manner;
  /** When to give up. */
  readonly timeoutMs: number;
}

/** Longer than a store waits before it goes on with what it derives. */
const RESTING_MS = 400;
const RESTING_SHARE = 0.05;

let contestant: Contestant | null = null;
let webhooks = 0;

async function sendAll(messages: readonly BenchMessage[], manner: Manner, told: (boolean | null)[]): Promise<unknown> {
  const send = async (message: BenchMessage): Promise<void> => {
    told[message.number] = await contestant!.send(message).catch(() => false);
  };
  if (manner === "burst") return Promise.all(messages.map(send));
  const loop = async (webhook: number): Promise<void> => {
    for (let next = webhook; next < messages.length; next += webhooks) await send(messages[next]!);
  };
  return Promise.all(Array.from({ length: webhooks }, (_, webhook) => loop(webhook)));
}

export const contestantCalls = {
  prepare({ name, options }: { readonly name: ContestantName; readonly options: ContestantOptions }): void {
    webhooks = options.urls.length;
    contestant = CONTESTANTS[name](options);
  },
  collect(_: null): void {
    globalThis.gc!();
  },
  async run({ count, manner, timeoutMs }: Course): Promise<Run> {
    const messages = messagesOver(webhooks, count);
    const told: (boolean | null)[] = messages.map(() => null);
    const over = new AbortController();
    const cpuBefore = process.cpuUsage();
    const startedAt = performance.now();
    const timeout = sleep(timeoutMs, null, { signal: over.signal }).catch(() => null);
    await Promise.race([sendAll(messages, manner, told), timeout]);
    const elapsedMs = performance.now() - startedAt;
    const { user, system } = process.cpuUsage(cpuBefore);
    over.abort();
    return { elapsedMs, cpuMs: (user + system) / 1_000, told };
  },
  /** Resolves when this process does hardly anything any more: what it does behind the senders is nobody else's burden. */
  async rest(_: null): Promise<void> {
    for (let share = 1; share > RESTING_SHARE; ) {
      const before = process.cpuUsage();
      await sleep(RESTING_MS);
      const { user, system } = process.cpuUsage(before);
      share = (user + system) / 1_000 / RESTING_MS;
    }
  },
};

answerCalls(contestantCalls);
