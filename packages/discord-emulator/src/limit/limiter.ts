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
  /** Null: no limit of a channel holds, as for answers to interactions. */
  readonly channelId: string | null;
  readonly kind: CallKind;
}

/** A bot's call of one route. */
export interface RouteCall {
  /** Names the route: what the header says. */
  readonly hash: string;
  /** The bot and the major parameter. */
  readonly owner: string;
}

export interface Limiter {
  readonly limits: () => Limits;
  /** Replaces the named limits; their counters start anew. @throws RangeError for a limit that is none. */
  readonly setLimits: (changes: Partial<Limits>) => void;
  /** The 50/s of an address. */
  readonly passAddress: (address: string, now: number) => LimitVerdict;
  /** The webhook's own bucket, then the hidden limit of its channel. */
  readonly passWebhook: (call: WebhookCall, now: number) => LimitVerdict;
  /** The bucket of a bot's route. */
  readonly passRoute: (call: RouteCall, now: number) => LimitVerdict;
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
  const routes = new Map<string, Gate>();

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
        bucket: blockedBucket(BUCKET_HASHES[call.kind], own, blocked),
      };
    }
    // Asked before the own slot is taken: the 429 of a full channel arrives with slots of the webhook remaining.
    const channelRule = call.kind === "execute" ? limits.channel : null;
    const { channelId } = call;
    const channel =
      channelRule && channelId !== null && gateOf(channels, channelId, () => createGate(channelRule, limits.punish));
    const full = channel ? channel.ask(now) : null;
    if (full) {
      const bucket = own && bucketOf(BUCKET_HASHES[call.kind], own, now);
      return { kind: "limited", scope: "shared", retryAfterMs: full.retryAfterMs, bucket };
    }
    if (channel) channel.use(now);
    own?.use(now);
    return own ? { kind: "pass", bucket: bucketOf(BUCKET_HASHES[call.kind], own, now) } : PASS;
  }

  return {
    limits: () => limits,
    setLimits: (changes) => {
      limits = checkLimits({ ...limits, ...changes });
      if ("punish" in changes || "webhook" in changes) {
        for (const gates of eachKind) gates.clear();
      }
      if ("punish" in changes || "channel" in changes) channels.clear();
      if ("punish" in changes || "bot" in changes) routes.clear();
      if ("global" in changes) addresses.clear();
      if ("oldEdits" in changes) oldEdits.clear();
    },
    passAddress,
    passWebhook,
    passRoute: (call, now) => passRoute(call, now, { routes, limits }),
    takeOldEdit: (channelId, now) => {
      const rule = limits.oldEdits;
      return rule === null
        ? 0
        : takeOne(
            gateOf(oldEdits, channelId, () => createGate(rule, false)),
            now,
          );
    },
    forgetWebhook: (webhookId) => {
      for (const gates of eachKind) gates.delete(webhookId);
    },
  };
}

/** 0 and one is taken, or the milliseconds to wait. */
function takeOne(gate: Gate, now: number): number {
  const refused = gate.ask(now);
  if (refused === null) gate.use(now);
  return refused?.retryAfterMs ?? 0;
}

interface RouteGates {
  readonly routes: Map<string, Gate>;
  readonly limits: Limits;
}

function passRoute({ hash, owner }: RouteCall, now: number, { routes, limits }: RouteGates): LimitVerdict {
  const rule = limits.bot;
  if (rule === null) return PASS;
  const gate = gateOf(routes, `${hash} ${owner}`, () => createGate(rule, limits.punish));
  const refused = gate.ask(now);
  if (refused !== null) {
    const { retryAfterMs } = refused;
    return { kind: "limited", scope: "user", retryAfterMs, bucket: blockedBucket(hash, gate, refused) };
  }
  gate.use(now);
  return { kind: "pass", bucket: bucketOf(hash, gate, now) };
}

function gateOf(gates: Map<string, Gate>, key: string, create: () => Gate): Gate {
  const known = gates.get(key);
  if (known !== undefined) return known;
  const created = create();
  gates.set(key, created);
  return created;
}

function bucketOf(hash: string, gate: Gate, now: number): BucketState {
  return {
    hash,
    limit: gate.rule.limit,
    remaining: gate.remaining(now),
    resetAfterMs: gate.resetAfterMs(now),
  };
}

function blockedBucket(hash: string, { rule }: Gate, { resetAfterMs }: Refusal): BucketState {
  return { hash, limit: rule.limit, remaining: 0, resetAfterMs };
}
