/** Text from the remote, made fit for one of our own sentences. Pure. */
import { redactSecrets } from "./redact-secrets.ts";

const SHOWN_CHARS = 200;

/** One line without control characters and secrets, at most `maxChars` long; empty when there is no text. */
export function plainText(text: unknown, maxChars = SHOWN_CHARS): string {
  if (typeof text !== "string") return "";
  // Cut before the work, so that a megabyte from the remote costs no more than a line.
  const line = redactSecrets(text.slice(0, maxChars * 4))
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\s]+/gu, " ")
    .trim();
  const chars = [...line];
  return chars.length <= maxChars ? line : `${chars.slice(0, maxChars - 1).join("")}…`;
}

/** The text without the full stop, colon or dash at its end, to go on after it. */
export function withoutStop(text: string): string {
  return text.replace(/[\s.:;,-]+$/, "");
}
