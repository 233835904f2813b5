/**
 * Turns what was configured (URLs in options or environment, channels of one's own) into lanes and a route table. Equal URLs
 * become one lane. A URL that is of no use is a problem with a remedy, never an exception.
 */
import { createConsoleChannel } from "./channel/console/console-channel.ts";
import type { WebhookLimits } from "./channel/discord-webhook/limits.ts";
import { parseWebhookUrl } from "./channel/discord-webhook/url.ts";
import { createDiscordWebhookChannel } from "./channel/discord-webhook/webhook-channel.ts";
import { createFileChannel } from "./channel/file/file-channel.ts";
import type { HttpTransport } from "./channel/http/transport.ts";
import type { Channel } from "./delivery/channel.ts";
import type { Severity } from "./notification/notification.ts";
import type { RouteTable } from "./route/route.ts";

/**
 * Where to: a webhook's URL in any form that Discord, Apprise or Shoutrrr give it, `console:`, `file:<path>`, or a channel of your own.
 */
export type Destination = string | Channel;

export interface Wanted {
  /** For types without one of their own. */
  readonly byDefault: Destination | null;
  readonly byType: ReadonlyMap<string, Destination>;
  readonly bySeverity: ReadonlyMap<Severity, Destination>;
  /** Takes over for every destination without a fallback of its own. */
  readonly fallback: Destination | null;
  /** Own fallbacks, by the name of the destination: a type, or `default`. */
  readonly fallbacks: ReadonlyMap<string, Destination>;
}

export interface ChannelParts {
  readonly transport: HttpTransport;
  readonly style: { readonly service: string; readonly username: string | null; readonly avatarUrl: string | null };
  readonly allowedHosts: readonly string[];
  readonly limits: WebhookLimits;
}

export interface Destinations {
  /** By lane name. */
  readonly channels: ReadonlyMap<string, Channel>;
  readonly table: RouteTable;
  /** Lane by lane, which one takes over. */
  readonly fallbackOf: ReadonlyMap<string, string>;
  /** One sentence per destination that is of no use. */
  readonly problems: readonly string[];
}

export function resolveDestinations(wanted: Wanted, parts: ChannelParts): Destinations {
  const resolver = createResolver(parts);
  const lanesOf = <Key extends string>(destinations: ReadonlyMap<Key, Destination>, prefix = "") =>
    new Map(
      [...destinations].flatMap(([key, destination]): [Key, string][] => {
        const lane = resolver.lane(`${prefix}${key}`, destination);
        return lane === null ? [] : [[key, lane]];
      }),
    );
  const byDefault = wanted.byDefault === null ? null : resolver.lane("default", wanted.byDefault);
  const table: RouteTable = {
    byDefault,
    byType: lanesOf(wanted.byType),
    bySeverity: lanesOf(wanted.bySeverity, "severity-"),
  };
  const own = lanesOf(wanted.fallbacks, "fallback-");
  const common = wanted.fallback === null ? null : resolver.lane("fallback", wanted.fallback);
  const fallbackOf = new Map<string, string>();
  for (const lane of resolver.channels.keys()) {
    const fallback = own.get(lane) ?? common;
    if (fallback !== null && fallback !== lane) fallbackOf.set(lane, fallback);
  }
  return { channels: resolver.channels, problems: resolver.problems, table, fallbackOf };
}

function createResolver(parts: ChannelParts) {
  const channels = new Map<string, Channel>();
  const laneOf = new Map<Channel | string, string>();
  const problems: string[] = [];

  /** The lane of this destination, made under `name` when it is new; `null` when it is of no use. */
  function lane(name: string, destination: Destination): string | null {
    const opened =
      typeof destination === "string"
        ? open(destination, parts)
        : { ok: true as const, key: destination, make: () => destination };
    if (!opened.ok) {
      problems.push(`The destination for ${name} ${opened.problem}.`);
      return null;
    }
    const known = laneOf.get(opened.key);
    if (known !== undefined) return known;
    laneOf.set(opened.key, name);
    channels.set(name, opened.make());
    return name;
  }

  return { channels, problems, lane };
}

type Opened =
  | { readonly ok: true; readonly key: string | Channel; readonly make: () => Channel }
  | { readonly ok: false; readonly problem: string };

function open(destination: string, parts: ChannelParts): Opened {
  const { transport, style, allowedHosts, limits } = parts;
  if (destination === "console:") return { ok: true, key: destination, make: () => createConsoleChannel() };
  if (destination.startsWith("file:")) {
    const path = destination.slice("file:".length).replace(/^\/\/(?=\/)/, "");
    return { ok: true, key: destination, make: () => createFileChannel({ path }) };
  }
  const parsed = parseWebhookUrl(destination, { allowedHosts });
  if (!parsed.ok) return { ok: false, problem: parsed.problem };
  const { target } = parsed;
  return {
    ok: true,
    key: `${target.origin}/${target.id}/${target.threadId ?? ""}`,
    make: () => createDiscordWebhookChannel({ target, style, transport, limits }),
  };
}
