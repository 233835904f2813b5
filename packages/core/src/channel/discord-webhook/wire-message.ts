/**
 * What is asked of Discord for one send: a new message, an answer to an earlier one, or the change of one. Pure.
 *
 * Webhooks cannot reply, so an answer stands in the thread of the first message, or has a link to it.
 * https://docs.discord.com/developers/resources/webhook#execute-webhook and #edit-webhook-message
 */
import type { MessageAddress, SendRequest } from "../../delivery/channel.ts";
import {
  type DiscordBody,
  type DiscordMessage,
  type RenderStyle,
  renderDiscord,
} from "../../message/discord/render.ts";
import type { Notification } from "../../notification/notification.ts";
import type { SentMessage } from "./classify.ts";
import { forumPost } from "./forum-post.ts";
import type { WebhookTarget } from "./target.ts";
import type { ForumTag } from "./url-parameters.ts";

export interface WireMessage {
  readonly method: "POST" | "PATCH";
  /** With its query. */
  readonly path: string;
  readonly message: Omit<DiscordMessage, "body"> & { readonly body: object };
  /** What the answer's meaning depends on. */
  readonly sent: SentMessage;
}

export interface WireParts {
  readonly target: WebhookTarget;
  readonly style: RenderStyle;
  /** Of the Discord server, for links to messages; `null` while it is not known. */
  readonly guildId: string | null;
  /** Whether the webhook's channel is known to be a forum, where each message opens a post. */
  readonly isForum: boolean;
  /** Of posts. */
  readonly tags: readonly ForumTag[];
}

export function wireMessage(request: SendRequest, parts: WireParts): WireMessage {
  return request.edit === undefined ? posted(request, parts) : patched(request, request.edit, parts);
}

/** Whether links to earlier messages are needed. */
export function needsLinks({ answers }: SendRequest): boolean {
  return answers?.some((to) => to !== null && to.threadId === null) ?? false;
}

/** The same files stay with the message, and its sender cannot be changed. No ping comes of it, whoever is allowed one. */
function patched(
  { notifications, degrade }: SendRequest,
  edit: MessageAddress,
  { target, style }: WireParts,
): WireMessage {
  const { body, notes } = renderDiscord({ notifications, degrade }, style);
  const { username: _, avatar_url: __, ...shown } = body;
  const threadId = edit.threadId ?? target.threadId;
  return {
    method: "PATCH",
    path: `${target.path}/messages/${edit.id}${threadId === null ? "" : `?thread_id=${threadId}`}`,
    message: { body: shown, files: [], notes },
    sent: { target, degrade, hasFiles: false, inPlace: "edit" },
  };
}

function posted({ notifications, degrade, answers }: SendRequest, parts: WireParts): WireMessage {
  const { target, style, isForum, tags } = parts;
  const shown = answers === undefined ? notifications : pointingAll(notifications, answers, parts);
  const { body, files, notes } = renderDiscord({ notifications: shown, degrade }, style);
  const ownThread = answers?.[0]?.threadId ?? null;
  const threadId = ownThread ?? target.threadId;
  const opensPost = threadId === null && (isForum || degrade.includes("as-post"));
  const inPlace = opensPost ? "post" : threadIfAny(ownThread);
  return {
    method: "POST",
    path: `${target.path}?wait=true${threadId === null ? "" : `&thread_id=${threadId}`}`,
    message: { body: opensPost ? { ...body, ...forumPost(notifications[0], tags, degrade) } : body, files, notes },
    sent: { target, degrade, hasFiles: files.length > 0, inPlace, ...embedsOneByOne(body, notifications) },
  };
}

/** A notification never has more than one, so where there are as many, each has its own. */
function embedsOneByOne({ embeds = [] }: DiscordBody, { length }: readonly Notification[]): { embeds?: number } {
  return length > 1 && embeds.length === length ? { embeds: length } : {};
}

function threadIfAny(threadId: string | null): "thread" | undefined {
  return threadId === null ? undefined : "thread";
}

function pointingAll(
  [first, ...others]: SendRequest["notifications"],
  answers: NonNullable<SendRequest["answers"]>,
  parts: WireParts,
): SendRequest["notifications"] {
  const rest = others.map((one, index) => pointing(one, answers[index + 1] ?? null, parts));
  return [pointing(first, answers[0] ?? null, parts), ...rest];
}

/** With a link to the earlier message, unless it stands in that one's thread. */
function pointing(
  notification: Notification,
  to: MessageAddress | null,
  { target, guildId }: Pick<WireParts, "target" | "guildId">,
): Notification {
  if (to === null || to.threadId !== null || to.channelId === null || guildId === null) return notification;
  const url = `${target.origin}/channels/${guildId}/${to.channelId}/${to.id}`;
  const link = { kind: "link", text: "First message", url } as const;
  return { ...notification, blocks: [...(notification.blocks ?? []), link] };
}
