/** A message as the emulator keeps it, and as Discord's API shows it. */
import type { APIEmbed, APIMessage, APIMessageTopLevelComponent, APIPoll } from "discord-api-types/v10";
import type { AllowedMentions } from "../form/allowed-mentions.ts";
import { toApiTime } from "../time/api-time.ts";
import type { Pings } from "./pings.ts";

export interface StoredAttachment {
  readonly id: string;
  readonly filename: string;
  readonly description: string | null;
  readonly contentType: string;
  readonly sizeBytes: number;
  readonly url: string;
}

/** Never changed once stored: an edit puts a new object with the same id in its place. */
export interface StoredMessage {
  readonly id: string;
  /** The channel it stands in; for a message in a thread, the thread. */
  readonly channelId: string;
  readonly webhookId: string;
  /** Epoch milliseconds. */
  readonly createdAt: number;
  readonly editedAt: number | null;
  readonly username: string;
  readonly avatarUrl: string | null;
  readonly content: string;
  readonly tts: boolean;
  readonly flags: number;
  /** As sent. */
  readonly embeds: readonly APIEmbed[];
  /** As shown: of several embeds with one `url` only the first. */
  readonly shownEmbeds: readonly APIEmbed[];
  readonly components: readonly APIMessageTopLevelComponent[];
  readonly attachments: readonly StoredAttachment[];
  readonly poll: APIPoll | null;
  /** As sent with the message or its last edit; null when it was left out. */
  readonly allowedMentions: AllowedMentions | null;
  /** Whom the message rang when it was created. An edit never rings anybody. */
  readonly pings: Pings;
  /** Whom the message names as mentioned now; the same as `pings` until an edit. */
  readonly mentions: Pings;
  /** API version of the request that created it; 6 for the unversioned address. */
  readonly apiVersion: number;
}

export function toApiMessage(message: StoredMessage): APIMessage {
  const { mentions } = message;
  const shown = {
    id: message.id,
    type: 0,
    content: message.content,
    channel_id: message.channelId,
    author: {
      id: message.webhookId,
      username: message.username,
      avatar: null,
      discriminator: "0000",
      public_flags: 0,
      flags: 0,
      bot: true,
      global_name: null,
      clan: null,
      primary_guild: null,
    },
    attachments: message.attachments.map(toApiAttachment),
    embeds: message.embeds,
    mentions: mentions.users.map(toApiUser),
    mention_roles: mentions.roles,
    pinned: false,
    mention_everyone: mentions.everyone || mentions.here,
    tts: message.tts,
    timestamp: toApiTime(message.createdAt),
    edited_timestamp: message.editedAt === null ? null : toApiTime(message.editedAt),
    flags: message.flags,
    components: message.components,
    webhook_id: message.webhookId,
    ...(message.poll === null ? {} : { poll: message.poll }),
  };
  // The enums of discord-api-types have no structural form: the numbers above are their values.
  return shown as unknown as APIMessage;
}

function toApiAttachment({ id, filename, description, contentType, sizeBytes, url }: StoredAttachment) {
  return {
    id,
    filename,
    size: sizeBytes,
    url,
    proxy_url: url,
    content_type: contentType,
    ...(description === null ? {} : { description }),
  };
}

function toApiUser(id: string) {
  return { id, username: `user-${id.slice(-4)}`, avatar: null, discriminator: "0", global_name: null };
}
