/**
 * Folds alerts under the one that explains them: while a gateway is down, its devices are not told one by one.
 *
 * Upstream   each notification that is taken. Downstream the store's memory, which carries it over a restart.
 *
 * A source inhibits from the moment its beginning goes somewhere until its end, at most a day after its last word, so that an end that was
 * never reported hides nothing for ever. What it has folded is told as counts in its reminders and its recovery; what is still open at its
 * end is told then like any other alert.
 */
import type { PatientMemory } from "../delivery/outbox.ts";
import type { Notification, NotificationInput } from "../notification/notification.ts";
import type { RouteDecision } from "../notification/routing.ts";
import { type CompiledMatchers, compileMatchers, type Matched } from "../route/matcher.ts";
import { type MatchersInput, readMatchers } from "../route/matcher-text.ts";

export interface InhibitOptions {
  /** Which alerts explain others, e.g. `type=gateway`. Only alerts with a key and a phase can. */
  readonly source: MatchersInput;
  /** Which are folded under them, e.g. `type=device`. */
  readonly target: MatchersInput;
  /** Labels that both must have with the same value, e.g. `gateway`. @defaultValue none: any source folds every target */
  readonly equal?: readonly string[] | undefined;
}

export interface InhibitRule {
  readonly source: CompiledMatchers;
  readonly target: CompiledMatchers;
  readonly equal: readonly string[];
}

export interface Inhibition {
  /** Key of the alert that this one is folded under at `at`; `null` for none. */
  find(notification: Matched, at: number): string | null;
  /** The same notification, with what has been folded under it. */
  dress(notification: Notification): Notification;
  /** It has been taken, and decided so. @returns what is to be told now, as its source is over */
  note(notification: Notification, decision: RouteDecision): readonly NotificationInput[];
}

export interface ChangeableInhibition extends Inhibition {
  /** From now on these hold. What is folded by now stays so until its source is over. */
  setRules(rules: readonly InhibitRule[]): void;
}

interface Source {
  readonly matched: Matched;
  readonly lastAt: number;
  /** How many were folded, repeats not counted. */
  readonly folded: number;
}

const SOURCE = "inhibit-source:";
const FOLDED = "inhibit-folded:";
const LASTS_MS = 86_400_000;
const MAX_SOURCES = 10_000;
/** Under one source; what comes beyond is told. */
const MAX_FOLDED = 1_000;
const FIELD_NAME = "Folded under it";

/** Reads rules as they are written. */
export function defineInhibition(given: readonly InhibitOptions[]): {
  readonly rules: readonly InhibitRule[];
  readonly problems: readonly string[];
} {
  const problems: string[] = [];
  const rules = given.map((options, index) => {
    const compiled = (side: "source" | "target"): CompiledMatchers => {
      const read = readMatchers(options[side] ?? []);
      if (!read.ok) problems.push(...read.problems.map((problem) => `inhibit[${index}].${side}: ${problem}`));
      else if (read.matchers.length === 0) problems.push(`inhibit[${index}].${side}: write one matcher or more`);
      return compileMatchers(read.ok ? read.matchers : []);
    };
    return { source: compiled("source"), target: compiled("target"), equal: options.equal ?? [] };
  });
  return { rules, problems };
}

export function createInhibition(rules: readonly InhibitRule[], memory: PatientMemory): ChangeableInhibition {
  return new Folding(rules, memory);
}

export const NO_INHIBITION: Inhibition = {
  find: () => null,
  dress: (notification) => notification,
  note: () => [],
};

class Folding implements ChangeableInhibition {
  #rules: readonly InhibitRule[];
  readonly #memory: PatientMemory;
  readonly #sources = new Map<string, Source>();
  /** By source, then by the key of what is folded and still open. */
  readonly #open = new Map<string, Map<string, Notification>>();
  /** What is over before it could be read is not to come back. */
  #isRecalled: boolean;

  constructor(rules: readonly InhibitRule[], memory: PatientMemory) {
    this.#rules = rules;
    this.#memory = memory;
    this.#isRecalled = memory.recall((facts) => {
      this.#isRecalled = true;
      for (const [key, fact] of facts) this.#takeUp(key, fact);
    });
  }

  #takeUp(key: string, fact: unknown): void {
    if (key.startsWith(SOURCE)) this.#sources.set(key.slice(SOURCE.length), fact as Source);
    if (!key.startsWith(FOLDED)) return;
    const [source, target] = JSON.parse(key.slice(FOLDED.length)) as [string, string];
    this.#openOf(source).set(target, fact as Notification);
  }

  setRules(rules: readonly InhibitRule[]): void {
    this.#rules = rules;
  }

  find(notification: Matched, at: number): string | null {
    for (const { source, target, equal } of this.#rules) {
      if (!target.matches(notification)) continue;
      for (const [key, { matched, lastAt }] of this.#sources) {
        const explains = key !== notification.key && at - lastAt < LASTS_MS && source.matches(matched);
        if (!explains || !equal.every((label) => sameLabel(label, matched, notification))) continue;
        const known = this.#open.get(key);
        if ((known?.size ?? 0) < MAX_FOLDED || known?.has(notification.key ?? "")) return key;
      }
    }
    return null;
  }

  dress(notification: Notification): Notification {
    const { key, fields, phase } = notification;
    const folded = key === null || phase === null ? 0 : (this.#sources.get(key)?.folded ?? 0);
    if (key === null || folded === 0) return notification;
    const open = this.#open.get(key)?.size ?? 0;
    const value = `${folded} ${folded === 1 ? "alert" : "alerts"}, ${open} still open`;
    return { ...notification, fields: [...fields, { name: FIELD_NAME, value, inline: false }] };
  }

  note(notification: Notification, { withheld, to, deferred }: RouteDecision): readonly NotificationInput[] {
    if (withheld?.by === "inhibition") this.#fold(notification, withheld.source);
    const { key, phase } = notification;
    if (key === null) return [];
    if (phase === "resolved") return this.#end(key);
    const goesSomewhere = to.length > 0 || deferred.length > 0;
    if (phase === "firing" && goesSomewhere) this.#begin(key, notification);
    return [];
  }

  #begin(key: string, { type, severity, labels, createdAt }: Notification): void {
    const matched = { type, severity, key, labels };
    // Told on its own, so that it is no longer folded under anything.
    this.#forgetFolded(key);
    if (!this.#rules.some(({ source }) => source.matches(matched))) return;
    this.#keepSource(key, { matched, lastAt: createdAt, folded: this.#sources.get(key)?.folded ?? 0 });
    const [oldest] = this.#sources.keys();
    if (this.#sources.size > MAX_SOURCES && oldest !== undefined) this.#end(oldest);
  }

  #fold(notification: Notification, source: string): void {
    const known = this.#sources.get(source);
    if (known === undefined) return;
    const { key, phase } = notification;
    const open = this.#openOf(source);
    const isRepeat = key !== null && open.has(key);
    if (!isRepeat) this.#keepSource(source, { ...known, folded: known.folded + 1 });
    if (key === null || phase !== "firing") return;
    const kept = { ...notification, files: [], idempotencyKey: null };
    open.set(key, kept);
    this.#write(this.#memory.remember(foldedKey(source, key), kept));
  }

  /** A matter is over: nothing is folded under it any more, nor is it under anything. */
  #end(key: string): readonly NotificationInput[] {
    this.#forgetFolded(key);
    const isKnown = this.#sources.delete(key);
    if (isKnown || !this.#isRecalled) this.#write(this.#memory.forget(SOURCE + key));
    if (!isKnown) return [];
    const open = [...(this.#open.get(key) ?? [])];
    this.#open.delete(key);
    for (const [target] of open) this.#write(this.#memory.forget(foldedKey(key, target)));
    return open.map(([, { id: _id, createdAt: _createdAt, routing: _routing, ...rest }]) => rest as NotificationInput);
  }

  #forgetFolded(key: string): void {
    for (const [source, open] of this.#open)
      if (open.delete(key)) this.#write(this.#memory.forget(foldedKey(source, key)));
  }

  #keepSource(key: string, source: Source): void {
    this.#sources.set(key, source);
    this.#write(this.#memory.remember(SOURCE + key, source));
  }

  #openOf(source: string): Map<string, Notification> {
    const open = this.#open.get(source) ?? new Map<string, Notification>();
    this.#open.set(source, open);
    return open;
  }

  /** What could not be written costs a message too many after a restart, nothing else. */
  #write(durable: Promise<void> | undefined): void {
    durable?.catch(() => {});
  }
}

function sameLabel(label: string, source: Matched, target: Matched): boolean {
  const value = source.labels?.[label];
  return value !== undefined && value === target.labels?.[label];
}

function foldedKey(source: string, target: string): string {
  return FOLDED + JSON.stringify([source, target]);
}
