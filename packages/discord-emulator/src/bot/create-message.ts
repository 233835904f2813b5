/**
 * `POST /channels/{channel}/messages`. With `enforce_nonce` the same nonce within some minutes makes no second message:
 * the first is answered again.
 * https://docs.discord.com/developers/resources/message#create-message
 */
import { crashesDiscord } from "../form/components.ts";
import * as answers from "../http/answer.ts";
import { readForm } from "../message/body-form.ts";
import { isBlank } from "../message/compose.ts";
import { insistOnMentions } from "../message/strict.ts";
import type { Workshop } from "../workshop.ts";
import { toApiMessage } from "../world/api-message.ts";
import type { StoredMessage } from "../world/message.ts";
import type { BotCall } from "./call.ts";
import { type BotOrder, readBotOrder } from "./message-form.ts";
import type { NonceOf } from "./nonces.ts";
import { type BotPlace, findBotPlace } from "./place.ts";
import { post } from "./post.ts";

export function createBotMessage(call: BotCall, workshop: Workshop): answers.Answer {
  const { world } = workshop;
  const place = findBotPlace(call, [], world);
  if (place.kind !== "place") return place;
  if (!place.held.includes(place.thread === null ? "SEND_MESSAGES" : "SEND_MESSAGES_IN_THREADS")) {
    return answers.MISSING_PERMISSIONS;
  }
  const read = readForm(call);
  if (read.kind === "refused") return read.answer;
  const order = readBotOrder(read);
  if (order.kind !== "order") return order;
  const nonceOf = { authorId: call.application.id, channelId: place.id, nonce: order.form.nonce ?? "" };
  const earlier = findEarlier(order, nonceOf, { call, workshop });
  if (earlier !== null) return earlier;
  const refusal =
    refusalOf(order, place) ?? insistOnMentions(order.form, { now: call.now, senderId: call.application.id }, workshop);
  if (refusal !== null) return refusal;
  const answered = findAnswered(order, place);
  if (answered === "unknown") return UNKNOWN_REFERENCE;

  if (place.thread?.archived) world.replaceThread({ ...place.thread, archived: false });
  const message = post({ ...order, placeId: place.id, answered }, call, workshop);
  if (order.form.nonce !== undefined) workshop.nonces.keep(nonceOf, message.id, call.now);
  return answers.json(toApiMessage(message, world, call.application.id));
}

interface Hands {
  readonly call: BotCall;
  readonly workshop: Workshop;
}

/** The answer to a message that was made before; it may have been deleted since. */
function findEarlier({ form }: BotOrder, nonceOf: NonceOf, { call, workshop }: Hands): answers.Answer | null {
  if (form.nonce === undefined || form.enforce_nonce !== true) return null;
  const { world, nonces } = workshop;
  const id = nonces.find(nonceOf, call.now);
  if (id === null) return null;
  const message = world.log(nonceOf.channelId)?.get(id);
  if (message === undefined) return answers.UNKNOWN_MESSAGE;
  return answers.json(toApiMessage(message, world, call.application.id));
}

function refusalOf({ form, files }: BotOrder, { channel, thread }: BotPlace): answers.Answer | null {
  if (thread === null && channel.kind !== "text") return answers.NO_FORUM_MESSAGES;
  if (thread?.locked) return answers.THREAD_LOCKED;
  if (isBlank({ ...form, attachments: files })) return answers.EMPTY_MESSAGE;
  return form.components !== undefined && crashesDiscord(form.components) ? answers.SERVER_ERROR : null;
}

const UNKNOWN_REFERENCE = answers.invalidForm([
  { path: ["message_reference"], code: "REPLIES_UNKNOWN_MESSAGE", message: "Unknown message" },
]);

/** The message that is answered; null when none is, or when it is gone and the bot does not mind. */
function findAnswered({ form }: BotOrder, { log }: BotPlace): StoredMessage | "unknown" | null {
  const { message_id: id, fail_if_not_exists: minds = true } = form.message_reference ?? {};
  if (id === undefined) return null;
  const found = log.get(id);
  if (found !== undefined && found.visibleTo === null) return found;
  return minds ? "unknown" : null;
}
