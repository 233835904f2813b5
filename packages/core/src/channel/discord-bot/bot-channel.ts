/**
 * Sends to a Discord channel as a bot: rendered, limited and classified as for a webhook, with buttons for what people may do about an
 * alert.
 *
 * Each message carries a nonce that stands for exactly this notification, and asks Discord to enforce it: a message whose answer was lost
 * is sent again and comes back as the one that is there (https://docs.discord.com/developers/resources/message#create-message). That is
 * also why a message holds one notification here, where a webhook's holds up to ten: another set of them would be another message.
 */
import { createHash } from "node:crypto";
import type {
  Channel,
  ChannelCheck,
  LimitPlan,
  MessageAddress,
  SendOutcome,
  SendRequest,
} from "../../delivery/channel.ts";
import { type DiscordMessage, renderDiscord } from "../../message/discord/render.ts";
import type { Notification } from "../../notification/notification.ts";
import { parseObject } from "../discord-webhook/api-error.ts";
import { classifySend, type SentMessage } from "../discord-webhook/classify.ts";
import { encodeMessage, notRendered } from "../discord-webhook/encode.ts";
import { DEFAULT_WEBHOOK_LIMITS, type WebhookLimits } from "../discord-webhook/limits.ts";
import type { Reply } from "../http/exchange.ts";
import { plainText } from "../plain-text.ts";
import { buttonsOf } from "./buttons.ts";
import { matterOf } from "./custom-id.ts";
import { type BotRestParts, createBotRest } from "./rest.ts";
import { shortId } from "./target.ts";
import { BOT_VOICE } from "./voice.ts";

export interface DiscordBotOptions extends BotRestParts {
  readonly channelId: string;
  /** Begins the footers. */
  readonly service: string;
  readonly limits?: Pick<WebhookLimits, "egress" | "bucket">;
}

/** Not published: about five messages in five seconds for a bot in a channel (https://github.com/discord/discord-api-docs/issues/5646). */
const DEFAULT_BUCKET = { limit: 5, intervalMs: 5_000 };
/** Discord takes up to 25 characters. */
const NONCE_CHARS = 25;

/** Nothing to keep out of sentences before there is a token. */
const NO_TOKEN = "\0";

export function createDiscordBotChannel(options: DiscordBotOptions): Channel {
  const { channelId, service } = options;
  const rest = createBotRest(options);
  const style = { service, username: null, avatarUrl: null };

  function outcomeOf(reply: Reply, about: Pick<SentMessage, "degrade" | "hasFiles" | "inPlace">): SendOutcome {
    const target = { origin: rest.api.origin, token: rest.token() ?? NO_TOKEN, threadId: null };
    const outcome = classifySend(reply, { ...about, target, voice: BOT_VOICE });
    if (outcome.kind === "delivered") return outcome;
    const message = outcome.error.message.replaceAll(channelId, shortId(channelId));
    return { ...outcome, error: { ...outcome.error, message } };
  }

  async function send(request: SendRequest): Promise<SendOutcome> {
    let message: DiscordMessage;
    try {
      message = renderDiscord(request, style);
    } catch (error) {
      return notRendered(error, request);
    }
    const { edit } = request;
    return edit === undefined ? post(request, message) : change(edit, request, message);
  }

  async function post(request: SendRequest, { body, files }: DiscordMessage): Promise<SendOutcome> {
    const reply = await rest.request("POST", `/channels/${channelId}/messages`, (token) =>
      encodeMessage({ files, body: { ...body, ...extrasOf(request, token) } }),
    );
    return outcomeOf(reply, { degrade: request.degrade, hasFiles: files.length > 0 });
  }

  /** What has been written below the message by those who acted stays; the buttons go with the end of the matter. No ping comes of it. */
  async function change(
    { id, channelId: where }: MessageAddress,
    { notifications: [notification], degrade }: SendRequest,
    { body }: DiscordMessage,
  ): Promise<SendOutcome> {
    const reply = await rest.request("PATCH", `/channels/${where ?? channelId}/messages/${id}`, (token) =>
      encodeMessage({ files: [], body: { ...body, components: buttonsOf(notification, token) } }),
    );
    return outcomeOf(reply, { degrade, hasFiles: false, inPlace: "edit" });
  }

  async function check(): Promise<ChannelCheck> {
    const reply = await rest.request("GET", `/channels/${channelId}`);
    return readCheck(reply, outcomeOf(reply, { degrade: [], hasFiles: false }));
  }

  return {
    kind: "discord-bot",
    label: `bot in channel ${shortId(channelId)}`,
    limits: limitPlan(options),
    inPlace: ["edit", "answer"],
    send,
    check,
    close: async () => rest.close(),
  };
}

/** What a bot's message has beyond a webhook's. */
function extrasOf({ notifications: [notification], answers }: SendRequest, token: string): object {
  const components = buttonsOf(notification, token);
  const [to = null] = answers ?? [];
  return {
    // An answer to a message that is gone is told all the same.
    ...(to === null ? {} : { message_reference: { message_id: to.id, fail_if_not_exists: false } }),
    ...(components.length === 0 ? {} : { components }),
    nonce: nonceOf(notification),
    enforce_nonce: true,
  };
}

/** The same for each attempt at the same message, also after a restart; another when the notification has come to stand for more. */
function nonceOf({ id, count, phase }: Notification): string {
  return createHash("sha256").update(`${id}:${count}:${phase}`).digest("base64url").slice(0, NONCE_CHARS);
}

function readCheck(reply: Reply, outcome: SendOutcome): ChannelCheck {
  // Nothing was posted, so nothing can be in doubt.
  if (outcome.kind === "ambiguous") return { ok: false, kind: "unavailable", error: outcome.error };
  if (outcome.kind !== "delivered") return { ok: false, kind: outcome.kind, error: outcome.error };
  const channel = reply.kind === "answer" ? parseObject(reply.body) : null;
  if (typeof channel?.["id"] === "string") {
    return { ok: true, detail: `bot in channel "${plainText(channel["name"], 80)}"`, poolKey: null };
  }
  const message = "The answer is not one of Discord's: check what stands at the API's address.";
  return { ok: false, kind: "unavailable", error: { code: "not-discord", message, status: outcome.status } };
}

/** A ban of the address concerns webhooks and bot alike, so both are one egress. */
function limitPlan({ api, channelId, limits = {} }: DiscordBotOptions): LimitPlan {
  const egress = limits.egress === undefined ? DEFAULT_WEBHOOK_LIMITS.egress : limits.egress;
  const bucket = limits.bucket === undefined ? DEFAULT_BUCKET : limits.bucket;
  return {
    egress: egress && { key: `discord:${api.origin}`, spec: egress },
    pool: null,
    bucket: bucket && { key: `bot-in-channel:${matterOf(channelId)}`, spec: bucket },
  };
}
