/** A person at a client: says something as a test or the page wants it. */

import { composeMessage, isBlank, keepMessage } from "../message/compose.ts";
import type { Workshop } from "../workshop.ts";
import type { User } from "../world/member.ts";
import type { StoredMessage } from "../world/message.ts";
import type { World } from "../world/world.ts";

/** A channel or thread by itself or by its id. */
export type Where = string | { readonly id: string };

export interface SayOptions {
  /** The message it answers. */
  readonly replyTo?: string;
}

const REPLY = 19;

export interface Speech extends SayOptions {
  readonly user: User;
  readonly where: Where;
  readonly text: string;
  readonly now: number;
}

/** @throws Error when there is no such place, nothing is said, or what is answered is not there. */
export function say({ user, where, text, replyTo, now }: Speech, workshop: Workshop): StoredMessage {
  const channelId = idOf(where, workshop.world);
  if (isBlank({ content: text.trim() })) throw new Error("A message needs some text.");
  const answered = replyTo === undefined ? undefined : workshop.world.log(channelId)?.get(replyTo);
  if (replyTo !== undefined && answered === undefined) throw new Error(`There is no message ${replyTo} to answer.`);
  const message = composeMessage(
    { content: text.trim() },
    {
      id: workshop.world.nextId(),
      channelId,
      attachments: [],
      now,
      apiVersion: 10,
      author: { kind: "user", id: user.id },
      webhookId: null,
      username: user.name,
      avatarUrl: null,
      type: answered === undefined ? 0 : REPLY,
      replyTo: answered?.id ?? null,
      rings: answered === undefined || answered.author.kind === "webhook" ? null : answered.author.id,
      mentionsByDefault: { parse: ["users", "roles", "everyone"] },
    },
  );
  keepMessage(message, workshop);
  return message;
}

/** @throws Error when there is no such place. */
export function idOf(where: Where, world: World): string {
  const id = typeof where === "string" ? where : where.id;
  if (world.log(id) === undefined) throw new Error(`There is no channel or thread ${id}.`);
  return id;
}
