/**
 * Turns what was configured (URLs in options or environment, channels of one's own) into lanes and a route table. Equal URLs
 * become one lane. A URL that is of no use is a problem with a remedy, never an exception.
 */
import type { Channel } from "../delivery/channel.ts";
import type { Severity } from "../notification/notification.ts";
import type { Recovery } from "../notification/recovery.ts";
import type { RouteTable } from "../route/route.ts";
import type { Route } from "../route/routes.ts";
import { type ChannelParts, readDestination } from "./destination-forms.ts";
import type { DefinedRoute } from "./route-options.ts";

/**
 * Where to: a channel of your own, or a text of one of these forms.
 *
 * | form | goes to |
 * |---|---|
 * | `https://discord.com/api/webhooks/<id>/<token>` | a Discord webhook, also in the forms of Apprise and Shoutrrr; `?thread_id=` names a thread, `?recovery=` says how ends are told (`new`, `edit`, `answer`, `both`) |
 * | `discord-bot:<channel id>` | a channel of Discord's, through the bot of `DISCORD_BOT_TOKEN`; without an id that of `DISCORD_MONITOR_CHANNEL_ID` |
 * | `webhook+https://<host>/<path>?secret=whsec_<base64>` | a program of your own, as Standard Webhooks; several `secret=` while one takes the other's place |
 * | `smtp://<user>:<password>@<host>:<port>?from=<address>&to=<address>,<address>` | people, by e-mail; `smtps://` for encryption from the start, `tls=none` for none at all |
 * | `file:<path>` | a file, one line of JSON each |
 * | `console:` | the console |
 *
 * What is secret in them (token, `secret`, user and password) is percent-encoded where it needs be, taken out before anything is sent,
 * and appears in no label, log line, error or history.
 */
export type Destination = string | Channel;

export interface Wanted {
  /** Under names of their own, for routes. */
  readonly named: ReadonlyMap<string, Destination>;
  readonly routes: readonly DefinedRoute[];
  /** For types without one of their own. */
  readonly byDefault: Destination | null;
  readonly byType: ReadonlyMap<string, Destination>;
  readonly bySeverity: ReadonlyMap<Severity, Destination>;
  /** Takes over for every destination without a fallback of its own. */
  readonly fallback: Destination | null;
  /** Own fallbacks, by the name of the destination: a type, or `default`. */
  readonly fallbacks: ReadonlyMap<string, Destination>;
  /** Environment variables by the text in them: whoever is told of a mistake knows then where to mend it. */
  readonly variableOf: ReadonlyMap<string, string>;
}

export interface Destinations {
  /** By lane name. */
  readonly channels: ReadonlyMap<string, Channel>;
  /** The lanes that names lead to; several may lead to one. */
  readonly named: ReadonlyMap<string, string>;
  readonly table: RouteTable;
  /** Those that lead somewhere. */
  readonly routes: readonly Route[];
  /** Lane by lane, which one takes over. */
  readonly fallbackOf: ReadonlyMap<string, string>;
  /** How people know a lane, where that is not its name. */
  readonly titles: ReadonlyMap<string, string>;
  /** Lane by lane, how the end of a matter is told there, where the destination says so. */
  readonly recoveryOf: ReadonlyMap<string, Recovery>;
  /** Lane by lane, as what its channel was made of; may hold secrets. */
  readonly sourceOf: ReadonlyMap<string, Destination>;
  /** What keeps a destination from being of use, one sentence each. */
  readonly problems: readonly string[];
  /** What was left out of a destination that is of use, one sentence each. */
  readonly notes: readonly string[];
}

/** The same for whoever adds to them while the notifier runs. */
export interface ResolvedDestinations extends Destinations {
  readonly channels: Map<string, Channel>;
  readonly named: Map<string, string>;
  readonly fallbackOf: Map<string, string>;
  readonly titles: Map<string, string>;
  /** Takes over for destinations that are added: the fallback of all, or else the default; `null` without either. */
  readonly standIn: string | null;
}

/** @param known channels that are there already, by what they were made of: they are used again */
export function resolveDestinations(
  wanted: Wanted,
  parts: ChannelParts,
  known: ReadonlyMap<Destination, Channel> = new Map(),
): ResolvedDestinations {
  const resolver = createResolver(parts, { variableOf: wanted.variableOf, known });
  const lanesOf = <Key extends string>(destinations: ReadonlyMap<Key, Destination>, prefix = "") =>
    new Map(
      [...destinations].flatMap(([key, destination]): [Key, string][] => {
        const lane = resolver.lane(`${prefix}${key}`, destination);
        return lane === null ? [] : [[key, lane]];
      }),
    );
  lanesOf(wanted.named);
  const byDefault = wanted.byDefault === null ? null : resolver.lane("default", wanted.byDefault);
  const table: RouteTable = {
    byDefault,
    byType: lanesOf(wanted.byType),
    bySeverity: lanesOf(wanted.bySeverity, "severity-"),
  };
  const own = lanesOf(wanted.fallbacks, "fallback-");
  const common = wanted.fallback === null ? null : resolver.lane("fallback", wanted.fallback);
  const ofRoutes = new Map<string, string>();
  const routes = wanted.routes.flatMap((route) => resolveRoute(route, { resolver, ofRoutes }));
  const fallbackOf = new Map<string, string>();
  for (const lane of resolver.channels.keys()) {
    const fallback = own.get(lane) ?? ofRoutes.get(lane) ?? common;
    if (fallback !== null && fallback !== lane) fallbackOf.set(lane, fallback);
  }
  const { channels, named, recoveryOf, sourceOf, problems, notes } = resolver;
  const standIn = common ?? byDefault ?? table.byType.get("general") ?? null;
  const titles = new Map<string, string>();
  return { channels, named, problems, notes, table, routes, fallbackOf, recoveryOf, sourceOf, standIn, titles };
}

/** A route that leads nowhere is left out, so that what it would take goes on to the next. */
function resolveRoute(
  { wanted, fallback, ...rule }: DefinedRoute,
  { resolver, ofRoutes }: { readonly resolver: Resolver; readonly ofRoutes: Map<string, string> },
): Route[] {
  const to = wanted.map((destination) => resolver.find(rule.name, destination)).filter((lane) => lane !== null);
  const takesOver = fallback === null ? null : resolver.find(`${rule.name} fallback`, fallback);
  // A destination has one fallback: that of the first route that names one.
  for (const lane of to) if (takesOver !== null && !ofRoutes.has(lane)) ofRoutes.set(lane, takesOver);
  return to.length === 0 ? [] : [{ ...rule, to: [...new Set(to)] }];
}

type Resolver = ReturnType<typeof createResolver>;

/** A destination that is of use. */
interface Found {
  /** Equal for texts that mean the same destination. */
  readonly key: Channel | string;
  readonly source: Destination;
  readonly make: () => Channel;
}

interface ResolverParts extends Pick<Wanted, "variableOf"> {
  readonly known: ReadonlyMap<Destination, Channel>;
}

function createResolver(parts: ChannelParts, { variableOf, known: channelOf }: ResolverParts) {
  const channels = new Map<string, Channel>();
  const laneOf = new Map<Channel | string, string>();
  const sourceOf = new Map<string, Destination>();
  /** What a name leads to, which is another lane's where the same destination has several names. */
  const named = new Map<string, string>();
  const recoveryOf = new Map<string, Recovery>();
  const problems: string[] = [];
  const notes: string[] = [];

  /** The lane of this destination, made under `name` when it is new; `null` when it is of no use. */
  function lane(name: string, destination: Destination): string | null {
    const found = laneOrNull(name, destination);
    if (found !== null && !named.has(name)) named.set(name, found);
    return found;
  }

  /** The lane of a name that is known, or of a destination as such. */
  function find(name: string, destination: Destination): string | null {
    const known = typeof destination === "string" ? named.get(destination.trim()) : undefined;
    if (known !== undefined) return known;
    if (typeof destination !== "string" || /[:/]/.test(destination)) return laneOrNull(name, destination);
    const names = named.size === 0 ? "there are none" : `known are ${[...named.keys()].join(", ")}`;
    problems.push(`The route ${name} leads to "${destination}", which is no destination: ${names}; or write a URL.`);
    return null;
  }

  function laneOrNull(name: string, destination: Destination): string | null {
    if (typeof destination !== "string")
      return laneUnder(name, { key: destination, source: destination, make: () => destination });
    const read = readDestination(destination, parts);
    const subject = variableOf.get(destination) ?? `The destination for ${name}`;
    if (!read.ok) {
      problems.push(...read.problems.map((problem) => `${subject} ${problem}.`));
      return null;
    }
    if (!laneOf.has(read.key)) notes.push(...read.notes.map((note) => `${subject}: ${note}.`));
    const own = laneUnder(name, { ...read, source: destination });
    // Of several that are one lane, the first that says something.
    if (read.recovery !== null && !recoveryOf.has(own)) recoveryOf.set(own, read.recovery);
    return own;
  }

  function laneUnder(name: string, { key, source, make }: Found): string {
    const known = laneOf.get(key);
    if (known !== undefined) return known;
    const own = freeName(name);
    laneOf.set(key, own);
    sourceOf.set(own, source);
    channels.set(own, channelOf.get(source) ?? make());
    return own;
  }

  /** Two destinations that are called the same stay two. */
  function freeName(name: string): string {
    for (let number = 1; ; number++) {
      const free = number === 1 ? name : `${name}-${number}`;
      if (!channels.has(free)) return free;
    }
  }

  return { channels, named, recoveryOf, sourceOf, problems, notes, lane, find };
}
