/** A channel, thread or conversation as a bot sees it; and how it begins a conversation. */
import { model, snowflake } from "../form/reader.ts";
import { createReport } from "../form/report.ts";
import { type Answer, invalidForm, json, UNKNOWN_USER } from "../http/answer.ts";
import { readForm } from "../message/body-form.ts";
import type { Workshop } from "../workshop.ts";
import { toApiChannel, toApiDirect, toApiThread } from "../world/api-guild.ts";
import type { BotCall } from "./call.ts";
import { findBotPlace } from "./place.ts";

export function getChannel(call: BotCall, { world }: Workshop): Answer {
  const place = findBotPlace(call, [], world);
  if (place.kind !== "place") return place;
  const direct = world.directs.get(place.id);
  if (direct !== undefined) return json(toApiDirect(direct, world));
  return json(place.thread === null ? toApiChannel(place.channel, world) : toApiThread(place.thread, world));
}

const recipient = model({ recipient_id: snowflake }, { required: ["recipient_id"] });

/** `POST /users/@me/channels`: the same one every time. */
export function openDirect(call: BotCall, { world, events }: Workshop): Answer {
  const read = readForm(call);
  if (read.kind === "refused") return read.answer;
  const report = createReport();
  const userId = recipient(read.value, report)?.recipient_id ?? "";
  if (report.errors.length > 0) return invalidForm(report.errors);
  if (world.users.get(userId)?.isBot !== false) return UNKNOWN_USER;
  const direct = world.directBetween(userId, call.application.id);
  events.emit({ kind: "changed" });
  return json(toApiDirect(direct, world));
}
