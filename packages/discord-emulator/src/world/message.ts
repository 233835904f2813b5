/** A message as the emulator keeps it. */
import type { APIEmbed, APIMessageTopLevelComponent, APIPoll } from "discord-api-types/v10";
import type { AllowedMentions } from "../form/allowed-mentions.ts";
import type { Pings } from "./pings.ts";

export interface StoredAttachment {
  readonly id: string;
  readonly filename: string;
  readonly description: string | null;
  readonly contentType: string;
  readonly sizeBytes: number;
  readonly url: string;
}

export interface Author {
  readonly kind: "webhook" | "bot" | "user";
  readonly id: string;
}

export interface Reaction {
  /** The emoji itself, or `name:id` of a custom one. */
  readonly emoji: string;
  readonly userIds: readonly string[];
}

/** What a message answers that was made by an interaction. */
export interface Cause {
  readonly id: string;
  /** 2: a command, 3: a component. */
  readonly type: number;
  /** The command's name; empty for a component. */
  readonly name: string;
  readonly userId: string;
}

/** Never changed once stored: an edit puts a new object with the same id in its place. */
export interface StoredMessage {
  readonly id: string;
  /** The channel it stands in; for a message in a thread, the thread. */
  readonly channelId: string;
  readonly author: Author;
  /** Null when no webhook wrote it. */
  readonly webhookId: string | null;
  /** 0 ordinary, 19 an answer to another message, 20 an answer to a command. */
  readonly type: number;
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
  readonly reactions: readonly Reaction[];
  /** The message it answers, which stands in the same channel; null when it answers none. */
  readonly replyTo: string | null;
  readonly nonce: string | null;
  /** The interaction it answers; null when it answers none. */
  readonly cause: Cause | null;
  /** The only user who sees it; null when everybody does. */
  readonly visibleTo: string | null;
  /** API version of the request that created it; 6 for the unversioned address. */
  readonly apiVersion: number;
}
