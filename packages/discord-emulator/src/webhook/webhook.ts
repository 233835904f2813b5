/**
 * Shows, changes and deletes a webhook by its own token: whoever has the URL may do all three.
 * https://docs.discord.com/developers/resources/webhook#get-webhook-with-token and following
 */
import { createHash } from "node:crypto";
import { isRecord, model, type Reader } from "../form/reader.ts";
import { createReport } from "../form/report.ts";
import { username } from "../form/username.ts";
import * as answers from "../http/answer.ts";
import { readForm } from "../message/body-form.ts";
import type { Workshop } from "../workshop.ts";
import type { Webhook } from "../world/places.ts";
import type { Call } from "./call.ts";

export function handleWebhook(call: Call, workshop: Workshop): answers.Answer {
  switch (call.method) {
    case "GET":
      return answers.json(toApiWebhook(call.webhook, workshop));
    case "PATCH":
      return change(call, workshop);
    case "DELETE":
      workshop.world.removeWebhook(call.webhook.id);
      workshop.limiter.forgetWebhook(call.webhook.id);
      workshop.events.emit({ kind: "webhook-deleted", webhook: call.webhook });
      return answers.EMPTY;
    default:
      return answers.METHOD_NOT_ALLOWED;
  }
}

const picture: Reader<string> = (input, report) => {
  if (input === null || input === undefined) return undefined;
  if (typeof input === "string" && /^data:image\/(?:png|jpeg|gif|webp);base64,[A-Za-z0-9+/=]+$/.test(input))
    return input;
  report.complain("IMAGE_INVALID", "Invalid image data");
  return undefined;
};

const changes = model({ name: username, avatar: picture });

function change(call: Call, workshop: Workshop): answers.Answer {
  const read = readForm(call);
  if (read.kind === "refused") return read.answer;
  const report = createReport();
  const form = changes(read.value, report);
  if (report.errors.length > 0 || form === undefined) return answers.invalidForm(report.errors);
  const namesAvatar = isRecord(read.value) && "avatar" in read.value;
  const changed: Webhook = {
    ...call.webhook,
    name: form.name ?? call.webhook.name,
    avatarUrl: namesAvatar ? (form.avatar ?? null) : call.webhook.avatarUrl,
  };
  workshop.world.replaceWebhook(changed);
  workshop.events.emit({ kind: "changed" });
  return answers.json(toApiWebhook(changed, workshop));
}

export function toApiWebhook(webhook: Webhook, { world, publicUrl }: Workshop): unknown {
  const { id, token, name, channelId, avatarUrl, applicationId } = webhook;
  return {
    application_id: applicationId,
    avatar: avatarUrl === null ? null : createHash("md5").update(avatarUrl).digest("hex"),
    channel_id: channelId,
    guild_id: world.guildId,
    id,
    name,
    type: 1,
    token,
    url: `${publicUrl()}/api/webhooks/${id}/${token}`,
  };
}
