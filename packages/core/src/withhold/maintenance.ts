/**
 * Maintenance windows: times known beforehand in which nothing that matches is told.
 *
 * Upstream   options. Downstream the router. Pure.
 */
import { toInstant } from "../notification/values.ts";
import { type CompiledMatchers, compileMatchers, type Matched } from "../route/matcher.ts";
import { formatMatchers, type MatchersInput, readMatchers } from "../route/matcher-text.ts";

export interface MaintenanceOptions {
  /** By which `explain()` and history know it. @defaultValue `maintenance 1`, … */
  readonly name?: string | undefined;
  /** A Date, ISO 8601 text, or epoch milliseconds; as is `until`. */
  readonly from: Date | string | number;
  readonly until: Date | string | number;
  /** What is not told, e.g. `site=lab`. @defaultValue everything */
  readonly matchers?: MatchersInput | undefined;
}

export interface MaintenanceWindow {
  readonly name: string;
  readonly from: number;
  readonly until: number;
  readonly matchers: CompiledMatchers;
}

/** A window as people are shown it. */
export interface Maintenance {
  readonly name: string;
  /** Epoch milliseconds, as is `until`. */
  readonly from: number;
  readonly until: number;
  /** In text form, e.g. `site=lab`; empty for everything. */
  readonly matchers: string;
  /** Whether it has begun. */
  readonly isActive: boolean;
}

/** Reads windows as they are written. */
export function defineMaintenance(given: readonly MaintenanceOptions[]): {
  readonly windows: readonly MaintenanceWindow[];
  readonly problems: readonly string[];
} {
  const problems: string[] = [];
  const windows = given.map(({ name, from, until, matchers }, index) => {
    const place = `maintenance[${index}]`;
    const read = readMatchers(matchers ?? []);
    if (!read.ok) problems.push(...read.problems.map((problem) => `${place}.matchers: ${problem}`));
    const [start, end] = [toInstant(from), toInstant(until)];
    if (start === null || end === null || start >= end)
      problems.push(
        `${place}: from and until must be instants, the first before the second, e.g. 2026-03-01T22:00:00+01:00`,
      );
    return {
      name: name ?? `maintenance ${index + 1}`,
      from: start ?? 0,
      until: end ?? 0,
      matchers: compileMatchers(read.ok ? read.matchers : []),
    };
  });
  return { windows, problems };
}

/** Those that are not over, the earliest first. */
export function maintenanceAt(windows: readonly MaintenanceWindow[], now: number): readonly Maintenance[] {
  return windows
    .filter(({ until }) => now < until)
    .map(({ name, from, until, matchers }) => {
      return { name, from, until, matchers: formatMatchers(matchers.matchers), isActive: from <= now };
    })
    .sort((a, b) => a.from - b.from);
}

/** The window that covers this notification at that instant; `null` for none. */
export function findMaintenance(
  windows: readonly MaintenanceWindow[],
  notification: Matched,
  at: number,
): MaintenanceWindow | null {
  return (
    windows.find(({ from, until, matchers }) => from <= at && at < until && matchers.matches(notification)) ?? null
  );
}
