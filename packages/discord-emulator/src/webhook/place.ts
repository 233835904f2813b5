/**
 * Decides where a message goes: the webhook's channel, one of its threads, or a thread yet to be opened. Pure.
 *
 * Errors 220001 to 220003, 40067: https://docs.discord.com/developers/topics/opcodes-and-status-codes#json
 */
import * as answers from "../http/answer.ts";
import type { Thread, Webhook } from "../world/places.ts";
import type { World } from "../world/world.ts";

export type Place =
  | { readonly kind: "channel"; readonly channelId: string }
  | { readonly kind: "thread"; readonly thread: Thread }
  | { readonly kind: "new-thread"; readonly name: string; readonly appliedTags: readonly string[] }
  | { readonly kind: "refused"; readonly answer: answers.Answer };

export interface PlaceRequest {
  readonly threadId: string | undefined;
  readonly threadName: string | undefined;
  readonly appliedTags: readonly string[];
}

export function findPlace(request: PlaceRequest, { channelId }: Webhook, world: World): Place {
  const channel = world.channels.get(channelId);
  if (channel === undefined) return refused(answers.UNKNOWN_CHANNEL);
  const isForum = channel.kind !== "text";
  const name = request.threadName === "" ? undefined : request.threadName;

  if (request.threadId !== undefined) {
    if (name !== undefined) return refused(isForum ? answers.THREAD_NAME_AND_ID_GIVEN : answers.THREADS_ONLY_IN_FORUMS);
    const thread = world.threads.get(request.threadId);
    if (thread?.parentId !== channelId) return refused(answers.UNKNOWN_CHANNEL);
    return thread.locked ? refused(answers.THREAD_LOCKED) : { kind: "thread", thread };
  }
  if (!isForum) return name === undefined ? { kind: "channel", channelId } : refused(answers.THREADS_ONLY_IN_FORUMS);
  if (name === undefined) return refused(answers.THREAD_NAME_OR_ID_NEEDED);
  if (channel.requireTag && request.appliedTags.length === 0) return refused(answers.TAG_REQUIRED);
  const known = request.appliedTags.every((id) => channel.tags.some((tag) => tag.id === id));
  return known ? { kind: "new-thread", name, appliedTags: request.appliedTags } : refused(answers.UNKNOWN_TAG);
}

function refused(answer: answers.Answer): Place {
  return { kind: "refused", answer };
}
