/**
 * Escapes text so that Discord shows exactly that text: no formatting, no link under other words, no ping, no picture.
 *
 * Upstream   render.ts, with texts of unknown origin. Downstream shorten.ts, because an escape counts towards limits.
 *
 * Only what would bite is escaped, so `soil_moisture`, `device-abc` and `15.2` stay as they are. What bites:
 * - everywhere: `*`, backquotes, doubled `~` and `|`, a backslash before punctuation, `_` except between two letters or
 *   digits (there Discord never ends italics), `<` except before a space (nothing that Discord puts between angle brackets
 *   begins with one), `](`, `@everyone` and `@here`, and `:name:`, which clients show as an emoji even in IPv6 addresses;
 * - at the start of a line, before a space or the end (where a mark of ours may follow): `#`, `-#`, `>`, `-`, `+`, `1.`
 *
 * Bare links stay clickable. Discord reads them to the next space without looking for markup, so a backslash in them would
 * be shown; the few characters that could end markup begun before the link are percent-encoded instead.
 *
 * Pure. Facts: https://docs.discord.com/developers/reference ("Message Formatting"); the client's rules as in the
 * `discord-markdown-parser` package, against which the test checks every text.
 */

/** Up to white space, as Discord reads it; without a backslash behind it, which Discord would take for a part of it. */
const LINK =
  /https?:\/\/(?:[\p{L}\p{N}-]+\.)*[\p{L}\p{N}-]+(?::\d{1,5})?(?:[/?#](?:[^\s<]{0,2048}[^<.,:;"')\]\s])?)?(?=[.,:;"')\]]*(?:\s|$))/u
    .source;
/** Anything else that begins like a link is text for us, and by this escape for Discord too. */
const NO_LINK = /(?<=https?):(?=\/\/)/.source;
const LINE_START = /^[^\S\n]*(?:#{1,3}|-#?|\+|>(?:>>)?|\d+\.)(?=[^\S\n]|(?![\s\S]))/.source;
const MENTION = /@(?=everyone|here)/.source;
const ANYWHERE = [
  /[*`]/,
  /~(?=~)|(?<=~)~/,
  /\|(?=\|)|(?<=\|)\|/,
  /\\(?![0-9A-Za-z\s])|\\(?=https?:\/\/)/,
  /_(?![0-9A-Za-z])|(?<![0-9A-Za-z])_|_(?=https?:\/\/)/,
  /<(?!=? )/,
  /(?<=\])\(/,
  /:(?=(?:100|1234|(?!\d+:)[\p{L}\p{N}_+-]{1,64}):)/u,
].map((pattern) => pattern.source);

/** One line without anything that the patterns above begin with: most texts, found out many times faster. */
const QUIET = /^(?![^\S\n]*(?:[#>+-]|\d+\.))[^*`~|\\_<@(:\n]*$/;
const ACTIVE = new RegExp([LINK, NO_LINK, LINE_START, MENTION, ...ANYWHERE].join("|"), "gmu");
const PINGS = new RegExp(MENTION, "g");
/** Not looked at by a check of Discord's own, and enough to keep a ping from being one. */
const ZERO_WIDTH_SPACE = "\u200b";

export interface EscapeOptions {
  /**
   * Whether bare links may grow a preview, which shows pictures and texts of strangers in an alert. Discord makes none in
   * embeds; elsewhere angle brackets, which are not shown, prevent it. @defaultValue true
   */
  readonly previews?: boolean;
}

/**
 * The text as it must be sent for Discord to show it as it is. Line breaks stay; the result may be longer, so measure it
 * afterwards.
 *
 * @example
 * escapeDiscord("**Basil** in a.csv"); // => "\\*\\*Basil\\*\\* in a.csv"
 */
export function escapeDiscord(text: string, options?: EscapeOptions): string {
  if (QUIET.test(text)) return text;
  return text.replace(ACTIVE, options?.previews === false ? escapedWithoutPreview : escaped);
}

/** Markdown of the sender's own, with nothing in it that pings everybody. */
export function defusePings(markdown: string): string {
  return markdown.replace(PINGS, `@${ZERO_WIDTH_SPACE}`);
}

function escaped(found: string): string {
  if (found.length === 1) return found === "@" ? `@${ZERO_WIDTH_SPACE}` : `\\${found}`;
  if (found.startsWith("http")) return safeLink(found);
  return found.endsWith(".") ? `${found.slice(0, -1)}\\.` : found.replace(/\S/, "\\$&");
}

function escapedWithoutPreview(found: string): string {
  return found.startsWith("http") ? `<${safeLink(found)}>` : escaped(found);
}

function safeLink(link: string): string {
  return link.replace(/_(?!_*[0-9A-Za-z])|(?<=\])\(|@(?=everyone|here)|>/g, percentEncoded);
}

function percentEncoded(character: string): string {
  return `%${character.charCodeAt(0).toString(16).toUpperCase()}`;
}
