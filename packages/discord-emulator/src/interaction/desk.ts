/**
 * Keeps the interactions that are under way.
 *
 * Waiting: opened, no answer yet. Answered: the bot has said something first, and may say more until the token's
 * fifteen minutes are over. Failed: three seconds passed without an answer, and none is taken any more.
 *
 * Upstream   people, who open them, and bots, who answer.
 */
import type { Clock } from "../time/clock.ts";
import { ANSWER_WITHIN_MS, type Interaction, type InteractionOutcome, TOKEN_LIFE_MS } from "./interaction.ts";

export type DeskState = "waiting" | "answered" | "failed";

export interface Desk {
  /** Resolves with the first answer, or with `no-response` when there is none in time. */
  readonly open: (interaction: Interaction) => Promise<InteractionOutcome>;
  /** Undefined when there is none, or its time is over. */
  readonly find: (by: { readonly id?: string; readonly token: string }) => Interaction | undefined;
  readonly state: (interaction: Interaction) => DeskState;
  /** The first answer is given; `originalId` is the message that `@original` means from now on. */
  readonly settle: (interaction: Interaction, outcome: InteractionOutcome, originalId: string | null) => void;
  /** It is answered no more: the bot's own address was of no use. */
  readonly fail: (interaction: Interaction, reason: string) => void;
  readonly originalOf: (interaction: Interaction) => string | null;
  /** Whoever waits for an answer waits no longer. */
  readonly close: () => void;
}

interface Entry {
  readonly interaction: Interaction;
  readonly resolve: (outcome: InteractionOutcome) => void;
  state: DeskState;
  originalId: string | null;
}

export function createDesk(clock: Clock): Desk {
  const entries = new Map<string, Entry>();

  function fail(entry: Entry, reason?: string): void {
    if (entry.state !== "waiting") return;
    entry.state = "failed";
    entry.resolve({ kind: "no-response", ...(reason === undefined ? {} : { reason }) });
  }

  return {
    open: (interaction) =>
      new Promise((resolve) => {
        const entry: Entry = { interaction, resolve, state: "waiting", originalId: null };
        entries.set(interaction.token, entry);
        const { openedAt } = interaction;
        clock.schedule(openedAt + ANSWER_WITHIN_MS, () => fail(entry));
        clock.schedule(openedAt + TOKEN_LIFE_MS, () => entries.delete(interaction.token));
      }),
    find: ({ id, token }) => {
      const interaction = entries.get(token)?.interaction;
      return id === undefined || interaction?.id === id ? interaction : undefined;
    },
    state: ({ token }) => entries.get(token)?.state ?? "failed",
    settle: ({ token }, outcome, originalId) => {
      const entry = entries.get(token);
      if (entry === undefined) return;
      entry.state = "answered";
      entry.originalId = originalId;
      entry.resolve(outcome);
    },
    fail: ({ token }, reason) => {
      const entry = entries.get(token);
      if (entry !== undefined) fail(entry, reason);
    },
    originalOf: ({ token }) => entries.get(token)?.originalId ?? null,
    close: () => {
      for (const entry of entries.values()) fail(entry);
    },
  };
}
