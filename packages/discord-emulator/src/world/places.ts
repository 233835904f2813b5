/** The places messages stand in, and the doors they come through. Never changed: replaced by another of the same id. */

export type ChannelKind = "text" | "forum" | "media";

export interface Tag {
  readonly id: string;
  readonly name: string;
}

export interface Channel {
  readonly id: string;
  readonly name: string;
  readonly kind: ChannelKind;
  /** Forum and media: a new thread needs at least one tag. */
  readonly requireTag: boolean;
  readonly tags: readonly Tag[];
}

export interface Thread {
  readonly id: string;
  readonly parentId: string;
  readonly name: string;
  /** The webhook, bot or user that opened it. */
  readonly ownerId: string;
  readonly appliedTags: readonly string[];
  readonly archived: boolean;
  readonly locked: boolean;
}

/** A conversation of one person with one bot. */
export interface Direct {
  readonly id: string;
  readonly userId: string;
  readonly applicationId: string;
}

export interface Webhook {
  readonly id: string;
  readonly token: string;
  readonly channelId: string;
  readonly name: string;
  /** A data URL; null for the default picture. */
  readonly avatarUrl: string | null;
  /** The bot that made it, which may send buttons through it; null when a person did. */
  readonly applicationId: string | null;
}
