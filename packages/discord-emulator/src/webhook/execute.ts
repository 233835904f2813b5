/**
 * Executes a webhook: `POST /webhooks/{id}/{token}`.
 * https://docs.discord.com/developers/resources/webhook#execute-webhook
 */
import { shownEmbeds } from "../form/embed.ts";
import { type ExecutePayload, executePayload, SUPPRESS_EMBEDS, SUPPRESS_NOTIFICATIONS } from "../form/payload.ts";
import { flag } from "../form/reader.ts";
import { createReport } from "../form/report.ts";
import { type Answer, EMPTY, EMPTY_MESSAGE, invalidForm, json } from "../http/answer.ts";
import { type StoredMessage, toApiMessage } from "../world/message.ts";
import { firedPings } from "../world/pings.ts";
import type { Call, Workshop } from "./call.ts";
import { readForm } from "./form.ts";

const SETTABLE_FLAGS = SUPPRESS_EMBEDS | SUPPRESS_NOTIFICATIONS;

export function execute(call: Call, workshop: Workshop): Answer {
  const form = readForm(call);
  if (form.kind === "refused") return form.answer;
  const report = createReport();
  const payload = executePayload(form.value, report);
  const wait = flag(call.query.get("wait"), report) ?? false;
  if (report.errors.length > 0 || payload === undefined) return invalidForm(report.errors);
  if (!payload.content && !payload.embeds?.length) return EMPTY_MESSAGE;

  const message = toMessage(payload, call, workshop);
  workshop.world.log(message.channelId)?.add(message);
  workshop.events.emit({ kind: "message-created", message });
  return wait ? json(toApiMessage(message)) : EMPTY;
}

function toMessage(payload: ExecutePayload, { now, route, webhook }: Call, { world }: Workshop): StoredMessage {
  const content = payload.content ?? "";
  const embeds = payload.embeds ?? [];
  const pings = firedPings(content, payload.allowed_mentions);
  return Object.freeze({
    id: world.nextId(),
    channelId: webhook.channelId,
    webhookId: webhook.id,
    createdAt: now,
    editedAt: null,
    username: payload.username ?? webhook.name,
    avatarUrl: payload.avatar_url ?? null,
    content,
    tts: payload.tts ?? false,
    flags: (payload.flags ?? 0) & SETTABLE_FLAGS,
    embeds,
    shownEmbeds: shownEmbeds(embeds),
    components: [],
    attachments: [],
    poll: null,
    allowedMentions: payload.allowed_mentions ?? null,
    pings,
    mentions: pings,
    apiVersion: route.version,
  });
}
