/**
 * Destinations that are set and taken away while the notifier runs, beside those of options and environment, which change only together.
 *
 * Upstream   the notifier's `setDestination()` and `removeDestination()`. Downstream the router, which finds them by name, and the
 * engine's lanes.
 */
import { redactSecrets } from "../channel/redact-secrets.ts";
import type { Channel } from "../delivery/channel.ts";
import type { DeliveryEngine } from "../delivery/engine.ts";
import type { LaneBacklog } from "../delivery/outbox.ts";
import type { Recovery } from "../notification/recovery.ts";
import { quietLaneOf } from "../withhold/held.ts";
import type { HeldChanges } from "../withhold/held-changes.ts";
import { type ChannelParts, type ReadDestination, readDestination } from "./destination-forms.ts";
import type { Destination, ResolvedDestinations } from "./destinations.ts";
import type { Logger } from "./logging.ts";

export interface DestinationOptions {
  /** How people know it, for reports of its trouble. @defaultValue its name */
  readonly title?: string | undefined;
  /** Name of the one that takes over when this one cannot deliver, or is removed; `null` for none. @defaultValue that of all (`fallback`), or else the default destination */
  readonly fallback?: string | null | undefined;
  /** How the end of a matter is told where its beginning stands. @defaultValue as the destination's own text says, or else as the notifier's `recovery` does */
  readonly recovery?: Recovery | undefined;
}

export type DestinationOutcome =
  | {
      readonly ok: true;
      /** Which destination it is, without secrets. */
      readonly label: string;
      /** What was left out, one sentence each. */
      readonly notes: readonly string[];
    }
  /** Nothing has changed. One sentence each, with what to do; free of secrets. */
  | { readonly ok: false; readonly problems: readonly string[] };

export interface RemoveOptions {
  /** For so long what waits may still go there, if nothing keeps it from going; it is removed then. @defaultValue 0: at once */
  readonly waitMs?: number | undefined;
}

export interface LiveDestinations {
  /** At once; the promise is for callers that cannot wait for it otherwise. */
  set(name: string, destination: Destination, options?: DestinationOptions): Promise<DestinationOutcome>;
  /** Resolves when no request is under way to it, to whether there was one of that name. */
  remove(name: string, options?: RemoveOptions): Promise<boolean>;
  /** Whether it was set here. */
  owns(name: string): boolean;
  /** A destination of that name is there now, or leads elsewhere: what has waited for it goes on. */
  arrived(name: string, about: { readonly isNew: boolean }): void;
  /** Closes the channel when the request that is under way has landed, unless it is in use by then. */
  letGo(channel: Channel | undefined, landing: Promise<void>): Promise<void>;
  /** This waits in the store for a destination that is not there. Says so, unless it comes right after the start. */
  miss(backlog: LaneBacklog): void;
  /** Ends what is still under way to those that were replaced or removed. */
  close(): Promise<void>;
}

export interface LiveDestinationsParts {
  readonly destinations: ResolvedDestinations;
  readonly engine: Pick<DeliveryEngine, "changes">;
  readonly parts: ChannelParts;
  /** Of destinations that do not say themselves. */
  readonly recovery: Recovery;
  readonly logger: Logger;
  /** What waits for the end of quiet hours. */
  readonly held: () => Pick<HeldChanges, "added" | "removed">;
  /** Asks whether it is usable. */
  readonly check: (name: string) => void;
  readonly isClosed: () => boolean;
}

/** As for those of options: what has one of these is a URL. */
const NO_NAME = /[:/]/;
const MAX_CHARS = 100;

export function createLiveDestinations(parts: LiveDestinationsParts): LiveDestinations {
  return new Changing(parts);
}

class Changing implements LiveDestinations {
  readonly #about: LiveDestinationsParts;
  /** Names that were set here. */
  readonly #own = new Set<string>();
  /** Replaced or removed, with how many lanes may still have a request under way to it. */
  readonly #leaving = new Map<Channel, number>();
  /** Lanes of the store whose destinations have not come. */
  readonly #missed = new Map<string, number>();

  constructor(parts: LiveDestinationsParts) {
    this.#about = parts;
  }

  async set(name: string, destination: Destination, options: DestinationOptions = {}): Promise<DestinationOutcome> {
    const problem = this.#problemWith(name, options);
    if (problem !== null) return { ok: false, problems: [problem] };
    const read = readAny(destination, this.#about.parts);
    if (!read.ok) {
      const problems = read.problems.map((said) => redactSecrets(`The destination for ${name} ${said}.`));
      return { ok: false, problems };
    }
    const channel = read.make();
    const isNew = !this.#about.destinations.channels.has(name);
    this.#lead(name, channel, { ...options, recovery: options.recovery ?? read.recovery ?? this.#about.recovery });
    this.arrived(name, { isNew });
    return { ok: true, label: channel.label, notes: read.notes.map(redactSecrets) };
  }

  async remove(name: string, { waitMs = 0 }: RemoveOptions = {}): Promise<boolean> {
    const { destinations, engine, held } = this.#about;
    const { channels, named, fallbackOf, titles, standIn } = destinations;
    if (!this.#own.has(name) && (named.has(name) || channels.has(name))) return false;
    if (waitMs > 0) await engine.changes.emptied(name, waitMs);
    const successor = fallbackOf.get(name) ?? null;
    const channel = channels.get(name);
    this.#own.delete(name);
    for (const known of [named, channels, fallbackOf, titles]) known.delete(name);
    const quiet = quietLaneOf(name);
    this.#missed.delete(name);
    if (this.#missed.delete(quiet)) void engine.changes.remove(quiet, standIn);
    const landing = engine.changes.remove(name, standIn);
    held().removed(name, successor);
    if (landing !== null) await this.letGo(channel, landing);
    return landing !== null;
  }

  owns(name: string): boolean {
    return this.#own.has(name);
  }

  arrived(name: string, { isNew }: { readonly isNew: boolean }): void {
    const { held, engine } = this.#about;
    this.#missed.delete(name);
    const quiet = quietLaneOf(name);
    // It is asked for again where it cannot be read now.
    if (this.#missed.delete(quiet)) engine.changes.offer(quiet);
    if (isNew) held().added(name);
    this.#about.check(name);
  }

  miss({ lane, waiting }: LaneBacklog): void {
    this.#missed.set(lane, waiting);
    // Whoever sets destinations right after the start has done so by then.
    queueMicrotask(() => this.#sayMissed(lane));
  }

  async letGo(channel: Channel | undefined, landing: Promise<void>): Promise<void> {
    if (channel === undefined) return landing;
    this.#leaving.set(channel, (this.#leaving.get(channel) ?? 0) + 1);
    await landing;
    const left = (this.#leaving.get(channel) ?? 0) - 1;
    if (left > 0) this.#leaving.set(channel, left);
    else if (this.#leaving.delete(channel) && !this.#isInUse(channel)) await channel.close();
  }

  async close(): Promise<void> {
    const last = [...this.#leaving.keys()].filter((channel) => !this.#isInUse(channel));
    this.#leaving.clear();
    await Promise.all(last.map((channel) => channel.close()));
  }

  /** Under another name, or again. */
  #isInUse(channel: Channel): boolean {
    return [...this.#about.destinations.channels.values()].includes(channel);
  }

  #sayMissed(lane: string): void {
    const waiting = this.#missed.get(lane);
    if (waiting === undefined) return;
    this.#about.logger.warn(
      `${waiting} notifications wait in the store for "${lane}", which is no longer configured; configure it again, or have them end with removeDestination()`,
    );
  }

  #problemWith(name: string, { fallback }: DestinationOptions): string | null {
    const { channels, named } = this.#about.destinations;
    if (this.#about.isClosed()) return "The notifier has been closed.";
    if (name.trim() !== name || name === "" || name.length > MAX_CHARS || NO_NAME.test(name)) {
      const shown = redactSecrets(JSON.stringify(name.slice(0, MAX_CHARS)));
      return `${shown} is no name for a destination: write 1 to ${MAX_CHARS} characters, without colons and slashes, and without blanks around them.`;
    }
    if (!this.#own.has(name) && (named.has(name) || channels.has(name)))
      return `The destination ${name} is one of the configuration, and is changed there: use another name.`;
    if (typeof fallback === "string" && !named.has(fallback))
      return `The destination ${name} has the fallback ${JSON.stringify(fallback)}, which is none: known are ${[...named.keys()].join(", ")}.`;
    return null;
  }

  #lead(name: string, channel: Channel, { fallback: given, recovery, title }: DestinationOptions): void {
    const { destinations, engine } = this.#about;
    const { channels, named, fallbackOf, titles, standIn } = destinations;
    const before = channels.get(name);
    const takesOver = typeof given === "string" ? named.get(given)! : standIn;
    const fallback = given === null || takesOver === name ? null : takesOver;
    this.#own.add(name);
    named.set(name, name);
    channels.set(name, channel);
    titles.set(name, title ?? name);
    if (fallback === null) fallbackOf.delete(name);
    else fallbackOf.set(name, fallback);
    const landing = engine.changes.set(name, channel, { fallback, recovery });
    if (before !== channel) void this.letGo(before, landing);
  }
}

function readAny(destination: Destination, parts: ChannelParts): ReadDestination {
  if (typeof destination === "string") return readDestination(destination, parts);
  return { ok: true, key: "", make: () => destination, recovery: null, notes: [] };
}
