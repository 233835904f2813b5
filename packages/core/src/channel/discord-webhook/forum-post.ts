/**
 * The post that a message opens in a forum channel: its name and tags. Pure.
 *
 * A webhook opens threads in forum and media channels only, and there takes no message without one.
 * https://docs.discord.com/developers/resources/webhook#execute-webhook
 */
import type { DegradeStep } from "../../delivery/channel.ts";
import { DISCORD_LIMITS } from "../../message/discord/limits.ts";
import { shorten } from "../../message/shorten.ts";
import { emptyText } from "../../message/template/to-card.ts";
import { visibleLineTrimmed } from "../../message/visible.ts";
import type { Notification } from "../../notification/notification.ts";
import type { ForumTag } from "./url-parameters.ts";

export interface ForumPost {
  readonly thread_name: string;
  /** Ids; left out when there are none. */
  readonly applied_tags?: readonly string[];
}

export function forumPost(
  notification: Notification,
  tags: readonly ForumTag[],
  degrade: readonly DegradeStep[],
): ForumPost {
  const { type, severity } = notification;
  const wanted = tags.filter(({ of }) => of === null || of === severity || of === type.toLowerCase());
  const ids = [...new Set(wanted.map(({ id }) => id))].slice(0, DISCORD_LIMITS.appliedTags);
  const thread_name = shorten(nameOf(notification), DISCORD_LIMITS.threadNameChars);
  return ids.length === 0 || degrade.includes("without-tags") ? { thread_name } : { thread_name, applied_tags: ids };
}

/** The first that says something. */
function nameOf(notification: Notification): string {
  const { title, message, content } = notification;
  const texts = [title, message, content].map((text) => visibleLineTrimmed((text ?? "").toWellFormed()));
  return texts.find((text) => text !== "") ?? emptyText(notification);
}
