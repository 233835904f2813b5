/**
 * Sends to a Discord webhook, and changes what it has sent: renders, posts, classifies the answer. It neither waits nor retries; delivery does.
 *
 * `wait=true` is always asked for, because only then does Discord say whether the message has been stored, and under which id.
 */
import type { Channel, ChannelCheck, SendOutcome, SendRequest } from "../../delivery/channel.ts";
import type { RenderStyle } from "../../message/discord/render.ts";
import { fitsInOneMessage, type MessageSize, sizeOf } from "../../message/discord/size.ts";
import type { Notification } from "../../notification/notification.ts";
import type { Reply } from "../http/exchange.ts";
import { createRequests } from "../http/requests.ts";
import type { HttpTransport, WireRequest } from "../http/transport.ts";
import { DISCORD_USER_AGENT } from "../user-agent.ts";
import { classifyCheck, guildOf } from "./check.ts";
import { classifySend } from "./classify.ts";
import { encodeMessage, notRendered } from "./encode.ts";
import { type WebhookLimits, webhookLimitPlan } from "./limits.ts";
import { createOldEdits } from "./old-edits.ts";
import type { WebhookTarget } from "./target.ts";
import type { ForumTag } from "./url-parameters.ts";
import { needsLinks, type WireMessage, wireMessage } from "./wire-message.ts";

export interface DiscordWebhookOptions {
  readonly target: WebhookTarget;
  /** Names and pictures that all messages carry. */
  readonly style: RenderStyle;
  /** Shared by the webhooks of a notifier; who made it closes it. */
  readonly transport: HttpTransport;
  readonly limits?: WebhookLimits;
  /** Of posts, where its channel is a forum. @defaultValue none */
  readonly tags?: readonly ForumTag[];
  /** Must begin with `DiscordBot (`, or Discord's edge may refuse it. @defaultValue names this library and its version */
  readonly userAgent?: string;
}

export function createDiscordWebhookChannel(options: DiscordWebhookOptions): Channel {
  const { target, style, transport, tags = [], userAgent = DISCORD_USER_AGENT } = options;
  const plainHeaders = ["user-agent", userAgent];
  const jsonHeaders = [...plainHeaders, "content-type", "application/json"];
  const requests = createRequests(transport);
  const sizes = new WeakMap<Notification, MessageSize>();
  let guildId: string | null = null;
  let isForum = false;
  const oldEdits = createOldEdits();

  function ask<T>(request: Omit<WireRequest, "origin" | "headers">, read: (reply: Reply) => T): Promise<T> {
    const headers = typeof request.body === "string" ? jsonHeaders : plainHeaders;
    return requests.ask({ ...request, origin: target.origin, headers }, read);
  }

  function send(request: SendRequest): Promise<SendOutcome> {
    const refusal = oldEdits.refusal(request.edit, request.now);
    if (refusal !== null) return Promise.resolve(refusal);
    // Only the webhook itself says which server it belongs to: asked once, when somebody wants to know.
    if (guildId === null && needsLinks(request)) return check().then(() => post(request));
    return post(request);
  }

  function post(request: SendRequest): Promise<SendOutcome> {
    let wire: WireMessage;
    let body: WireRequest["body"];
    try {
      wire = wireMessage(request, { target, style, guildId, isForum, tags });
      body = encodeMessage(wire.message);
    } catch (error) {
      return Promise.resolve(notRendered(error, request));
    }
    const { method, path, sent } = wire;
    return ask({ method, path, body }, (reply) => {
      const outcome = classifySend(reply, sent);
      oldEdits.learn(reply, outcome, request.now);
      // Nothing else tells that a channel is a forum.
      if (outcome.kind === "rejected" && outcome.degradeBy === "as-post") isForum = true;
      return outcome;
    });
  }

  /** Measuring costs as much as rendering, and what waits is asked about again and again. */
  function sizeOfOne(notification: Notification): MessageSize {
    let size = sizes.get(notification);
    if (size === undefined) {
      size = sizeOf(notification, style.service);
      sizes.set(notification, size);
    }
    return size;
  }

  function check(): Promise<ChannelCheck> {
    return ask({ method: "GET", path: target.path, body: null }, (reply) => {
      guildId = guildOf(reply) ?? guildId;
      return classifyCheck(reply, target);
    });
  }

  async function close(): Promise<void> {
    requests.close();
  }

  const limits = webhookLimitPlan(target, options.limits);
  // In a forum each alert has a post of its own.
  const fits = (notifications: readonly Notification[]): boolean =>
    !(isForum && notifications.length > 1) && fitsInOneMessage(notifications.map(sizeOfOne));
  const { label } = target;
  return { kind: "discord-webhook", label, limits, inPlace: ["edit", "answer"], fits, send, check, close };
}
