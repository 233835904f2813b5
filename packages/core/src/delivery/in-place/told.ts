/**
 * What stands at one destination of matters that are not over: which messages told each, and what else those messages show. So
 * the end of a matter can be told where its beginning is.
 *
 * Kept as facts (`told:` per matter, `message:` per message), written in the same turn as the verdict of what was told, so that
 * a store keeps both or neither. Bounded: what is oldest is forgotten first.
 *
 * Upstream   the end of a request. Downstream `decideTelling`.
 */
import type { Notification } from "../../notification/notification.ts";
import type { Recovery } from "../../notification/recovery.ts";
import type { DegradeStep, MessageAddress } from "../channel.ts";

/** One message, with everything that has to be said again when a part of it changes. */
export interface ToldMessage extends MessageAddress {
  /** Epoch milliseconds. */
  readonly at: number;
  /** How it was made plainer before the remote took it. */
  readonly degrade: readonly DegradeStep[];
  /** What it shows, in order; files without their bytes. */
  readonly notifications: readonly Notification[];
}

/** Where in which message something was told. */
export interface ToldPart extends MessageAddress {
  /** Counted from 0. */
  readonly place: number;
}

export interface ToldMatter {
  /** When it began, epoch milliseconds. */
  readonly since: number;
  /** Which destination it was then: a name may mean another webhook later. */
  readonly label: string;
  /** How the route that brought it here wants its end to be told; `null` leaves it to the destination. */
  readonly recovery: Recovery | null;
  /** The first message, then its follow-ups; empty where the destination named none. */
  readonly parts: readonly ToldPart[];
}

/** Where facts are kept. */
export interface FactKeeper {
  keep(key: string, value: unknown): void;
  drop(key: string): void;
  /** Whether what earlier processes kept is known. */
  readonly isRecalled: boolean;
}

export interface Told {
  /** Whether it was told as firing here, and not yet as resolved. */
  has(key: string): boolean;
  /** Whether nothing is known of it: not so while what earlier processes told cannot be read. */
  isStrangeTo(key: string): boolean;
  /** All of which that is so, the oldest first. */
  keys(): readonly string[];
  matter(key: string): ToldMatter | null;
  message(id: string): ToldMessage | null;
  /** The matter has been told, for the first time or again. `part`: `null` where the destination names no message. */
  tell(key: string, part: ToldPart | null, about: Omit<ToldMatter, "parts">): void;
  /** This message may have to be changed later, or has just been. */
  hold(message: ToldMessage): void;
  /** The matter is over. */
  end(key: string): void;
  /** Takes up a fact from before a restart: matters before messages. */
  recall(kind: ToldFact["kind"], key: string, value: unknown): void;
}

export interface ToldFact {
  readonly kind: "told" | "message";
  readonly lane: string;
  readonly key: string;
}

/** Matters beyond these are forgotten: their end is not told. About 4 MB. */
const MAX_MATTERS = 20_000;
/** Of messages beyond these, or older, only the address is kept: the end is told in a new message. About 2 MB, 20 MB at most. */
const MAX_MESSAGES = 2_000;
const MESSAGES_KEPT_MS = 30 * 86_400_000;
/** Of one matter: the first, and so many less one of the last. */
const MAX_PARTS = 10;

export function createTold(lane: string, facts: FactKeeper): Told {
  return new LaneTold(lane, facts);
}

/** Which destination a fact belongs to; `null` when it is about something else. */
export function toldFactOf(fact: string): ToldFact | null {
  const [kind, lane, ...key] = fact.split(":");
  if (kind !== "told" && kind !== "message") return null;
  return { kind, lane: decodeURIComponent(lane ?? ""), key: key.join(":") };
}

class LaneTold implements Told {
  readonly #lane: string;
  readonly #facts: FactKeeper;
  /** Oldest first, as all maps here. */
  readonly #matters = new Map<string, ToldMatter>();
  readonly #messages = new Map<string, ToldMessage>();
  /** By message, how many parts of matters that are not over it tells. */
  readonly #open = new Map<string, number>();

  constructor(lane: string, facts: FactKeeper) {
    this.#lane = encodeURIComponent(lane);
    this.#facts = facts;
  }

  has(key: string): boolean {
    return this.#matters.has(key);
  }

  isStrangeTo(key: string): boolean {
    return this.#facts.isRecalled && !this.#matters.has(key);
  }

  keys(): readonly string[] {
    return [...this.#matters.keys()];
  }

  matter(key: string): ToldMatter | null {
    return this.#matters.get(key) ?? null;
  }

  message(id: string): ToldMessage | null {
    return this.#messages.get(id) ?? null;
  }

  tell(key: string, part: ToldPart | null, { label, recovery, since }: Parameters<Told["tell"]>[2]): void {
    const known = this.#matters.get(key);
    // Of a destination that was replaced, nothing can be reached any more.
    const before = known?.label === label ? known.parts : [];
    const parts = part === null ? before : [...before, part];
    const [first, ...later] = parts;
    const kept = first === undefined ? [] : [first, ...later.slice(1 - MAX_PARTS)];
    if (known !== undefined) this.#release(known);
    const matter = { since: known?.since ?? since, label, recovery: recovery ?? known?.recovery ?? null, parts: kept };
    this.#enter(key, matter);
    this.#facts.keep(this.#fact("told", key), matter);
    const [oldest] = this.#matters.keys();
    if (this.#matters.size > MAX_MATTERS && oldest !== undefined) this.end(oldest);
  }

  hold(message: ToldMessage): void {
    if (!this.#open.has(message.id)) return;
    this.#messages.set(message.id, message);
    this.#facts.keep(this.#fact("message", message.id), message);
    for (const { id, at } of this.#messages.values()) {
      if (this.#messages.size <= MAX_MESSAGES && at > message.at - MESSAGES_KEPT_MS) return;
      this.#forget(id);
    }
  }

  end(key: string): void {
    const matter = this.#matters.get(key);
    if (matter === undefined && this.#facts.isRecalled) return;
    this.#matters.delete(key);
    this.#facts.drop(this.#fact("told", key));
    if (matter === undefined) return;
    this.#release(matter);
    for (const { id } of matter.parts) if (!this.#open.has(id)) this.#forget(id);
  }

  recall(kind: ToldFact["kind"], key: string, value: unknown): void {
    if (kind === "told") return this.#enter(key, value as ToldMatter);
    // What it tells is over since, or was told anew.
    if (this.#open.has(key)) this.#messages.set(key, withFiles(value as ToldMessage));
    else this.#facts.drop(this.#fact("message", key));
  }

  #enter(key: string, matter: ToldMatter): void {
    this.#matters.set(key, matter);
    for (const { id } of matter.parts) this.#open.set(id, (this.#open.get(id) ?? 0) + 1);
  }

  #release({ parts }: ToldMatter): void {
    for (const { id } of parts) {
      const open = (this.#open.get(id) ?? 0) - 1;
      if (open > 0) this.#open.set(id, open);
      else this.#open.delete(id);
    }
  }

  #forget(id: string): void {
    if (this.#messages.delete(id)) this.#facts.drop(this.#fact("message", id));
  }

  #fact(kind: ToldFact["kind"], key: string): string {
    return `${kind}:${this.#lane}:${key}`;
  }
}

/** What was kept as JSON: files had no bytes, and have none now. */
function withFiles(message: ToldMessage): ToldMessage {
  const notifications = message.notifications.map(withoutBytes);
  return { ...message, notifications };
}

/** The same, with files that are named but empty. */
export function withoutBytes(notification: Notification): Notification {
  if (notification.files.length === 0) return notification;
  return { ...notification, files: notification.files.map((file) => ({ ...file, data: NO_BYTES })) };
}

const NO_BYTES = new Uint8Array();
