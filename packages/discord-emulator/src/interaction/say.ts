/** Puts into the channel what a bot answers to an interaction. */
import { crashesDiscord } from "../form/components.ts";
import { EPHEMERAL, LOADING } from "../form/flags.ts";
import { type BotForm, readBotForm } from "../form/payload.ts";
import { createReport } from "../form/report.ts";
import { type Answer, EMPTY_MESSAGE, invalidForm, SERVER_ERROR } from "../http/answer.ts";
import { composeMessage, isBlank, keepMessage, storeFiles } from "../message/compose.ts";
import type { UploadedFile } from "../message/multipart.ts";
import { insistOnMentions } from "../message/strict.ts";
import type { Workshop } from "../workshop.ts";
import type { StoredMessage } from "../world/message.ts";
import { COMMAND, type Interaction } from "./interaction.ts";

const REPLY = 19;
const COMMAND_ANSWER = 20;

/** Users alone ring, as with webhooks; the reply to a press rings nobody. */
const USERS_ALONE = Object.freeze({ parse: ["users"] as const });

export interface Speech {
  readonly value: unknown;
  readonly files: readonly UploadedFile[];
  readonly now: number;
  /** Where in the request the form stands, for complaints; the whole of it when left out. */
  readonly within?: string;
}

export type Said = { readonly kind: "said"; readonly message: StoredMessage } | Answer;

export function sayInAnswer(interaction: Interaction, speech: Speech, workshop: Workshop): Said {
  const { value, files, now, within } = speech;
  const report = createReport();
  if (within !== undefined) report.enter(within);
  const form = readBotForm(value, files.length > 0, report);
  if (report.errors.length > 0 || form === undefined) return invalidForm(report.errors);
  if (isBlank({ ...form, attachments: files })) return EMPTY_MESSAGE;
  if (form.components !== undefined && crashesDiscord(form.components)) return SERVER_ERROR;
  const violation = insistOnMentions(form, { now, senderId: interaction.applicationId }, workshop);
  if (violation !== null) return violation;
  return { kind: "said", message: keep(interaction, { form, files, now, flags: 0 }, workshop) };
}

/** “… is thinking”, with no content yet. */
export function think(interaction: Interaction, { flags, now }: Thought, workshop: Workshop): StoredMessage {
  const form: BotForm = { flags };
  return keep(interaction, { form, files: [], now, flags: LOADING }, workshop);
}

export interface Thought {
  readonly flags: number;
  readonly now: number;
}

interface Kept {
  readonly form: BotForm;
  readonly files: readonly UploadedFile[];
  readonly now: number;
  readonly flags: number;
}

function keep(interaction: Interaction, { form, files, now, flags }: Kept, workshop: Workshop): StoredMessage {
  const { world } = workshop;
  const { applicationId, channelId, id, type, name, userId, messageId } = interaction;
  const isEphemeral = ((form.flags ?? 0) & EPHEMERAL) !== 0;
  const message = composeMessage(form, {
    id: world.nextId(),
    channelId,
    now,
    apiVersion: 10,
    attachments: storeFiles({ files, form, channelId }, workshop),
    author: { kind: "bot", id: applicationId },
    webhookId: applicationId,
    username: world.users.get(applicationId)!.name,
    avatarUrl: null,
    type: type === COMMAND ? COMMAND_ANSWER : REPLY,
    replyTo: messageId,
    cause: { id, type, name, userId },
    flags: flags | (isEphemeral ? EPHEMERAL : 0),
    visibleTo: isEphemeral ? userId : null,
    mentionsByDefault: USERS_ALONE,
  });
  keepMessage(message, workshop);
  return message;
}
