/**
 * Routes as they are written in options: checked, with every mistake named by its place, and made ready for use.
 *
 * Upstream   `createNotifier({ routes })`. Downstream destinations.ts, which turns what is behind `to` into lanes. Pure.
 */

import { RECOVERIES, type Recovery } from "../notification/recovery.ts";
import { compileMatchers } from "../route/matcher.ts";
import { type MatchersInput, readMatchers } from "../route/matcher-text.ts";
import { readQuietHours } from "../route/quiet-times.ts";
import type { RouteRule } from "../route/routes.ts";
import { createSchedule, type Schedule } from "../route/schedule.ts";
import { readTimeWindows } from "../route/time-window.ts";
import type { Destination } from "./destinations.ts";

/** One or several times of the week: `22:00-07:00`, `mon-fri 08:00-18:00`, `sat,sun Europe/Berlin`. */
export type TimesInput = string | readonly string[];

/** Where notifications go that its matchers mean. Routes are asked in their order; the first that takes one ends the search. */
export interface RouteOptions {
  /** By which `explain()` and history know it; each once. @defaultValue `route 1`, `route 2`, … */
  readonly name?: string | undefined;
  /** For whom it is, e.g. `severity>=error, device=~"gw-*"`. @defaultValue everything */
  readonly matchers?: MatchersInput | undefined;
  /** Names out of `destinations` (or those of types, as `default` or `critical`), URLs, channels of your own; one or more. */
  readonly to: Destination | readonly Destination[];
  /** Whether the routes behind it are asked as well. @defaultValue false */
  readonly continue?: boolean | undefined;
  /** When it is in use; at other times the next route is asked. @defaultValue always */
  readonly activeTimes?: TimesInput | undefined;
  /** When it takes what it matches, and tells nobody. @defaultValue never */
  readonly muteTimes?: TimesInput | undefined;
  /** How the end of a matter is told where its beginning stands; see the notifier's `recovery`. @defaultValue as the destination does */
  readonly recovery?: Recovery | undefined;
  /** When what it matches waits, to be told in one summary when they end; critical goes at once. @defaultValue never */
  readonly quietHours?: TimesInput | undefined;
  /** Takes over when a destination of it cannot deliver and has no fallback of its own. */
  readonly fallback?: Destination | undefined;
}

/** A route that has been checked; its destinations are still as they were written. */
export interface DefinedRoute extends RouteRule {
  readonly wanted: readonly Destination[];
  readonly fallback: Destination | null;
}

/** @param timeZone of times that name none */
export function defineRoutes(
  given: readonly RouteOptions[],
  timeZone: string,
): { readonly routes: readonly DefinedRoute[]; readonly problems: string[] } {
  const problems: string[] = [];
  const routes = given.map((options, index) => {
    const name = options.name ?? `route ${index + 1}`;
    const say = (setting: string, problem: string): void =>
      void problems.push(`routes[${index}].${setting}: ${problem}`);
    return defineRoute({ ...options, name }, { timeZone, say });
  });
  const names = routes.map(({ name }) => name);
  for (const name of new Set(names.filter((one, index) => names.indexOf(one) !== index)))
    problems.push(`routes: ${JSON.stringify(name)} is the name of several; give each its own`);
  return { routes, problems };
}

interface Reading {
  readonly timeZone: string;
  readonly say: (setting: string, problem: string) => void;
}

function defineRoute(options: RouteOptions & { readonly name: string }, reading: Reading): DefinedRoute {
  const { say } = reading;
  const matchers = readMatchers(options.matchers ?? []);
  if (!matchers.ok) for (const problem of matchers.problems) say("matchers", problem);
  const wanted = [options.to].flat().filter((destination): destination is Destination => Boolean(destination));
  if (wanted.length === 0) say("to", "name one destination or more");
  return {
    name: options.name,
    matchers: compileMatchers(matchers.ok ? matchers.matchers : []),
    wanted,
    continues: options.continue ?? false,
    active: scheduleOf(options, "activeTimes", reading),
    mute: scheduleOf(options, "muteTimes", reading),
    recovery: recoveryOf(options, reading),
    quiet: scheduleOf(options, "quietHours", reading),
    fallback: options.fallback ?? null,
  };
}

function recoveryOf({ recovery = null }: { readonly recovery?: unknown }, { say }: Reading): Recovery | null {
  const known = RECOVERIES.find((one) => one === recovery) ?? null;
  if (recovery !== null && known === null)
    say("recovery", `is none of ${RECOVERIES.join(", ")}, got ${JSON.stringify(recovery)}`);
  return known;
}

function scheduleOf(
  options: RouteOptions,
  setting: "activeTimes" | "muteTimes" | "quietHours",
  { timeZone, say }: Reading,
): Schedule | null {
  const times = options[setting];
  if (times === undefined) return null;
  const read = setting === "quietHours" ? readQuietHours : readTimeWindows;
  const { windows, problems } = read([times].flat().map(String), timeZone);
  for (const problem of problems) say(setting, problem);
  return createSchedule(windows);
}
