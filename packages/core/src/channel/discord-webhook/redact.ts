/**
 * Takes webhook tokens out of any text: URLs in all the forms that people paste, and tokens on their own.
 * Whoever has a token can post as the webhook and delete it, so it must not reach a log, an error or a history row.
 * Pure.
 */

const MASK = "***";

/** A slash as it is, escaped in JSON, or percent-encoded. */
const SLASH = String.raw`(?:\\?\/|%2f)`;
const TOKEN_FORMS: readonly RegExp[] = [
  // …/webhooks/<id>/<token>, on any host and in any version.
  new RegExp(`(webhooks${SLASH}[^\\s/\\\\%]{1,64}${SLASH})[^\\s"'<>?#/\\\\&%)\\]}]+`, "gi"),
  // discord://<id>/<token> and discord://<name>@<id>/<token>
  new RegExp(`(discord:${SLASH}${SLASH}(?:[^\\s/@]*@)?\\d+${SLASH})[^\\s"'<>?#/\\\\&%)\\]}]+`, "gi"),
];
/** discord://<token>@<id>; a name is masked as well, which costs nothing. */
const TOKEN_BEFORE_ID = new RegExp(`(discord:${SLASH}${SLASH})[^\\s/@]+(?=@\\d)`, "gi");
/** On its own a token is 68 characters; a row of dashes or a word is none, hence the digit and the letters. */
const BARE_TOKEN = /(?<![\w-])(?=[\w-]*\d)(?=[\w-]*[a-z])[\w-]{68}(?![\w-])/gi;

/** The text with every webhook token in it replaced by `***`; ids stay, so that one can tell which webhook it was. */
export function redactWebhookUrls(text: string): string {
  let safe = text;
  for (const form of TOKEN_FORMS) safe = safe.replace(form, `$1${MASK}`);
  return safe.replace(TOKEN_BEFORE_ID, `$1${MASK}`).replace(BARE_TOKEN, MASK);
}
