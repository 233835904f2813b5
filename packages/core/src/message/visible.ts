/**
 * Makes invisible characters visible: control characters become their Unicode pictures (ESC shows as ␛), half
 * characters become U+FFFD. Terminals would obey the first and channels strip or refuse them; either way the reader would
 * not see what is there. Tabs stay, and every kind of line break becomes a line feed. Pure.
 */

const ACTING = /\r\n?|[\u2028\u2029]|[^\P{Cc}\n\t]|\p{Cs}/gu;

/** Most texts; telling so is much cheaper than replacing nothing. */
const PRINTABLE_ASCII = /^[ -~]*$/;

/** The same without white space around it. */
const TIDY_ASCII = /^(?:[!-~](?:[ -~]*[!-~])?)?$/;

/** The text with nothing in it that acts instead of being shown. */
export function visible(text: string): string {
  return PRINTABLE_ASCII.test(text) ? text : text.replace(ACTING, shown);
}

/** As {@link visible}, without white space around it. */
export function visibleTrimmed(text: string): string {
  return TIDY_ASCII.test(text) ? text : visible(text).trim();
}

/** As {@link visibleLine}, without white space around it. */
export function visibleLineTrimmed(text: string): string {
  return TIDY_ASCII.test(text) ? text : visibleLine(text).trim();
}

function shown(found: string): string {
  const code = found.charCodeAt(0);
  if (code === 0x0d || code === 0x2028 || code === 0x2029) return "\n";
  if (code < 0x20) return String.fromCharCode(0x2400 + code);
  return code === 0x7f ? "\u2421" : "\ufffd";
}

/** The same on one line, for titles and names. */
export function visibleLine(text: string): string {
  if (PRINTABLE_ASCII.test(text)) return text;
  const lines = visible(text).split("\n");
  if (lines.length === 1) return lines[0]!;
  return lines
    .map((line) => line.trim())
    .filter((line) => line !== "")
    .join(" ");
}
