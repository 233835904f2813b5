/**
 * How much of what an application hands over is kept. Far above what any channel shows, so that nobody loses text that
 * could have been read, and low enough that one mistake (a 1 MB error text, an object with a million keys) cannot fill
 * the memory of a queue. Characters here are UTF-16 units: cheap to measure on the caller's thread.
 */

/** Longest title, message and content kept. Discord shows 4,096 characters of a description. */
export const MAX_TEXT_CHARS = 100_000;
/** Longest field value kept. Discord shows 1,024. */
export const MAX_VALUE_CHARS = 10_000;
/** Longest name kept: of a field, an author, a label, a file. Discord shows 256 of the first two. */
export const MAX_NAME_CHARS = 1_000;
/** Fields kept. Discord shows 25. */
export const MAX_FIELDS = 1_000;
export const MAX_BLOCKS = 20;
export const MAX_LABELS = 100;
/** Discord pings at most 100 users and 100 roles at once. */
export const MAX_MENTIONS = 202;
export const MAX_FILES = 100;
/** A larger file becomes a note that says so. No Discord server without boosts takes even half of it in one request. */
export const MAX_FILE_BYTES = 25 * 1_024 * 1_024;
/** A longer link is left out: a cut one would lead elsewhere. */
export const MAX_URL_CHARS = 8_192;
/** A longer key is ignored: a cut one could equal another. */
export const MAX_KEY_CHARS = 1_024;
/** A longer type is cut. */
export const MAX_TYPE_CHARS = 64;
export const MAX_PRIORITY = 1_000;
export const MAX_QUIET_HOURS = 20;
/** A longer one cannot be read: the longest that can is about half as long. */
export const MAX_QUIET_HOURS_CHARS = 120;

/** The first `maxChars` of a text, with a mark at the end when there was more. */
export function bounded(text: string, maxChars: number): string {
  if (text.length <= maxChars) return text;
  // Through bytes and back: a plain slice would keep the whole original alive for as long as the notification lives.
  return Buffer.from(`${text.slice(0, maxChars - 1)}…`, "utf16le").toString("utf16le");
}
