/**
 * Gives a running notifier other named destinations, routes, inhibition, maintenance and time zone: all of them, or with a mistake in them nothing.
 *
 * Upstream   `notifier.reconfigure()`. Downstream the destinations and their lanes, and the routing.
 */
import { redactSecrets } from "../channel/redact-secrets.ts";
import { ConfigError } from "../errors/config-error.ts";
import { type ConfiguredParts, type DestinationChanges, replaceConfigured } from "./configured-destinations.ts";
import type { ChannelParts } from "./destination-forms.ts";
import { type Destination, type ResolvedDestinations, resolveDestinations, type Wanted } from "./destinations.ts";
import type { ChangeableOptions } from "./options.ts";
import type { Routing } from "./routing.ts";
import { defineRouting, namedDestinations, type RoutingOptions } from "./settings.ts";

export type ReconfigureOutcome =
  | {
      readonly ok: true;
      readonly destinations: DestinationChanges;
      /** What was left out, one sentence each. */
      readonly notes: readonly string[];
    }
  /** Nothing has changed. One sentence each, with what to do; free of secrets. */
  | { readonly ok: false; readonly problems: readonly string[] };

export interface Reconfigured extends ConfiguredParts {
  readonly wanted: Wanted;
  readonly parts: ChannelParts;
  readonly routing: Pick<Routing, "change">;
}

export function reconfigure(options: ChangeableOptions, about: Reconfigured): ReconfigureOutcome {
  const { wanted, parts, destinations, live, routing } = about;
  const defined = definedOr(options);
  if ("problems" in defined) return { ok: false, problems: defined.problems.map(redactSecrets) };
  const next = resolveDestinations(
    { ...wanted, named: namedDestinations(options), routes: defined.routes },
    parts,
    channelsOf(destinations),
  );
  // Those of the environment are as old as the notifier, and kept it from nothing.
  const fresh = next.problems.filter((problem) => !destinations.problems.includes(problem));
  const conflicts = [...next.channels.keys()]
    .filter((name) => live.owns(name))
    .map((name) => `The destination ${name} has the name of one that was set while the notifier runs: use another.`);
  const problems = [...fresh, ...conflicts].map(redactSecrets);
  if (problems.length > 0) return { ok: false, problems };
  const notes = next.notes.filter((note) => !destinations.notes.includes(note)).map(redactSecrets);
  const changes = replaceConfigured(next, about);
  routing.change(defined);
  return { ok: true, destinations: changes, notes };
}

function definedOr(options: ChangeableOptions): RoutingOptions | { readonly problems: readonly string[] } {
  try {
    return defineRouting(options);
  } catch (error) {
    if (error instanceof ConfigError) return error;
    throw error;
  }
}

function channelsOf({ sourceOf, channels }: ResolvedDestinations) {
  return new Map([...sourceOf].map(([lane, source]) => [source as Destination, channels.get(lane)!]));
}
