/**
 * What a webhook's URL asks for beside the place: how the end of a matter is told there, and the tags of forum posts. Ours, not
 * Discord's, so it is taken out of the URL before anything is sent. Pure.
 *
 * `?recovery=both&tags=critical:111,monitoring:222,333`: posts about what is critical get the tag 111, those of the type `monitoring` 222,
 * all of them 333.
 */
import { RECOVERIES, type Recovery } from "../../notification/recovery.ts";

export interface UrlParameters {
  /** `null` where it does not say. */
  readonly recovery: Recovery | null;
  readonly tags: readonly ForumTag[];
}

export interface ForumTag {
  /** A type or a severity; `null` for all. */
  readonly of: string | null;
  readonly id: string;
}

const TAG = /^(?:(?<of>[^:]+):)?(?<id>\d{1,20})$/;

/** `notes`: what was left out, one sentence each without a full stop. */
export function readUrlParameters(query: URLSearchParams): UrlParameters & { readonly notes: readonly string[] } {
  const notes: string[] = [];
  const word = query.get("recovery")?.trim().toLowerCase() ?? "";
  const recovery = RECOVERIES.find((one) => one === word) ?? null;
  if (word !== "" && recovery === null)
    notes.push(`recovery in the webhook URL was left out: it is one of ${RECOVERIES.join(", ")}`);
  const tags: ForumTag[] = [];
  for (const text of (query.get("tags") ?? "").split(",")) {
    if (text.trim() === "") continue;
    const { id, of } = TAG.exec(text.trim())?.groups ?? {};
    if (id === undefined) notes.push("a tag in the webhook URL was left out: write tags=critical:<id of the tag>");
    else tags.push({ of: of?.trim().toLowerCase() ?? null, id });
  }
  return { recovery, tags, notes };
}
