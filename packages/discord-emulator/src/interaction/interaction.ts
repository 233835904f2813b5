/**
 * What a person does that asks a bot for an answer: a slash command, a button or menu, a form filled in.
 * https://docs.discord.com/developers/interactions/receiving-and-responding
 */
import type { StoredMessage } from "../world/message.ts";

/** How long a bot has for its first answer. */
export const ANSWER_WITHIN_MS = 3_000;
/** How long the token is good for further ones. */
export const TOKEN_LIFE_MS = 15 * 60_000;

export const COMMAND = 2;
export const COMPONENT = 3;
export const MODAL = 5;

export interface Interaction {
  readonly id: string;
  readonly token: string;
  readonly applicationId: string;
  readonly type: typeof COMMAND | typeof COMPONENT | typeof MODAL;
  readonly userId: string;
  /** The channel or thread it happened in. */
  readonly channelId: string;
  /** Epoch milliseconds. */
  readonly openedAt: number;
  /** The command's name; empty for the others. */
  readonly name: string;
  /** The message whose component was used; null for a command. */
  readonly messageId: string | null;
  /** The part of the payload that says what was done. */
  readonly data: unknown;
}

/** A form that a bot shows; what a person fills in goes back as an interaction of its own. */
export interface Modal {
  readonly customId: string;
  readonly title: string;
  readonly components: readonly unknown[];
}

/** The first answer of the bot. */
export type InteractionOutcome =
  /** A message of its own, perhaps for this person alone (`visibleTo`). */
  | { readonly kind: "message"; readonly message: StoredMessage }
  /** “… is thinking”: the message is edited when the answer comes. */
  | { readonly kind: "deferred"; readonly message: StoredMessage }
  /** Taken note of; nothing to be seen. */
  | { readonly kind: "deferred-update" }
  /** The message whose component was used is another now. */
  | { readonly kind: "updated"; readonly message: StoredMessage }
  | { readonly kind: "modal"; readonly interaction: Interaction; readonly modal: Modal }
  /** Nothing within three seconds: “This interaction failed”. */
  | {
      readonly kind: "no-response" /** What was wrong, when the bot's own address was asked. */;
      readonly reason?: string;
    };
