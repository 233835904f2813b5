/** How the URL of a webhook that has been understood is written again: to be kept, or to be shown. Pure. */
import type { WebhookTarget } from "./target.ts";
import type { UrlParameters } from "./url-parameters.ts";

/** The one form of all that mean the same. It holds the token. */
export function webhookUrlOf({ origin, path, threadId }: WebhookTarget, { recovery, tags }: UrlParameters): string {
  const query = new URLSearchParams();
  if (threadId !== null) query.set("thread_id", threadId);
  if (recovery !== null) query.set("recovery", recovery);
  if (tags.length > 0) query.set("tags", tags.map(({ of, id }) => (of === null ? id : `${of}:${id}`)).join(","));
  return `${origin}${path}${query.size === 0 ? "" : `?${query}`}`;
}

/** For people: where it leads, without what is secret. */
export function shownWebhookUrl({ origin, path, token, threadId }: WebhookTarget): string {
  const thread = threadId === null ? "" : `?thread_id=${threadId}`;
  return `${origin}${path.slice(0, -token.length)}…${thread}`;
}
