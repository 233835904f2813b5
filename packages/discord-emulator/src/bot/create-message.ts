/**
 * `POST /channels/{channel}/messages`. With `enforce_nonce` the same nonce within some minutes makes no second message:
 * the first is answered again.
 */
import { crashesDiscord } from "../form/components.ts";
import { type Answer, EMPTY_MESSAGE, json, NO_FORUM_MESSAGES, SERVER_ERROR, THREAD_LOCKED } from "../http/answer.ts";
import type { Workshop } from "../webhook/call.ts";
import { composeMessage, isBlank, keepMessage, storeFiles } from "../webhook/compose.ts";
import { toApiMessage } from "../world/api-message.ts";
import type { StoredMessage } from "../world/message.ts";
import type { BotCall } from "./call.ts";
import { type BotOrder, readBotOrder } from "./message-form.ts";
import { type BotPlace, findBotPlace } from "./place.ts";

/** “The past few minutes”, as the documentation has it; the figure is ours. */
export const NONCE_LIFE_MS = 5 * 60_000;

/** Bots may ring whoever they name, unless they say otherwise (https://docs.discord.com/developers/resources/message#allowed-mentions-object). */
const EVERYBODY = Object.freeze({ parse: ["users", "roles", "everyone"] as const });

const REPLY = 19;

type Refused = Extract<Answer, { kind: "problem" }>;

const UNKNOWN_REFERENCE: Refused = {
  kind: "problem",
  problem: {
    ...{ status: 400, code: 50035, message: "Invalid Form Body" },
    errors: [{ path: ["message_reference"], code: "REPLIES_UNKNOWN_MESSAGE", message: "Unknown message" }],
  },
};

export function createBotMessage(call: BotCall, workshop: Workshop): Answer {
  const { world } = workshop;
  const place = findBotPlace(call, ["SEND_MESSAGES"], world);
  if (place.kind !== "place") return place;
  const order = readBotOrder(call);
  if (order.kind !== "order") return order;
  const earlier = earlierWithNonce(order, place, call);
  if (earlier !== undefined) return json(toApiMessage(earlier, world, call.application.id));
  const answered = findAnswered(order, place);
  if (answered !== null && "problem" in answered) return answered;
  return refusalOf(order, place) ?? post({ ...order, answered }, place, { call, workshop });
}

/** The message that is answered; null when none is, or when it is gone and the bot does not mind. */
function findAnswered({ form }: BotOrder, { log }: BotPlace): StoredMessage | Refused | null {
  const { message_id: id, fail_if_not_exists: minds = true } = form.message_reference ?? {};
  if (id === undefined) return null;
  const found = log.get(id);
  if (found !== undefined && found.visibleTo === null) return found;
  return minds ? UNKNOWN_REFERENCE : null;
}

function refusalOf({ form, files }: BotOrder, { channel, thread }: BotPlace): Answer | null {
  if (thread === null && channel.kind !== "text") return NO_FORUM_MESSAGES;
  if (thread?.locked) return THREAD_LOCKED;
  if (isBlank({ ...form, attachments: files })) return EMPTY_MESSAGE;
  return form.components !== undefined && crashesDiscord(form.components) ? SERVER_ERROR : null;
}

function earlierWithNonce({ form }: BotOrder, { log }: BotPlace, call: BotCall): StoredMessage | undefined {
  if (form.nonce === undefined || form.enforce_nonce !== true) return undefined;
  return log
    .all()
    .findLast(
      ({ author, nonce, createdAt }) =>
        author.id === call.application.id && nonce === form.nonce && call.now - createdAt <= NONCE_LIFE_MS,
    );
}

interface Hands {
  readonly call: BotCall;
  readonly workshop: Workshop;
}

interface CheckedOrder extends BotOrder {
  readonly answered: StoredMessage | null;
}

function post({ form, files, answered }: CheckedOrder, place: BotPlace, { call, workshop }: Hands): Answer {
  const { world } = workshop;
  const { application, now, version } = call;
  if (place.thread?.archived) world.replaceThread({ ...place.thread, archived: false });
  const isRung = form.allowed_mentions === undefined || form.allowed_mentions.replied_user === true;
  const message = composeMessage(form, {
    id: world.nextId(),
    channelId: place.id,
    attachments: storeFiles({ files, form, channelId: place.id }, workshop),
    now,
    apiVersion: version,
    author: { kind: "bot", id: application.id },
    webhookId: null,
    username: application.name,
    avatarUrl: null,
    type: answered === null ? 0 : REPLY,
    replyTo: answered?.id ?? null,
    rings: answered !== null && answered.author.kind === "user" && isRung ? answered.author.id : null,
    nonce: form.nonce ?? null,
    mentionsByDefault: EVERYBODY,
  });
  keepMessage(message, workshop);
  return json(toApiMessage(message, world, application.id));
}
