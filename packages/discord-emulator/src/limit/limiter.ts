/**
 * Decides whether a request may pass, in the order Discord's gates stand: address, webhook, channel.
 *
 * Upstream   the request pipeline, which asks once per request.
 * Downstream http/reply.ts, which turns a verdict into headers and a 429.
 *
 * Holds counters; reads no clock: the caller passes `now`.
 */
import { createGate, type Gate, type Refusal } from "./gate.ts";
import { checkLimits, type Limits } from "./limits.ts";
import type { WindowLimit } from "./window.ts";

/** What the `X-RateLimit-*` headers say about a webhook. */
export interface BucketState {
  /** The same for all webhooks, as at Discord: it names the kind of call, not the webhook. */
  readonly hash: string;
  readonly limit: number;
  readonly remaining: number;
  readonly resetAfterMs: number;
}

export type LimitScope = "user" | "shared" | "global";

export type LimitVerdict =
  | { readonly kind: "pass"; readonly bucket: BucketState | null }
  | {
      readonly kind: "limited";
      readonly scope: LimitScope;
      readonly retryAfterMs: number;
      readonly bucket: BucketState | null;
    };

/** Kinds of call with a bucket of their own. Discord gives each route its own; these are our three. */
export type CallKind = "execute" | "message" | "webhook";

/** Opaque to clients, and the same for every webhook. */
export const BUCKET_HASHES: Record<CallKind, string> = {
  execute: "dd13ef5a80ab4c1f9e1f0d6c2b7a1c55",
  message: "4f2c86d1be9a4703a6d5d0b1c8e7f392",
  webhook: "a0c9d4e27b6f41d58e3b9f7a6c1d2e80",
};

export interface WebhookCall {
  readonly webhookId: string;
  readonly channelId: string;
  readonly kind: CallKind;
}

export interface Limiter {
  readonly limits: () => Limits;
  /** Replaces the named limits; their counters start anew. @throws RangeError for a limit that is none. */
  readonly setLimits: (changes: Partial<Limits>) => void;
  /** The 50/s of an address. */
  readonly passAddress: (address: string, now: number) => LimitVerdict;
  /** The webhook's own bucket, then the hidden limit of its channel. */
  readonly passWebhook: (call: WebhookCall, now: number) => LimitVerdict;
  /** Edits of old messages in a channel: 0 and one is taken, or the milliseconds to wait. */
  readonly takeOldEdit: (channelId: string, now: number) => number;
  readonly forgetWebhook: (webhookId: string) => void;
}

const PASS: LimitVerdict = Object.freeze({ kind: "pass", bucket: null });

export function createLimiter(initial: Limits): Limiter {
  let limits = checkLimits(initial);
  const addresses = new Map<string, Gate>();
  const webhooks: Record<CallKind, Map<string, Gate>> = { execute: new Map(), message: new Map(), webhook: new Map() };
  const eachKind = Object.values(webhooks);
  const channels = new Map<string, Gate>();
  const oldEdits = new Map<string, Gate>();

  function webhookGate({ webhookId, kind }: WebhookCall, rule: WindowLimit): Gate {
    return gateOf(webhooks[kind], webhookId, () => createGate(rule, limits.punish));
  }

  function passAddress(address: string, now: number): LimitVerdict {
    if (limits.global === null) return PASS;
    // One address cannot be talked into waiting longer: punishment is a matter of webhooks and channels.
    const gate = gateOf(addresses, address, () => createGate(limits.global!, false));
    const refused = gate.ask(now);
    if (refused !== null) {
      return { kind: "limited", scope: "global", retryAfterMs: refused.retryAfterMs, bucket: null };
    }
    gate.use(now);
    return PASS;
  }

  function passWebhook(call: WebhookCall, now: number): LimitVerdict {
    const own = limits.webhook && webhookGate(call, limits.webhook);
    const blocked = own?.ask(now);
    if (own && blocked) {
      return {
        kind: "limited",
        scope: "user",
        retryAfterMs: blocked.retryAfterMs,
        bucket: blockedBucket(call, own, blocked),
      };
    }
    // Asked before the own slot is taken: the 429 of a full channel arrives with slots of the webhook remaining.
    const channelRule = call.kind === "execute" ? limits.channel : null;
    const channel = channelRule && gateOf(channels, call.channelId, () => createGate(channelRule, limits.punish));
    const full = channel?.ask(now);
    if (full) {
      return {
        kind: "limited",
        scope: "shared",
        retryAfterMs: full.retryAfterMs,
        bucket: own && bucketOf(call, own, now),
      };
    }
    channel?.use(now);
    own?.use(now);
    return own ? { kind: "pass", bucket: bucketOf(call, own, now) } : PASS;
  }

  return {
    limits: () => limits,
    setLimits: (changes) => {
      limits = checkLimits({ ...limits, ...changes });
      if ("punish" in changes || "webhook" in changes) {
        for (const gates of eachKind) gates.clear();
      }
      if ("punish" in changes || "channel" in changes) channels.clear();
      if ("global" in changes) addresses.clear();
      if ("oldEdits" in changes) oldEdits.clear();
    },
    passAddress,
    passWebhook,
    takeOldEdit: (channelId, now) => {
      const rule = limits.oldEdits;
      if (rule === null) return 0;
      const gate = gateOf(oldEdits, channelId, () => createGate(rule, false));
      const refused = gate.ask(now);
      if (refused === null) gate.use(now);
      return refused?.retryAfterMs ?? 0;
    },
    forgetWebhook: (webhookId) => {
      for (const gates of eachKind) gates.delete(webhookId);
    },
  };
}

function gateOf(gates: Map<string, Gate>, key: string, create: () => Gate): Gate {
  const known = gates.get(key);
  if (known !== undefined) return known;
  const created = create();
  gates.set(key, created);
  return created;
}

function bucketOf(call: WebhookCall, gate: Gate, now: number): BucketState {
  return {
    hash: BUCKET_HASHES[call.kind],
    limit: gate.rule.limit,
    remaining: gate.remaining(now),
    resetAfterMs: gate.resetAfterMs(now),
  };
}

function blockedBucket(call: WebhookCall, { rule }: Gate, { resetAfterMs }: Refusal): BucketState {
  return { hash: BUCKET_HASHES[call.kind], limit: rule.limit, remaining: 0, resetAfterMs };
}
