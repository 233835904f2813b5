/** Builds what is stored from what was sent. */
import type { APIEmbed } from "discord-api-types/v10";
import type { AllowedMentions } from "../form/allowed-mentions.ts";
import { weigh } from "../form/components.ts";
import { shownEmbeds } from "../form/embed.ts";
import { IS_COMPONENTS_V2, LOADING, SUPPRESS_EMBEDS, SUPPRESS_NOTIFICATIONS } from "../form/flags.ts";
import type { EditForm, ExecuteForm } from "../form/payload.ts";
import { toPoll } from "../form/poll.ts";
import type { Workshop } from "../workshop.ts";
import type { Author, Cause, StoredAttachment, StoredMessage } from "../world/message.ts";
import { firedPings, NO_PINGS, type Pings } from "../world/pings.ts";
import type { UploadedFile } from "./multipart.ts";

const SETTABLE = SUPPRESS_EMBEDS | SUPPRESS_NOTIFICATIONS | IS_COMPONENTS_V2;

/** Everything about a new message but what is in its form. */
export interface Origin {
  readonly id: string;
  readonly channelId: string;
  readonly attachments: readonly StoredAttachment[];
  readonly now: number;
  readonly author: Author;
  readonly webhookId: string | null;
  readonly username: string;
  readonly avatarUrl: string | null;
  readonly apiVersion: number;
  /** Flags beside those that the form may set. */
  readonly flags?: number;
  readonly type?: number;
  readonly replyTo?: string | null;
  readonly nonce?: string | null;
  readonly cause?: Cause | null;
  readonly visibleTo?: string | null;
  /** Who may ring when the form does not say. @defaultValue users, as for webhooks */
  readonly mentionsByDefault?: AllowedMentions;
  /** Who wrote the message that is answered, and is to be rung for it. */
  readonly rings?: string | null;
}

export function composeMessage(form: ExecuteForm, origin: Origin): StoredMessage {
  const { now, id, channelId, attachments, author, webhookId, username, avatarUrl, apiVersion } = origin;
  const content = form.content ?? "";
  const components = form.components ?? [];
  const flags = ((form.flags ?? 0) & SETTABLE) | (origin.flags ?? 0);
  const embeds = withAttachments(form.embeds ?? [], attachments);
  const named = pingsOf(content, components, form.allowed_mentions ?? origin.mentionsByDefault);
  const pings = withUser(named, origin.rings ?? null);
  return Object.freeze({
    id,
    channelId,
    attachments,
    author,
    webhookId,
    username,
    avatarUrl,
    apiVersion,
    createdAt: now,
    editedAt: null,
    type: origin.type ?? 0,
    content,
    tts: form.tts ?? false,
    flags,
    embeds,
    shownEmbeds: shown(embeds, flags),
    components,
    poll: form.poll === undefined ? null : toPoll(form.poll, now),
    allowedMentions: form.allowed_mentions ?? null,
    pings,
    mentions: pings,
    reactions: [],
    replyTo: origin.replyTo ?? null,
    nonce: origin.nonce ?? null,
    cause: origin.cause ?? null,
    visibleTo: origin.visibleTo ?? null,
  });
}

export interface Edit {
  readonly form: EditForm;
  /** Which keys the form names at all: a named key without a value empties what it names. */
  readonly named: ReadonlySet<string>;
  readonly attachments: readonly StoredAttachment[];
  readonly now: number;
}

/** The message after an edit. Mentions are worked out anew, and nobody is rung. */
export function composeEdit(before: StoredMessage, { form, named, attachments, now }: Edit): StoredMessage {
  const content = named.has("content") ? (form.content ?? "") : before.content;
  const embeds = named.has("embeds") ? withAttachments(form.embeds ?? [], attachments) : before.embeds;
  const components = named.has("components") ? (form.components ?? []) : before.components;
  const isAnswer = (before.flags & LOADING) !== 0;
  const flags = (named.has("flags") ? editedFlags(before.flags, form.flags ?? 0) : before.flags) & ~LOADING;
  return Object.freeze({
    ...before,
    // The answer that was still to come is no edit.
    editedAt: isAnswer ? null : now,
    content,
    embeds,
    shownEmbeds: shown(embeds, flags),
    components,
    flags,
    attachments,
    allowedMentions: form.allowed_mentions ?? null,
    mentions: pingsOf(content, components, form.allowed_mentions),
  });
}

/** SUPPRESS_EMBEDS goes on and off, IS_COMPONENTS_V2 only on, the rest stays. */
function editedFlags(before: number, wanted: number): number {
  return (before & ~SUPPRESS_EMBEDS) | (wanted & (SUPPRESS_EMBEDS | IS_COMPONENTS_V2));
}

export interface Substance {
  readonly content?: string | undefined;
  readonly embeds?: readonly unknown[] | undefined;
  readonly components?: readonly unknown[] | undefined;
  readonly attachments?: readonly unknown[] | undefined;
  readonly poll?: unknown;
}

/** Nothing to see: no text, no embed, no component, no file, no poll. */
export function isBlank({ content, embeds = [], components = [], attachments = [], poll }: Substance): boolean {
  return !content && embeds.length + components.length + attachments.length === 0 && !poll;
}

function pingsOf(content: string, components: readonly unknown[], allowed: AllowedMentions | undefined): Pings {
  if (components.length === 0) return content === "" ? NO_PINGS : firedPings(content, allowed);
  return firedPings([content, ...weigh(components).texts].join("\n"), allowed);
}

function withUser(pings: Pings, userId: string | null): Pings {
  if (userId === null || pings.users.includes(userId)) return pings;
  return { ...pings, users: [...pings.users, userId] };
}

function shown(embeds: readonly APIEmbed[], flags: number): readonly APIEmbed[] {
  return (flags & SUPPRESS_EMBEDS) !== 0 ? [] : shownEmbeds(embeds);
}

/** Puts the address of the uploaded file in the place of `attachment://name`. */
function withAttachments(embeds: readonly APIEmbed[], attachments: readonly StoredAttachment[]): readonly APIEmbed[] {
  if (attachments.length === 0) return embeds;
  const resolve = (url: string | undefined) => {
    const name = url?.startsWith("attachment://") ? url.slice("attachment://".length) : undefined;
    return attachments.find(({ filename }) => filename === name)?.url ?? url;
  };
  return embeds.map((embed) => {
    const resolved: APIEmbed = structuredClone(embed);
    for (const media of [resolved.image, resolved.thumbnail]) if (media) media.url = resolve(media.url) ?? "";
    for (const icon of [resolved.author, resolved.footer]) if (icon?.icon_url) icon.icon_url = resolve(icon.icon_url)!;
    return resolved;
  });
}

export interface Upload {
  readonly files: readonly UploadedFile[];
  readonly form: EditForm;
  readonly channelId: string;
}

/** Stores the files of a request and returns what the message says about them. */
export function storeFiles({ files, form, channelId }: Upload, { world, publicUrl }: Workshop): StoredAttachment[] {
  return files.map(({ key, filename: sentName, contentType, bytes }) => {
    const about = form.attachments?.find(({ id }) => id === key);
    const id = world.nextId();
    // Discord replaces blanks in file names; the rest of the odd characters are ours to keep out of a URL.
    const filename = (about?.filename ?? sentName ?? "").replace(/[^\p{L}\p{N}._-]/gu, "_").slice(0, 200) || "unknown";
    world.files.add({ id, filename, contentType, bytes });
    return {
      id,
      filename,
      description: about?.description ?? null,
      contentType,
      sizeBytes: bytes.length,
      url: `${publicUrl()}/attachments/${channelId}/${id}/${encodeURIComponent(filename)}`,
    };
  });
}

/** Puts it where it belongs, and tells. */
export function keepMessage(message: StoredMessage, { world, events }: Workshop): void {
  const dropped = world.log(message.channelId)?.add(message);
  for (const attachment of dropped?.attachments ?? []) world.files.remove(attachment.id);
  events.emit({ kind: "message-created", message });
}
