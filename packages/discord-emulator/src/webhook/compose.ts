/** Builds what is stored from what was sent. */
import type { APIEmbed } from "discord-api-types/v10";
import { weigh } from "../form/components.ts";
import { shownEmbeds } from "../form/embed.ts";
import { IS_COMPONENTS_V2, SUPPRESS_EMBEDS, SUPPRESS_NOTIFICATIONS } from "../form/flags.ts";
import type { EditForm, ExecuteForm } from "../form/payload.ts";
import { toPoll } from "../form/poll.ts";
import type { StoredAttachment, StoredMessage } from "../world/message.ts";
import { firedPings, NO_PINGS, type Pings } from "../world/pings.ts";
import type { Call, Workshop } from "./call.ts";
import type { UploadedFile } from "./multipart.ts";

const SETTABLE = SUPPRESS_EMBEDS | SUPPRESS_NOTIFICATIONS | IS_COMPONENTS_V2;

export interface Origin {
  readonly id: string;
  readonly channelId: string;
  readonly attachments: readonly StoredAttachment[];
}

export function composeMessage(form: ExecuteForm, { now, route, webhook }: Call, origin: Origin): StoredMessage {
  const content = form.content ?? "";
  const components = form.components ?? [];
  const flags = (form.flags ?? 0) & SETTABLE;
  const embeds = withAttachments(form.embeds ?? [], origin.attachments);
  const pings = pingsOf(content, components, form);
  return Object.freeze({
    ...origin,
    webhookId: webhook.id,
    createdAt: now,
    editedAt: null,
    username: form.username ?? webhook.name,
    avatarUrl: form.avatar_url ?? webhook.avatarUrl,
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
    apiVersion: route.version,
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
  const flags = named.has("flags") ? editedFlags(before.flags, form.flags ?? 0) : before.flags;
  return Object.freeze({
    ...before,
    editedAt: now,
    content,
    embeds,
    shownEmbeds: shown(embeds, flags),
    components,
    flags,
    attachments,
    allowedMentions: form.allowed_mentions ?? null,
    mentions: pingsOf(content, components, form),
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

function pingsOf(content: string, components: readonly unknown[], form: EditForm): Pings {
  if (components.length === 0) return content === "" ? NO_PINGS : firedPings(content, form.allowed_mentions);
  return firedPings([content, ...weigh(components).texts].join("\n"), form.allowed_mentions);
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
