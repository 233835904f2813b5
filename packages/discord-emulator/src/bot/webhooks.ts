/**
 * Webhooks that a bot makes: it may send buttons through them.
 * https://docs.discord.com/developers/resources/webhook#create-webhook
 */
import { model } from "../form/reader.ts";
import { createReport } from "../form/report.ts";
import { username } from "../form/username.ts";
import { type Answer, invalidForm, json } from "../http/answer.ts";
import { readForm } from "../message/body-form.ts";
import { toApiWebhook } from "../webhook/webhook.ts";
import type { Workshop } from "../workshop.ts";
import type { BotCall } from "./call.ts";
import { findBotPlace } from "./place.ts";

const newWebhook = model({ name: username }, { required: ["name"] });

export function createBotWebhook(call: BotCall, workshop: Workshop): Answer {
  const place = findBotPlace(call, ["MANAGE_WEBHOOKS"], workshop.world);
  if (place.kind !== "place") return place;
  const read = readForm(call);
  if (read.kind === "refused") return read.answer;
  const report = createReport();
  const { name = "" } = newWebhook(read.value, report) ?? {};
  if (report.errors.length > 0) return invalidForm(report.errors);
  const about = { channelId: place.channel.id, name, applicationId: call.application.id };
  const webhook = workshop.world.addWebhook(about);
  workshop.events.emit({ kind: "changed" });
  return json(toApiWebhook(webhook, workshop));
}

export function listWebhooks(call: BotCall, workshop: Workshop): Answer {
  const place = findBotPlace(call, ["MANAGE_WEBHOOKS"], workshop.world);
  if (place.kind !== "place") return place;
  const own = [...workshop.world.webhooks.values()].filter(({ channelId }) => channelId === place.channel.id);
  return json(own.map((webhook) => toApiWebhook(webhook, workshop)));
}
