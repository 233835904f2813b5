/**
 * Turns single values of an application into the types of a notification: colours, instants, links, mentions, numbers.
 * Each returns `null` for what cannot be understood; the caller decides what stands in for it. Pure.
 */
import { MAX_URL_CHARS } from "./bounds.ts";
import type { Mention } from "./notification.ts";

const MAX_COLOR = 0xff_ff_ff;
const LARGEST_SNOWFLAKE = "9223372036854775807";
/** 0001-01-01 and 9999-12-31: outside of them ISO 8601 needs a sign, which readers of it refuse. */
const EARLIEST_AT = -62_135_596_800_000;
const LATEST_AT = 253_402_300_799_999;

/** `0xff0000`, `"#ff0000"`, `"#f00"`, `"0xff0000"` or `"16711680"`. */
export function toColor(value: unknown): number | null {
  const color = typeof value === "string" ? colorOfText(value.trim()) : toNumber(value);
  return color !== null && Number.isInteger(color) && color >= 0 && color <= MAX_COLOR ? color : null;
}

function colorOfText(text: string): number | null {
  const short = /^#([0-9a-f])([0-9a-f])([0-9a-f])$/i.exec(text);
  if (short !== null) return Number.parseInt(`${short[1]}${short[1]}${short[2]}${short[2]}${short[3]}${short[3]}`, 16);
  const hex = /^(?:#|0x)([0-9a-f]{1,6})$/i.exec(text);
  return hex === null ? toNumber(text) : Number.parseInt(hex[1]!, 16);
}

/** A finite number, also out of a numeric text or a bigint. */
export function toNumber(value: unknown): number | null {
  if (typeof value === "number") return Number.isFinite(value) ? value : null;
  if (typeof value === "bigint") return toNumber(Number(value));
  if (typeof value === "string" && value.length <= 32 && value.trim() !== "") return toNumber(Number(value));
  return null;
}

/** Epoch milliseconds of a Date, an ISO 8601 text (or any other that `Date` reads), or epoch milliseconds. */
export function toInstant(value: unknown): number | null {
  if (value === null || value === undefined) return null;
  const at = value instanceof Date ? value.getTime() : (toNumber(value) ?? parseDate(value));
  return at >= EARLIEST_AT && at <= LATEST_AT ? at : null;
}

function parseDate(value: unknown): number {
  return typeof value === "string" && value.length <= 64 ? Date.parse(value) : Number.NaN;
}

/** A link out of a text, a `URL`, or `{ url }` as Discord writes pictures. Whether a channel takes it is the channel's question. */
export function toUrl(value: unknown): string | null {
  if (value === undefined || value === null) return null;
  if (typeof value === "string") {
    const url = value.trim();
    return url !== "" && url.length <= MAX_URL_CHARS ? url : null;
  }
  if (typeof value !== "object") return null;
  if (value instanceof URL) return toUrl(value.href);
  return "url" in value && typeof value.url === "string" ? toUrl(value.url) : null;
}

const USER = /^(?:<@!?(\d{1,19})>|user:(\d{1,19})|(\d{1,19}))$/;
const ROLE = /^(?:<@&(\d{1,19})>|role:(\d{1,19}))$/;

/** Understands `@here`, `here`, `user:1`, `role:1`, `<@1>`, `<@!1>`, `<@&1>` and a bare user id. */
export function toMention(value: unknown): Mention | null {
  if (typeof value === "bigint") return toMention(String(value));
  if (typeof value !== "string" || value.length > 64) return null;
  const text = value.trim().toLowerCase();
  if (text === "here" || text === "@here") return "@here";
  if (text === "everyone" || text === "@everyone") return "@everyone";
  const user = USER.exec(text);
  if (user !== null) return mentionOf("user", user[1] ?? user[2] ?? user[3]!);
  const role = ROLE.exec(text);
  return role === null ? null : mentionOf("role", role[1] ?? role[2]!);
}

function mentionOf(kind: "user" | "role", id: string): Mention | null {
  return isSnowflake(id) ? `${kind}:${id}` : null;
}

/** Whether Discord would read the digits as an id: no leading zero, at most 2^63 - 1. */
function isSnowflake(digits: string): boolean {
  if (digits.startsWith("0")) return false;
  return digits.length < LARGEST_SNOWFLAKE.length || digits <= LARGEST_SNOWFLAKE;
}
