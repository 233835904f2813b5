/**
 * Takes out of any text what would let its reader send or log in: webhook and bot tokens, signing secrets, passwords in URLs. For logs,
 * errors and whatever a remote sends back. Pure.
 */
import { redactWebhookUrls } from "./discord-webhook/redact.ts";

/** A slash as it is, or escaped in JSON. */
const SLASH = String.raw`\\?/`;
/** What every form has some of. Most lines have none, and telling so costs a fifth of looking for each. */
const SUSPICIOUS = /:(?:\\?\/|%2f)|%3a|whsec_|webhooks|(?<![\w-])[\w-]{68}|[\w-]{18}\.[\w-]{6,7}\.[\w-]{20}/i;
const FORMS: readonly (readonly [form: RegExp, safe: string])[] = [
  // Discord's bot tokens.
  [/(?<![\w-])[\w-]{18,40}\.[\w-]{6,7}\.[\w-]{20,80}(?![\w-])/g, "***"],
  // Standard Webhooks, also percent-encoded.
  [/whsec_[\w+/=%\\-]+/gi, "whsec_***"],
  // Path and query may hold tokens of the receiver's.
  [new RegExp(`(webhook\\+https?:${SLASH}${SLASH}[^\\s"'<>?/\\\\]{0,260})[^\\s"'<>]*`, "gi"), "$1/***"],
  // What is before the host, even where a password has @, / or ? that should have been percent-encoded.
  [
    new RegExp(
      `(smtps?:${SLASH}${SLASH})(?:(?![?&]\\w+=)\\S){0,512}?@(?=[\\w.:[\\]-]{1,260}(?:${SLASH})?(?:\\?\\w+=|[\\s"']|$))`,
      "gi",
    ),
    "$1***@",
  ],
  [/(smtps?%3a%2f%2f)[^\s"'<>&]+/gi, "$1***"],
  // scheme://user:password@host
  [new RegExp(`(:${SLASH}${SLASH}[^\\s:/@?#\\\\]{0,256}:)[^\\s/@?#\\\\]{1,512}(?=@)`, "g"), "$1***"],
];

/** The text with every secret that can be recognised in it replaced by `***`. */
export function redactSecrets(text: string): string {
  if (!SUSPICIOUS.test(text)) return text;
  let safe = redactWebhookUrls(text);
  for (const [form, replacement] of FORMS) safe = safe.replace(form, replacement);
  return safe;
}
