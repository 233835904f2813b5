/** Puts into a channel or thread what a bot has written there by itself. */
import type { BotForm } from "../form/payload.ts";
import { composeMessage, keepMessage, storeFiles } from "../message/compose.ts";
import type { UploadedFile } from "../message/multipart.ts";
import type { Workshop } from "../workshop.ts";
import type { StoredMessage } from "../world/message.ts";
import type { BotCall } from "./call.ts";

/**
 * Bots may ring whoever they name, unless they say otherwise.
 * https://docs.discord.com/developers/resources/message#allowed-mentions-object
 */
const EVERYBODY = Object.freeze({ parse: ["users", "roles", "everyone"] as const });

const REPLY = 19;

export interface Post {
  readonly form: BotForm;
  readonly files: readonly UploadedFile[];
  /** The channel or thread. */
  readonly placeId: string;
  /** The message that it answers. */
  readonly answered: StoredMessage | null;
  /** An id that is settled already: that of the thread which it opens. */
  readonly id?: string;
}

export function post({ form, files, placeId, answered, id }: Post, call: BotCall, workshop: Workshop): StoredMessage {
  const { application, now, version } = call;
  const isRung = form.allowed_mentions === undefined || form.allowed_mentions.replied_user === true;
  const message = composeMessage(form, {
    id: id ?? workshop.world.nextId(),
    channelId: placeId,
    attachments: storeFiles({ files, form, channelId: placeId }, workshop),
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
  return message;
}
