/** Which channel a bot posts in, and where Discord's API is. The channel's id is shown in part only. Pure. */
import { isDiscordHost } from "../discord-webhook/discord-host.ts";
import { DISCORD_ORIGIN } from "../discord-webhook/target.ts";
import { isAllowedHost } from "../http/allowed-hosts.ts";

/** Where the API of version 10 is reached. */
export interface BotApi {
  /** Scheme, host and port. */
  readonly origin: string;
  /** `/api/v10`; other hosts may have something before it. */
  readonly base: string;
}

export const DISCORD_API: BotApi = { origin: DISCORD_ORIGIN, base: "/api/v10" };

export type ApiReading =
  | { readonly ok: true; readonly api: BotApi }
  /** Follows the setting's name, without a full stop. */
  | { readonly ok: false; readonly problem: string };

const SNOWFLAKE = /^\d{15,20}$/;
const SHOWN_DIGITS = 4;

/** Whether this can be the id of a channel, a role, a server or a user. */
export function isSnowflake(text: string): boolean {
  return SNOWFLAKE.test(text);
}

/** `…4321`: enough to tell two apart, too little to find the channel by. */
export function shortId(id: string): string {
  return `…${id.slice(-SHOWN_DIGITS)}`;
}

/** The address of the API out of a setting: Discord's own, or that of a host that is allowed by name. */
export function readBotApi(text: string, allowedHosts: readonly string[]): ApiReading {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || !/^https?:$/.test(url.protocol)) {
    return { ok: false, problem: `is no address: write ${DISCORD_ORIGIN}/api, or leave it out` };
  }
  if (isDiscordHost(url)) return { ok: true, api: DISCORD_API };
  if (!isAllowedHost(url, allowedHosts)) {
    return {
      ok: false,
      problem: `names ${url.host}, which is not Discord: list it in DISCORD_ALLOWED_HOSTS if it is meant`,
    };
  }
  const before = url.pathname.replace(/(?:\/api(?:\/v\d+)?)?\/*$/, "");
  return { ok: true, api: { origin: url.origin, base: `${before}${DISCORD_API.base}` } };
}
