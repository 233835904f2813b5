/** What an HTTP status says of a Discord webhook, and what to do. Pure. */
import { sentenceOfStatus } from "../http/status.ts";

const SENTENCES: ReadonlyMap<number, string> = new Map([
  [401, "the credentials are not accepted: copy the webhook's URL again"],
  [403, "access is denied: check the webhook's URL and what stands between here and Discord"],
  [404, "there is no such webhook: copy its URL again"],
  [405, "this address takes no messages: copy the webhook's URL again"],
  [410, "the webhook is gone: create a new one and use its URL"],
]);

/** The sentence to follow `HTTP <status>: `. */
export function webhookSentence(status: number): string {
  return SENTENCES.get(status) ?? sentenceOfStatus(status);
}
