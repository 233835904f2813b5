/** `GET /channels/{channel}` and the members of a guild as bots see them. */
import { type Answer, json } from "../http/answer.ts";
import type { Workshop } from "../workshop.ts";
import { toApiChannel, toApiThread } from "../world/api-guild.ts";
import type { BotCall } from "./call.ts";
import { findBotPlace } from "./place.ts";

export function getChannel(call: BotCall, { world }: Workshop): Answer {
  const place = findBotPlace(call, [], world);
  if (place.kind !== "place") return place;
  return json(place.thread === null ? toApiChannel(place.channel, world) : toApiThread(place.thread, world));
}
