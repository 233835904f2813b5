/**
 * Renders notifications as one Discord message that Discord takes: whatever would make it refuse the message is repaired
 * or left out, with a note, and the alert still goes.
 *
 * Upstream   delivery, which decides how many notifications share a message (see size.ts) and what was refused before.
 * Downstream the Discord channels, which send `body` and `files` as they are.
 *
 * Runs for every attempt, so the usual case (nothing to escape, nothing to shorten) costs microseconds. Pure.
 */
import type { APIEmbed, RESTPostAPIWebhookWithTokenJSONBody } from "discord-api-types/v10";
import type { AttachedFile, Notification } from "../../notification/notification.ts";
import type { Card } from "../card.ts";
import type { DegradeStep } from "../degrade.ts";
import { emptyText, toCard } from "../template/to-card.ts";
import { cardPart, contentPart, escapeContent, joinContent, leftOutPart } from "./content.ts";
import { detailsOf } from "./details.ts";
import { type EmbedContext, toEmbed } from "./embed.ts";
import { chooseFiles, hasRoom } from "./files.ts";
import { DISCORD_LIMITS } from "./limits.ts";
import { usableLink } from "./link.ts";
import { type AllowedMentions, pingsOf } from "./mentions.ts";
import type { NoteTaker, RenderNote } from "./note.ts";
import { type Draft, fitTotal } from "./total.ts";
import { usableUsername } from "./username.ts";

export interface RenderRequest {
  /** In the order in which they are to be shown. */
  readonly notifications: readonly [Notification, ...Notification[]];
  readonly degrade: readonly DegradeStep[];
}

export interface RenderStyle {
  /** Begins the footers: `<service> <Type> Alert`. */
  readonly service: string;
  /** Name of the sender; `null` for the webhook's own. */
  readonly username: string | null;
  readonly avatarUrl: string | null;
}

/** The JSON part of the request; `allowed_mentions` is always there. */
export interface DiscordBody extends Omit<RESTPostAPIWebhookWithTokenJSONBody, "allowed_mentions"> {
  allowed_mentions: AllowedMentions;
}

export interface DiscordMessage {
  readonly body: DiscordBody;
  /** In the order of their form parts, `files[0]` first. */
  readonly files: readonly AttachedFile[];
  /** What had to be changed. */
  readonly notes: readonly RenderNote[];
}

/** One message with all the notifications in it, within every limit of Discord. Never throws. */
export function renderDiscord({ notifications, degrade }: RenderRequest, style: RenderStyle): DiscordMessage {
  const notes: RenderNote[] = [];
  const note: NoteTaker = (code, path) => notes.push({ code, path });
  const files = chooseFiles(notifications, degrade.includes("without-files"), note);
  const pings = pingsOf(notifications, note);
  const cards = notifications.map((notification) => toCard(notification, style.service));
  const body: DiscordBody = { allowed_mentions: pings.allowed };
  const parts = notifications.map(contentPart);
  if (degrade.includes("text-only")) {
    parts.push(...cards.map(cardPart));
  } else {
    const fileNames = files.taken.map(({ name }) => name);
    const embeds = embedsOf(cards, { note, fileNames, withoutLinks: degrade.includes("without-links") });
    if (embeds.length > 0) body.embeds = embeds;
  }
  if (files.left.length > 0) parts.push(leftOutPart(files.left));
  const content = joinContent(pings.text, parts, note);
  if (content !== "") body.content = content;
  else if (body.embeds === undefined && files.taken.length === 0) addEmptyText(body, notifications[0], note);
  if (!degrade.includes("without-username")) addSender(body, style, note);
  const details = degrade.includes("without-files") ? null : detailsOf(notifications, notes);
  if (details === null || !hasRoom(files.taken, details)) return { body, files: files.taken, notes };
  note("details-attached", "files");
  return { body, files: [...files.taken, details], notes };
}

function addEmptyText(body: DiscordBody, notification: Notification, note: NoteTaker): void {
  body.content = escapeContent(emptyText(notification));
  note("empty", "content");
}

type EmbedsContext = Pick<EmbedContext, "note" | "withoutLinks" | "fileNames">;

function embedsOf(cards: readonly (Card | null)[], context: EmbedsContext): APIEmbed[] {
  const placed = cards.map((card, index) => card && { card, path: `notifications[${index}]` });
  const shown = placed.every((one) => one !== null) ? placed : placed.filter((one) => one !== null);
  const linksTaken: string[] = [];
  const drafts = foldOverflow(shown, context.note).map(({ card, path }): Draft => {
    return { card, path, embed: toEmbed(card, { ...context, path, linksTaken }) };
  });
  fitTotal(drafts, context.note);
  return drafts.map(({ embed }) => embed);
}

/** When there are more cards than a message takes embeds, the last one lists those that have none of their own. */
function foldOverflow(cards: readonly Omit<Draft, "embed">[], note: NoteTaker): readonly Omit<Draft, "embed">[] {
  if (cards.length <= DISCORD_LIMITS.embeds) return cards;
  const own = cards.slice(0, DISCORD_LIMITS.embeds - 1);
  const folded = cards.slice(own.length);
  const { card, path } = folded[0]!;
  note("notifications-folded", path);
  const text = folded.map((other) => `- ${other.card.title ?? other.card.text ?? other.card.emptyText}`).join("\n");
  const list = {
    ...card,
    title: `… ${folded.length} more`,
    text,
    url: null,
    over: null,
    repeats: null,
    blocks: [],
    fields: [],
    author: null,
    isMarkdown: false,
  };
  return [...own, { card: { ...list, thumbnail: null, image: null }, path }];
}

function addSender(body: DiscordBody, { username, avatarUrl }: RenderStyle, note: NoteTaker): void {
  const name = username === null ? null : usableUsername(username);
  if (name !== null) body.username = name;
  else if (username !== null) note("username-left-out", "style.username");
  const avatar = avatarUrl === null ? null : usableLink(avatarUrl);
  if (avatar !== null) body.avatar_url = avatar;
  else if (avatarUrl !== null) note("avatar-left-out", "style.avatarUrl");
}
