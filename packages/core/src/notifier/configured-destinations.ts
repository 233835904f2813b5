/**
 * The destinations of options and environment, when other ones take their place while the notifier runs: lanes that lead where they led before go
 * on untouched, others lead elsewhere from now on, and what waits for one that is gone goes to another.
 *
 * Upstream   `notifier.reconfigure()`, with what has been read and is free of mistakes. Downstream the engine's lanes, and what is held in
 * quiet hours.
 */
import type { Channel } from "../delivery/channel.ts";
import type { DeliveryEngine } from "../delivery/engine.ts";
import type { Recovery } from "../notification/recovery.ts";
import type { HeldChanges } from "../withhold/held-changes.ts";
import type { Destinations, ResolvedDestinations } from "./destinations.ts";
import type { LiveDestinations } from "./live-destinations.ts";

/** Names. */
export interface DestinationChanges {
  readonly added: readonly string[];
  /** They lead elsewhere. */
  readonly changed: readonly string[];
  readonly removed: readonly string[];
}

export interface ConfiguredParts {
  readonly destinations: ResolvedDestinations;
  readonly engine: Pick<DeliveryEngine, "changes">;
  /** Those that were set beside them, and stay. */
  readonly live: Pick<LiveDestinations, "owns" | "arrived" | "letGo">;
  /** Of destinations that do not say themselves. */
  readonly recovery: Recovery;
  readonly held: Pick<HeldChanges, "removed">;
}

/** Has them be these from now on, at once. */
export function replaceConfigured(next: ResolvedDestinations, parts: ConfiguredParts): DestinationChanges {
  const { destinations, engine, live, recovery: ofAll, held } = parts;
  const before = new Map([...destinations.channels].filter(([name]) => !live.owns(name)));
  const removed = [...before.keys()].filter((name) => !next.channels.has(name));
  const added = [...next.channels.keys()].filter((name) => !before.has(name));
  const changed = [...next.channels].flatMap(([name, channel]) =>
    before.has(name) && before.get(name) !== channel ? [name] : [],
  );
  const successorOf = successorsOf(removed, parts, next);
  const landings: [Channel | undefined, Promise<void> | null][] = [];
  follow(next, parts);
  for (const [name, channel] of next.channels) {
    const options = { fallback: next.fallbackOf.get(name) ?? null, recovery: next.recoveryOf.get(name) ?? ofAll };
    if (before.get(name) === channel) {
      engine.changes.refit(name, options);
      continue;
    }
    landings.push([before.get(name), engine.changes.set(name, channel, options)]);
    live.arrived(name, { isNew: !before.has(name) });
  }
  for (const [name, fallback] of destinations.fallbackOf) {
    if (!live.owns(name) || !successorOf.has(fallback)) continue;
    const other = successorOf.get(fallback) ?? null;
    if (other === null || other === name) destinations.fallbackOf.delete(name);
    else destinations.fallbackOf.set(name, other);
    engine.changes.refit(name, { fallback: destinations.fallbackOf.get(name) ?? null });
  }
  for (const [name, successor] of successorOf) {
    engine.changes.refit(name, { fallback: successor });
    landings.push([before.get(name), engine.changes.remove(name)]);
    held.removed(name, successor);
  }
  for (const [channel, landing] of landings) void live.letGo(channel, landing ?? Promise.resolve());
  return { added, changed, removed };
}

/** Where what waits for those that are gone goes: where the same is led to under another name, else where their fallback is, else where all goes. */
function successorsOf(
  removed: readonly string[],
  { destinations, live }: ConfiguredParts,
  next: ResolvedDestinations,
): ReadonlyMap<string, string | null> {
  const stays = (name: string | undefined): name is string =>
    name !== undefined && (next.channels.has(name) || live.owns(name));
  return new Map(
    removed.map((name) => {
      const source = destinations.sourceOf.get(name);
      const renamed = [...next.sourceOf].find(([, other]) => other === source)?.[0];
      const fallback = destinations.fallbackOf.get(name);
      return [name, renamed ?? (stays(fallback) ? fallback : next.standIn)];
    }),
  );
}

/** Others have these maps in their hands. */
function follow(next: ResolvedDestinations, { destinations, live }: ConfiguredParts): void {
  const maps = [
    [destinations.channels, next.channels],
    [destinations.named, next.named],
    [destinations.fallbackOf, next.fallbackOf],
  ] as const;
  for (const [map, to] of maps) {
    for (const name of [...map.keys()]) if (!live.owns(name)) map.delete(name);
    for (const [name, value] of to) (map as Map<string, unknown>).set(name, value);
  }
  const { table, routes, recoveryOf, sourceOf, standIn, problems, notes } = next;
  const rest: Omit<Destinations, "channels" | "named" | "fallbackOf" | "titles"> &
    Pick<ResolvedDestinations, "standIn"> = {
    ...{ table, routes, recoveryOf, sourceOf, standIn, problems, notes },
  };
  Object.assign(destinations, rest);
}
