/**
 * The routes of interactions, which need no bot token: theirs is in the path.
 *
 *   POST /interactions/{id}/{token}/callback           the first answer
 *   POST /webhooks/{application}/{token}               further ones
 *   GET, PATCH, DELETE …/messages/{message|@original}
 */

import { LOADING } from "../form/flags.ts";
import { flag } from "../form/reader.ts";
import { createReport } from "../form/report.ts";
import * as answers from "../http/answer.ts";
import { type FormSource, readForm } from "../message/body-form.ts";
import { deleteMessage, editMessage } from "../message/edit.ts";
import type { Workshop } from "../workshop.ts";
import { toApiMessage } from "../world/api-message.ts";
import type { StoredMessage } from "../world/message.ts";
import { answerInteraction } from "./callback.ts";
import type { Interaction } from "./interaction.ts";
import { sayInAnswer } from "./say.ts";

export interface InteractionCall extends FormSource {
  readonly now: number;
  readonly method: string;
  readonly query: URLSearchParams;
}

export interface CallbackPath {
  readonly id: string;
  readonly token: string;
}

export function takeCallback(path: CallbackPath, call: InteractionCall, workshop: Workshop): answers.Answer {
  if (call.method !== "POST") return answers.METHOD_NOT_ALLOWED;
  const interaction = workshop.desk.find(path);
  if (interaction === undefined) return answers.UNKNOWN_INTERACTION;
  const read = readForm(call);
  if (read.kind === "refused") return read.answer;
  const answered = answerInteraction(interaction, { ...read, now: call.now }, workshop);
  if (answered.kind !== "answered") return answered;
  const isTold = flag(call.query.get("with_response"), createReport()) ?? false;
  return isTold ? answers.json(describe(interaction, answered, workshop)) : answers.EMPTY;
}

interface Answered {
  readonly type: number;
  readonly message: StoredMessage | null;
}

/** https://docs.discord.com/developers/interactions/receiving-and-responding#interaction-callback-interaction-callback-response-object */
function describe({ id, type, applicationId }: Interaction, answered: Answered, { world }: Workshop) {
  const { message } = answered;
  const resource =
    message === null ? {} : { resource: { type: answered.type, message: toApiMessage(message, world, applicationId) } };
  const about =
    message === null
      ? {}
      : {
          response_message_id: message.id,
          response_message_loading: (message.flags & LOADING) !== 0,
          response_message_ephemeral: message.visibleTo !== null,
        };
  return { interaction: { id, type, ...about }, ...resource };
}

export interface FollowUpPath {
  readonly applicationId: string;
  readonly token: string;
  /** `@original` or an id; null for a new message. */
  readonly messageId: string | null;
}

export function takeFollowUp(path: FollowUpPath, call: InteractionCall, workshop: Workshop): answers.Answer {
  const interaction = workshop.desk.find(path);
  if (interaction?.applicationId !== path.applicationId) return answers.INVALID_WEBHOOK_TOKEN;
  // Before the first answer there is nothing that could be followed up.
  if (workshop.desk.state(interaction) !== "answered") return answers.UNKNOWN_WEBHOOK;
  if (path.messageId === null) return followUp(interaction, call, workshop);
  const message = findAnswer(interaction, path.messageId, workshop);
  if (message === undefined) return answers.UNKNOWN_MESSAGE;
  switch (call.method) {
    case "GET":
      return show(message, workshop);
    case "PATCH":
      return change(message, call, workshop);
    case "DELETE":
      deleteMessage(message, workshop);
      return answers.EMPTY;
    default:
      return answers.METHOD_NOT_ALLOWED;
  }
}

function followUp(interaction: Interaction, call: InteractionCall, workshop: Workshop): answers.Answer {
  if (call.method !== "POST") return answers.METHOD_NOT_ALLOWED;
  const original = findAnswer(interaction, "@original", workshop);
  // After “is thinking” the first further message is the answer that was awaited.
  if (original !== undefined && (original.flags & LOADING) !== 0) return change(original, call, workshop);
  const read = readForm(call);
  if (read.kind === "refused") return read.answer;
  const said = sayInAnswer(interaction, { ...read, now: call.now }, workshop);
  return said.kind === "said" ? show(said.message, workshop) : said;
}

function findAnswer(interaction: Interaction, wanted: string, { world, desk }: Workshop): StoredMessage | undefined {
  const id = wanted === "@original" ? desk.originalOf(interaction) : wanted;
  const message = id === null ? undefined : world.log(interaction.channelId)?.get(id);
  return message?.author.id === interaction.applicationId ? message : undefined;
}

function change(message: StoredMessage, call: InteractionCall, workshop: Workshop): answers.Answer {
  const read = readForm(call);
  if (read.kind === "refused") return read.answer;
  const order = { ...read, message, now: call.now, withComponents: true, isInteractive: true };
  const edited = editMessage(order, workshop);
  return edited.kind === "edited" ? show(edited.message, workshop) : edited;
}

function show(message: StoredMessage, { world }: Workshop): answers.Answer {
  return answers.json(toApiMessage(message, world, message.author.id));
}
