/**
 * What has been configured, and whether it can work: known without asking anybody.
 *
 * Upstream the options and the environment, resolved to destinations. Pure.
 */

import type { Severity } from "../notification/notification.ts";
import type { Destinations } from "./destinations.ts";

export interface ConfigurationReport {
  /** There are no problems. */
  readonly ok: boolean;
  /** One sentence each, with what to do; free of secrets. */
  readonly problems: readonly string[];
  readonly destinations: readonly ConfiguredDestination[];
}

/** What leads to one destination. */
export interface ConfiguredDestination {
  readonly destination: string;
  /** Name in the registry of channels, e.g. `discord-webhook`. */
  readonly kind: string;
  /** Which destination it is, without secrets. */
  readonly label: string;
  readonly types: readonly string[];
  readonly severities: readonly Severity[];
  /** Takes the types that have no destination of their own. */
  readonly isDefault: boolean;
  /** Takes over when this one cannot deliver; `null` for none. */
  readonly fallback: string | null;
}

export interface ConfigurationFacts {
  readonly enabled: boolean;
  readonly problems: readonly string[];
  readonly destinations: Destinations;
}

const NOWHERE = "No destination is configured: set DISCORD_WEBHOOK_URL, or name one in the options.";

export function configurationOf({ enabled, problems, destinations }: ConfigurationFacts): ConfigurationReport {
  const { channels, table, fallbackOf } = destinations;
  const isMissing = enabled && channels.size === 0 && problems.length === 0;
  const found = isMissing ? [NOWHERE] : problems;
  return {
    ok: found.length === 0,
    problems: found,
    destinations: [...channels].map(([destination, { kind, label }]) => ({
      destination,
      kind,
      label,
      types: keysTo(table.byType, destination),
      severities: keysTo(table.bySeverity, destination),
      isDefault: table.byDefault === destination,
      fallback: fallbackOf.get(destination) ?? null,
    })),
  };
}

function keysTo<Key>(table: ReadonlyMap<Key, string>, destination: string): readonly Key[] {
  return [...table].filter(([, lane]) => lane === destination).map(([key]) => key);
}
