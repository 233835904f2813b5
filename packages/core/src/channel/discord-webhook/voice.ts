/**
 * What Discord's answers mean for one kind of sender, and in which words to say so: a webhook here, the bot in its own folder. Pure.
 */
import { type ApiCodeClass, classOfApiCode } from "./api-codes.ts";
import { webhookSentence } from "./status.ts";

export interface Voice {
  /** Follows "too many requests for". */
  readonly sender: string;
  /** Comes before what Discord objects to in the address. */
  readonly wrongAddress: string;
  /** Whether it shares the hidden limit that all webhooks of a Discord channel have in common. */
  readonly sharesPool: boolean;
  /** The sentence to follow `HTTP <status>: `. */
  readonly sentenceOf: (status: number) => string;
  /** `null` for a code that does not decide; the HTTP status does then. */
  readonly classOfCode: (code: number | null) => ApiCodeClass | null;
}

export const WEBHOOK_VOICE: Voice = {
  sender: "this webhook",
  wrongAddress: "the webhook's URL is wrong",
  sharesPool: true,
  sentenceOf: webhookSentence,
  classOfCode: classOfApiCode,
};
