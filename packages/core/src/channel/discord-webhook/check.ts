/** Reads the answer to `GET /webhooks/{id}/{token}`, which tells whether a webhook can be used without posting. Pure. */
import type { ChannelCheck } from "../../delivery/channel.ts";
import type { Reply } from "../http/exchange.ts";
import { plainText } from "../plain-text.ts";
import { parseObject } from "./api-error.ts";
import { channelPoolKey, classifySend } from "./classify.ts";
import type { WebhookTarget } from "./target.ts";

/** The id of the Discord server that the webhook belongs to, or `null`. */
export function guildOf(reply: Reply): string | null {
  const guildId = reply.kind === "answer" ? parseObject(reply.body)?.["guild_id"] : null;
  return typeof guildId === "string" && /^\d{1,20}$/.test(guildId) ? guildId : null;
}

export function classifyCheck(reply: Reply, target: WebhookTarget): ChannelCheck {
  const outcome = classifySend(reply, { target, degrade: [], hasFiles: false });
  // Nothing was posted, so nothing can be in doubt.
  if (outcome.kind === "ambiguous") return { ok: false, kind: "unavailable", error: outcome.error };
  if (outcome.kind !== "delivered") return { ok: false, kind: outcome.kind, error: outcome.error };
  const webhook = reply.kind === "answer" ? parseObject(reply.body) : null;
  const { name, channel_id: channelId } = webhook ?? {};
  if (typeof channelId !== "string") {
    const message = `${new URL(target.origin).host} did not answer as Discord does: check what stands at this address.`;
    return { ok: false, kind: "unavailable", error: { code: "not-discord", message, status: outcome.status } };
  }
  return {
    ok: true,
    detail: `webhook "${plainText(name, 80)}" in channel ${plainText(channelId, 20)}`,
    poolKey: channelPoolKey(channelId),
  };
}
