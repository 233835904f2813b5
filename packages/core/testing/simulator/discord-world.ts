/**
 * Discord as a simulated run knows it: webhooks with sliding limits, a hidden limit per channel and one per address, bans, faults,
 * and a memory of everything that arrived. It outlives the processes that send to it.
 */
import type { Clock } from "../../src/clock/clock.ts";
import type { LimitReport, SendOutcome, SendRequest } from "../../src/delivery/channel.ts";
import { ambiguous, banned, delivered, misconfigured, rateLimited, rejected, unavailable } from "../outcomes.ts";
import { createRandom } from "../virtual-clock.ts";
import type { Destinations, Target } from "./destinations.ts";
import type { FaultStep } from "./faults.ts";
import type { LaneName } from "./lanes.ts";

/** One notification that Discord stored. */
export interface Arrival {
  readonly lane: LaneName;
  readonly name: string;
  readonly id: string;
  readonly key: string | null;
  readonly phase: "firing" | "resolved" | null;
  readonly at: number;
  /** Which request brought it. */
  readonly request: number;
}

/** A refusal for lack of allowance that was the sender's own doing. */
export interface Excess {
  readonly at: number;
  readonly lane: LaneName;
  readonly limit: "webhook" | "channel" | "address";
  /** Within the last minute a webhook of that channel was used which had never said that it is. */
  readonly isStrange: boolean;
}

/** A request that went where its destination leads no more, or changed a message that was not its webhook's. */
export interface Stray {
  readonly at: number;
  readonly lane: LaneName;
  readonly webhook: string;
  readonly what: "sent" | "changed";
}

/** A request that came although the sender had been told, long enough before, that there was no sense in it. */
export interface Defiance {
  readonly at: number;
  readonly lane: LaneName;
  readonly what: string;
  readonly toldAt: number;
}

export interface DiscordWorld {
  readonly arrivals: readonly Arrival[];
  /** Answers that left it open whether the message had arrived. */
  readonly doubts: readonly Pick<Arrival, "lane" | "name" | "at">[];
  readonly excesses: readonly Excess[];
  readonly defiances: readonly Defiance[];
  readonly strays: readonly Stray[];
  /** Messages that were changed, by id. */
  readonly changes: readonly string[];
  /** What each message shows now, by its id. */
  readonly messages: ReadonlyMap<string, readonly Pick<Arrival, "key" | "phase">[]>;
  readonly requests: number;
  /** When each request was made, from the start. */
  readonly sends: readonly { readonly lane: LaneName; readonly at: number }[];
  /**
   * The outcome and the latencies of one request. The message arrives even when nobody waits for the answer.
   *
   * @param answer tells whether anybody has heard it
   */
  receive(target: Target, request: SendRequest, answer: (outcome: SendOutcome) => boolean): void;
}

export interface WorldParts {
  readonly clock: Clock;
  readonly faults: readonly FaultStep[];
  readonly startAt: number;
  readonly seed: number;
  readonly destinations: Destinations;
}

const WEBHOOK = { limit: 5, intervalMs: 2_000 };
const CHANNEL = { limit: 30, intervalMs: 60_000 };
const ADDRESS = { limit: 50, intervalMs: 1_000 };
/** How often Discord says which of several it refuses. */
const NAMED = 0.5;
const naming = (indices: readonly number[]) =>
  rejected(null, { culprits: indices.map((index) => ({ index, degradeBy: null })) });
const GONE = rejected("anew", { code: "discord-10008", status: 404 });
/** So many of the messages that are to be changed. */
const DELETED = 0.03;
const BAN = "the ban";
/** What had been sent before the answer came is still arriving. */
const ON_THE_WAY_MS = 200;
export function createDiscordWorld(parts: WorldParts): DiscordWorld {
  return new World(parts);
}

class World implements DiscordWorld {
  readonly arrivals: Arrival[] = [];
  readonly doubts: Pick<Arrival, "lane" | "name" | "at">[] = [];
  readonly excesses: Excess[] = [];
  readonly defiances: Defiance[] = [];
  readonly strays: Stray[] = [];
  readonly changes: string[] = [];
  readonly messages = new Map<string, readonly Pick<Arrival, "key" | "phase">[]>();
  /** By message, the webhook that told it. */
  readonly #owners = new Map<string, string>();
  /** Webhooks that have told which channel they are of. */
  readonly #introduced = new Set<string>();
  /** By channel, when one that had not was used last. */
  readonly #strangeAt = new Map<string, number>();
  /** Deleted by somebody. */
  readonly #gone = new Set<string>();
  requests = 0;
  readonly sends: { lane: LaneName; at: number }[] = [];
  readonly #parts: WorldParts;
  /** By limit, the instants of the requests that it counts. */
  readonly #hits = new Map<string, number[]>();
  #bannedUntil = 0;
  /** What senders were told to keep away from, since when and until when. */
  readonly #told = new Map<string, { readonly at: number; readonly until: number }>();

  constructor(parts: WorldParts) {
    this.#parts = parts;
  }

  receive(target: Target, request: SendRequest, answer: (outcome: SendOutcome) => boolean): void {
    const { clock } = this.#parts;
    const { lane } = target;
    const number = ++this.requests;
    this.sends.push({ lane, at: this.#now() });
    this.#noteStray(target, request);
    const told = request.notifications.map(({ id, labels, key, phase }) => ({
      name: labels?.["name"] ?? "digest",
      id,
      key,
      phase,
    }));
    const draw = createRandom(
      hashOf(`${lane} ${request.attempt} ${told.map(({ name }) => name).join()}`, this.#parts.seed),
    );
    const later = (): number => clock.now() + 1 + Math.floor(draw() * 80);
    clock.schedule(later(), () => {
      if (this.#active("outage").length > 0)
        return void clock.schedule(later(), () => answer(unavailable({ code: "refused" })));
      this.#noteDefiance(target);
      const { outcome, stored } = this.#decide(target, request, { number, chance: draw() });
      const at = this.#now();
      if (stored) this.messages.set(request.edit?.id ?? `m${number}`, told);
      if (stored && request.edit === undefined) this.#owners.set(`m${number}`, target.webhook);
      if (stored && request.edit !== undefined) this.changes.push(request.edit.id);
      // A change tells nothing new, and may be repeated.
      const arrived = request.edit === undefined ? told : [];
      if (stored) this.arrivals.push(...arrived.map((one) => ({ ...one, lane, at, request: number })));
      if (outcome.kind === "ambiguous") this.doubts.push(...arrived.map(({ name }) => ({ lane, name, at })));
      clock.schedule(later(), () => {
        if (answer(outcome)) this.#noteTold(target, outcome);
      });
    });
  }

  #noteStray(target: Target, { edit }: SendRequest): void {
    const { lane, webhook } = target;
    const stray = { at: this.#now(), lane, webhook };
    const current = this.#parts.destinations.targetOf(lane);
    if (current?.webhook !== webhook) this.strays.push({ ...stray, what: "sent" });
    if (edit !== undefined && this.#owners.get(edit.id) !== webhook) this.strays.push({ ...stray, what: "changed" });
  }

  #noteTold(target: Target, outcome: SendOutcome): void {
    const at = this.#now();
    const until = (key: string, end: number): void => {
      // Told anew, it was known before.
      const known = this.#told.get(key);
      this.#told.set(key, { at: known !== undefined && known.until > at ? known.at : at, until: end });
    };
    if (outcome.kind === "misconfigured") until(nameOf(target), Number.POSITIVE_INFINITY);
    if (outcome.kind === "banned") until(BAN, at + (outcome.retryAfterMs ?? 0));
  }

  #noteDefiance(target: Target): void {
    const at = this.#now();
    const { lane } = target;
    for (const what of [BAN, nameOf(target)]) {
      const told = this.#told.get(what);
      if (told !== undefined && told.at + ON_THE_WAY_MS < at && at < told.until)
        this.defiances.push({ at, lane, what, toldAt: told.at });
    }
  }

  /** From the start of the run. */
  #now(): number {
    return this.#parts.clock.now() - this.#parts.startAt;
  }

  #active<Kind extends FaultStep["kind"]>(kind: Kind): Extract<FaultStep, { kind: Kind }>[] {
    const now = this.#now();
    return this.#parts.faults.filter(
      (fault): fault is Extract<FaultStep, { kind: Kind }> =>
        fault.kind === kind && fault.at <= now && (!("until" in fault) || now < fault.until),
    );
  }

  #decide(
    target: Target,
    request: SendRequest,
    { number, chance }: { readonly number: number; readonly chance: number },
  ): { outcome: SendOutcome; stored: boolean } {
    const [ban] = this.#active("ban");
    if (ban !== undefined) this.#bannedUntil = Math.max(this.#bannedUntil, ban.until);
    const refused = (outcome: SendOutcome) => ({ outcome, stored: false });
    if (this.#bannedUntil > this.#now()) return refused(banned(this.#bannedUntil - this.#now()));
    const { lane } = target;
    const limited = this.#limit(target);
    if (limited !== null) return refused(limited);
    const isDeleted = (fault: { at: number; lane: LaneName }): boolean =>
      fault.lane === lane && fault.at >= target.createdAt;
    if (this.#active("delete-webhook").some(isDeleted)) return refused(misconfigured());
    if (this.#active("broken-webhook").some((fault) => fault.lane === lane)) return refused(ambiguous());
    const poison = request.notifications.flatMap(({ labels }, index) => (labels?.["poison"] === "yes" ? [index] : []));
    if (poison.length > 0) return refused(chance < NAMED ? naming(poison) : rejected());
    if (request.edit !== undefined && this.#isGone(request.edit.id, chance)) return refused(GONE);
    const error = this.#active("errors").find(({ probability }) => chance < probability);
    if (error !== undefined) return { outcome: ambiguous({ code: "reset" }), stored: error.stored };
    this.#introduced.add(target.webhook);
    const address = request.edit ?? { id: `m${number}`, channelId: null, threadId: null };
    return { outcome: delivered(address.id, { limits: this.#headers(target), address }), stored: true };
  }

  /** Now and then somebody deletes a message, and for good. */
  #isGone(id: string, chance: number): boolean {
    if (chance < DELETED) this.#gone.add(id);
    return this.#gone.has(id);
  }

  /** Refuses what is over a limit. Every request counts, refused ones too. */
  #limit({ lane, webhook, channel }: Target): SendOutcome | null {
    const now = this.#now();
    const limits = [
      { limit: "address", key: "address", spec: ADDRESS, scope: "global" },
      { limit: "channel", key: channel, spec: CHANNEL, scope: "pool" },
      { limit: "webhook", key: webhook, spec: this.#webhookLimit(), scope: "bucket" },
    ] as const;
    const over = limits.find(({ key, spec }) => this.#used(key, spec.intervalMs).length >= spec.limit);
    if (!this.#introduced.has(webhook)) this.#strangeAt.set(channel, now);
    const within = over === undefined ? [] : [...this.#used(over.key, over.spec.intervalMs)];
    for (const { key, spec } of limits) this.#used(key, spec.intervalMs).push(now);
    if (over === undefined) return null;
    const isStrange = (this.#strangeAt.get(channel) ?? Number.NEGATIVE_INFINITY) > now - CHANNEL.intervalMs;
    if (!this.#isUnsteady()) this.excesses.push({ at: now, lane, limit: over.limit, isStrange });
    const oldest = within[within.length - over.spec.limit]!;
    return rateLimited(oldest + over.spec.intervalMs - now + 1, over.scope);
  }

  /** A limit that changes, or headers that lie about it, make an excess that is not the sender's doing. */
  #isUnsteady(): boolean {
    const now = this.#now();
    return this.#parts.faults.some(
      (fault) =>
        (fault.kind === "lower-limit" || fault.kind === "lying-headers") &&
        fault.at <= now &&
        now < fault.until + CHANNEL.intervalMs,
    );
  }

  #webhookLimit() {
    return { ...WEBHOOK, limit: this.#active("lower-limit")[0]?.limit ?? WEBHOOK.limit };
  }

  #used(key: string, intervalMs: number): number[] {
    const within = (this.#hits.get(key) ?? []).filter((at) => at > this.#now() - intervalMs);
    this.#hits.set(key, within);
    return within;
  }

  #headers({ webhook, channel }: Target): LimitReport {
    const { limit, intervalMs } = this.#webhookLimit();
    const within = this.#used(webhook, intervalMs);
    const remaining = this.#active("lying-headers").length > 0 ? limit : Math.max(0, limit - within.length);
    const resetAfterMs = (within.at(-1) ?? this.#now()) + intervalMs - this.#now();
    return { limit, remaining, resetAfterMs, bucket: `bucket-of-${webhook}`, poolKey: channel };
  }
}

/** What is told of it holds until somebody makes the destination lead there anew. */
function nameOf({ webhook, setAt }: Target): string {
  return `${webhook} since ${setAt}`;
}

/**
 * What a request meets depends on the request alone, so that leaving a step out of a plan changes nothing for the others.
 * FNV-1a (http://www.isthe.com/chongo/tech/comp/fnv/).
 */
function hashOf(text: string, seed: number): number {
  let hash = 0x811c9dc5 ^ seed;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash >>> 0;
}
