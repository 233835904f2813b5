/**
 * The forms in which a destination can be written as text: one entry each, found by what stands before the colon. Everything else
 * is a Discord webhook's URL, of which there are several forms again.
 *
 * A text that is of no use is an answer with a remedy, never an exception, and no answer repeats a secret.
 */
import { createConsoleChannel } from "../channel/console/console-channel.ts";
import { createDiscordBotChannel } from "../channel/discord-bot/bot-channel.ts";
import { knownToken } from "../channel/discord-bot/rest.ts";
import { DISCORD_API, isSnowflake, readBotApi } from "../channel/discord-bot/target.ts";
import type { WebhookLimits } from "../channel/discord-webhook/limits.ts";
import { parseWebhookUrl } from "../channel/discord-webhook/url.ts";
import { createDiscordWebhookChannel } from "../channel/discord-webhook/webhook-channel.ts";
import { openEmailChannel } from "../channel/email/email-channel.ts";
import { emailSettings } from "../channel/email/settings.ts";
import { createFileChannel } from "../channel/file/file-channel.ts";
import type { HttpTransport } from "../channel/http/transport.ts";
import { unwrapped } from "../channel/pasted.ts";
import { parseSignedWebhookUrl } from "../channel/webhook/target.ts";
import { openWebhookChannel } from "../channel/webhook/webhook-channel.ts";
import type { Clock } from "../clock/clock.ts";
import type { Channel } from "../delivery/channel.ts";
import type { Recovery } from "../notification/recovery.ts";

/** What the channels of a notifier have in common. */
export interface ChannelParts {
  readonly clock: Clock;
  readonly transport: HttpTransport;
  readonly style: { readonly service: string; readonly username: string | null; readonly avatarUrl: string | null };
  readonly allowedHosts: readonly string[];
  readonly limits: WebhookLimits;
  readonly bot: BotParts;
}

/** What `discord-bot:` needs to know; each `null` where nobody has said. */
export interface BotParts {
  readonly token: string | null;
  /** Stands in where the destination names no channel. */
  readonly channelId: string | null;
  /** Of Discord's API. */
  readonly apiUrl: string | null;
}

export type ReadDestination =
  | {
      readonly ok: true;
      /** Equal for texts that mean the same destination; may hold secrets. */
      readonly key: string;
      readonly make: () => Channel;
      /** How the end of a matter is told there; `null` where it does not say. */
      readonly recovery: Recovery | null;
      /** What was left out, one sentence each without a full stop. */
      readonly notes: readonly string[];
    }
  /** Each goes on after the name of a variable or "The destination for <name>", without a full stop. */
  | { readonly ok: false; readonly problems: readonly string[] };

type Form = (text: string, parts: ChannelParts) => ReadDestination;

const FORMS: ReadonlyMap<string, Form> = new Map<string, Form>([
  ["console", (text) => yes(text, () => createConsoleChannel())],
  ["file", readFile],
  ["discord-bot", readBot],
  ["webhook+https", readSignedWebhook],
  ["webhook+http", readSignedWebhook],
  ["smtp", readEmail],
  ["smtps", readEmail],
]);

export function readDestination(given: string, parts: ChannelParts): ReadDestination {
  const text = unwrapped(given);
  const scheme = /^[a-z][a-z\d+.-]*(?=:)/i.exec(text)?.[0].toLowerCase() ?? "";
  return (FORMS.get(scheme) ?? readDiscordWebhook)(text, parts);
}

function readFile(text: string): ReadDestination {
  const path = text.slice("file:".length).replace(/^\/\/(?=\/)/, "");
  return path === ""
    ? { ok: false, problems: ["names no file: write file:/var/log/alerts.ndjson"] }
    : yes(text, () => createFileChannel({ path }));
}

function readSignedWebhook(text: string, { allowedHosts, style, transport }: ChannelParts): ReadDestination {
  const parsed = parseSignedWebhookUrl(text, allowedHosts);
  if (!parsed.ok) return parsed;
  return yes(text, () => openWebhookChannel({ target: parsed.target, service: style.service, transport }));
}

function readEmail(text: string, { style, clock }: ChannelParts): ReadDestination {
  const checked = emailSettings({ smtpUrl: text, from: "", to: [], service: style.service });
  if (!checked.ok) return checked;
  return yes(text, () => openEmailChannel({ settings: checked.settings, clock }), checked.notes);
}

function readBot(text: string, { allowedHosts, bot, clock, limits, style, transport }: ChannelParts): ReadDestination {
  const named = text.slice("discord-bot:".length).replace(/^\/\//, "").trim();
  const channelId = named === "" ? bot.channelId : named;
  const problems: string[] = [];
  if (bot.token === null) problems.push("goes through the bot, which has no token: set DISCORD_BOT_TOKEN");
  if (channelId === null)
    problems.push("names no channel: write discord-bot:<channel id>, or set DISCORD_MONITOR_CHANNEL_ID");
  else if (!isSnowflake(channelId)) {
    problems.push(
      "names no channel of Discord's: turn on Developer Mode, and copy the channel's id (a number of 17 digits or more)",
    );
  }
  const reading = bot.apiUrl === null ? null : readBotApi(bot.apiUrl, allowedHosts);
  if (reading?.ok === false) problems.push(`goes through the bot, but DISCORD_API_URL ${reading.problem}`);
  if (bot.token === null || channelId === null || problems.length > 0) return { ok: false, problems };
  const credentials = knownToken(bot.token);
  const api = reading?.ok === true ? reading.api : DISCORD_API;
  const { service } = style;
  return yes(`discord-bot:${channelId}`, () =>
    createDiscordBotChannel({ channelId, service, api, clock, credentials, transport, limits: botLimits(limits) }),
  );
}

/** A webhook's own limit says nothing about the bot, unless it is lifted. */
function botLimits({ egress, bucket }: WebhookLimits): Pick<WebhookLimits, "egress" | "bucket"> {
  return { ...(egress === undefined ? {} : { egress }), ...(bucket === null ? { bucket } : {}) };
}

function readDiscordWebhook(text: string, { allowedHosts, style, transport, limits }: ChannelParts): ReadDestination {
  const parsed = parseWebhookUrl(text, { allowedHosts });
  if (!parsed.ok) return { ok: false, problems: [parsed.problem] };
  const { target, parameters, notes } = parsed;
  const key = `${target.origin}/${target.id}/${target.threadId ?? ""}`;
  const read = yes(
    key,
    () => createDiscordWebhookChannel({ target, style, transport, limits, tags: parameters.tags }),
    notes,
  );
  return { ...read, recovery: parameters.recovery };
}

function yes(key: string, make: () => Channel, notes: readonly string[] = []): Extract<ReadDestination, { ok: true }> {
  return { ok: true, key, make, recovery: null, notes };
}
