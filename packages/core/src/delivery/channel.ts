/**
 * The port that sends. Delivery declares it, `channel/` implements it; a new kind of destination is one implementation
 * and an entry in the registry.
 *
 * A channel classifies what happened once, in the few kinds that change what follows ({@link SendOutcome}); it does not
 * wait, retry or pace: delivery does.
 */
import type { DegradeStep } from "../message/degrade.ts";
import type { Notification } from "../notification/notification.ts";

export { DEGRADE_STEPS, type DegradeStep } from "../message/degrade.ts";

export interface SendRequest {
  /** What to tell in one message, in order; one or more. */
  readonly notifications: readonly [Notification, ...Notification[]];
  /** Which attempt this is; the first is 1. */
  readonly attempt: number;
  /** What has already been taken off because the remote refused it. */
  readonly degrade: readonly DegradeStep[];
  /** Epoch milliseconds of this turn. */
  readonly now: number;
  /** The message that is to be changed so that it tells these; left out for a new one. Only where `inPlace` has `edit`. */
  readonly edit?: MessageAddress;
  /**
   * For each notification the earlier message that it belongs to, or `null`: pointed at, or its thread. Those of one request stand
   * in one thread. Only where `inPlace` has `answer`.
   */
  readonly answers?: readonly (MessageAddress | null)[];
}

/** Where a message is. */
export interface MessageAddress {
  readonly id: string;
  /** Of the remote's channel, or thread, that it stands in; `null` where that is not known. */
  readonly channelId: string | null;
  /** The thread that was opened by the message, or for it: what belongs to it goes there. `null` for none. */
  readonly threadId: string | null;
}

/** What one attempt came to. Channels report every failure this way and never reject. */
export type SendOutcome = SendSuccess | SendFailure;

export interface SendSuccess {
  readonly kind: "delivered";
  /** The remote's id of the message, where it has one. */
  readonly messageId: string | null;
  /** Where the message is, for channels that can come back to it. @defaultValue `null` */
  readonly address?: MessageAddress | null;
  readonly status: number | null;
  readonly limits: LimitReport | null;
}

export type SendFailure =
  /** The remote asked us to wait; `retryAfterMs` is `null` when it did not say how long. */
  | (FailureFacts & {
      readonly kind: "rate-limited";
      readonly retryAfterMs: number | null;
      /** `bucket`: this webhook. `pool`: everything in the same Discord channel. `global`: this address. */
      readonly scope: "bucket" | "pool" | "global";
    })
  /** Not carried out, and might be later: refused connection, name not found, 502, 503. */
  | (FailureFacts & { readonly kind: "unavailable" })
  /** No usable answer, and it may have arrived: timeout or reset after sending, 500, 504. */
  | (FailureFacts & { readonly kind: "ambiguous" })
  /** The remote read this message and refused it; `degradeBy` names what to leave out next, `null` when nothing is left. */
  | (FailureFacts & {
      readonly kind: "rejected";
      readonly degradeBy: DegradeStep | null;
      /** Of several: those that the remote named. @defaultValue it named none, so it may be any of them */
      readonly culprits?: readonly Culprit[];
    })
  /** The address or the credentials are wrong: every message would fail. */
  | (FailureFacts & { readonly kind: "misconfigured" })
  /** The remote has shut out this whole address. */
  | (FailureFacts & { readonly kind: "banned"; readonly retryAfterMs: number | null });

/** A notification that a message of several was refused for. */
export interface Culprit {
  /** Its index in the request. */
  readonly index: number;
  /** What to leave out of it next, `null` when nothing is left. */
  readonly degradeBy: DegradeStep | null;
}

export interface FailureFacts {
  readonly error: AttemptError;
  readonly limits: LimitReport | null;
  /** Whether the remote counts this answer against the address (Discord: 401, 403, 429 that is not shared). */
  readonly countsAsInvalid: boolean;
}

export interface AttemptError {
  /** Stable and short, e.g. `discord-10015`, `timeout-headers`, `tls`, `connection-refused`. */
  readonly code: string;
  /** One sentence for people, free of secrets. */
  readonly message: string;
  /** HTTP status, where there was one. */
  readonly status: number | null;
}

/** What an answer says of the remote's limits; each `null` where it did not say. */
export interface LimitReport {
  readonly limit: number | null;
  readonly remaining: number | null;
  readonly resetAfterMs: number | null;
  /** The remote's own name for the limit (Discord: `X-RateLimit-Bucket`). */
  readonly bucket: string | null;
  /** Key of the hidden limit that this lane turns out to share with others (Discord: the channel's id). */
  readonly poolKey: string | null;
}

/** At most `limit` in any `intervalMs`. */
export interface LimitSpec {
  readonly limit: number;
  readonly intervalMs: number;
}

/** The limits a channel is subject to. Equal keys are one limit, shared by all lanes that name it. */
export interface LimitPlan {
  /** All requests of this address to one remote. */
  readonly egress: { readonly key: string; readonly spec: LimitSpec } | null;
  /** Hidden limit shared by several destinations; the key may be learned later from {@link LimitReport.poolKey}. */
  readonly pool: { readonly key: string; readonly spec: LimitSpec } | null;
  /** The limit that the remote's headers describe. */
  readonly bucket: { readonly key: string; readonly spec: LimitSpec } | null;
}

export type ChannelCheck =
  | { readonly ok: true; readonly detail: string; readonly poolKey: string | null }
  | { readonly ok: false; readonly kind: SendFailure["kind"]; readonly error: AttemptError };

export interface Channel {
  /** Name in the registry, e.g. `discord-webhook`. */
  readonly kind: string;
  /** For people and logs: tells which destination it is without giving away a secret. */
  readonly label: string;
  readonly limits: LimitPlan;
  /** What it can do with messages that were sent before. @defaultValue nothing */
  readonly inPlace?: readonly ("edit" | "answer")[];
  /** Whether these go into one message; a channel without this method sends one at a time. */
  fits?(notifications: readonly Notification[]): boolean;
  /** Sends one message. Never rejects. */
  send(request: SendRequest): Promise<SendOutcome>;
  /** Asks the remote whether the destination is usable, without posting anything. Never rejects. */
  check(): Promise<ChannelCheck>;
  /** Ends connections; requests still under way come back as failures. */
  close(): Promise<void>;
}
