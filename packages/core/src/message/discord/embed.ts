/**
 * A card as a Discord embed: escaped, within the limits of its parts, without anything that Discord would refuse.
 *
 * Upstream   the template's card. Downstream total.ts, which sees to the limit over all embeds of a message.
 * Pure but for the notes it takes.
 */
import type { APIEmbed, APIEmbedField } from "discord-api-types/v10";
import type { Field } from "../../notification/notification.ts";
import type { Card } from "../card.ts";
import { shorten } from "../shorten.ts";
import { escapeDiscord } from "./escape.ts";
import { DISCORD_LIMITS } from "./limits.ts";
import { usableLink, usablePicture } from "./link.ts";
import type { NoteTaker } from "./note.ts";

/** Shown as nothing, and taken for something by versions of Discord's check that refuse an empty text. */
export const BLANK = "\u200b";

export interface EmbedContext {
  /** Path of the notification, for notes. */
  readonly path: string;
  readonly note: NoteTaker;
  readonly withoutLinks: boolean;
  /** Names of the files in the message, to which pictures may refer. */
  readonly fileNames: readonly string[];
  /** Links of the embeds before this one in the same message; this one adds its own. */
  readonly linksTaken: Set<string>;
}

export function toEmbed(card: Card, context: EmbedContext): APIEmbed {
  const embed: APIEmbed = {};
  const write = card.isMarkdown ? asIs : escapeDiscord;
  if (card.title !== null)
    embed.title = limited(write(card.title), DISCORD_LIMITS.titleChars, { context, part: "title" });
  const link = card.url === null ? null : linkOf(card, context);
  const text = card.text === null ? "" : write(card.text);
  if (text !== "" || link?.inText) embed.description = description(text, link?.inText ?? null, context);
  if (link?.ofTitle) embed.url = link.ofTitle;
  embed.color = card.color;
  if (card.fields.length > 0) embed.fields = fieldsOf(card.fields, write, context);
  addAuthor(embed, card, context);
  addFooter(embed, card, context);
  if (card.timestamp !== null) embed.timestamp = new Date(card.timestamp).toISOString();
  const thumbnail = keptPicture(card.thumbnail, { context, part: "thumbnail" });
  if (thumbnail !== null) embed.thumbnail = { url: thumbnail };
  const image = keptPicture(card.image, { context, part: "image" });
  if (image !== null) embed.image = { url: image };
  if (showsNothing(embed)) {
    embed.description = escapeDiscord(card.emptyText);
    context.note("empty", context.path);
  }
  return embed;
}

function asIs(text: string): string {
  return text;
}

/** Which part of which embed, for a note. */
interface Place {
  readonly context: EmbedContext;
  readonly part: string;
}

function limited(text: string, maxChars: number, { context, part }: Place): string {
  const shown = shorten(text, maxChars);
  if (shown !== text) context.note("shortened", `${context.path}.${part}`);
  return shown;
}

/** Where the card's link goes: onto the title, into the text, or (when an earlier embed has it) nowhere. */
function linkOf(card: Card, context: EmbedContext): { ofTitle?: string; inText?: string } {
  const path = `${context.path}.url`;
  const link = context.withoutLinks ? null : usableLink(card.url!);
  if (link !== null && card.title !== null) {
    if (!context.linksTaken.has(link)) {
      context.linksTaken.add(link);
      return { ofTitle: link };
    }
    context.note("link-shared", path);
    return {};
  }
  if (card.url!.length > DISCORD_LIMITS.urlChars) {
    context.note("link-left-out", path);
    return {};
  }
  context.note("link-moved-to-text", path);
  return { inText: escapeDiscord(link ?? card.url!) };
}

function description(text: string, link: string | null, context: EmbedContext): string {
  if (link === null) return limited(text, DISCORD_LIMITS.descriptionChars, { context, part: "message" });
  const room = Math.max(0, DISCORD_LIMITS.descriptionChars - link.length - 1);
  const whole = [limited(text, room, { context, part: "message" }), link].filter((part) => part !== "").join("\n");
  return limited(whole, DISCORD_LIMITS.descriptionChars, { context, part: "url" });
}

type Write = (text: string) => string;

function fieldsOf(fields: readonly Field[], write: Write, context: EmbedContext): APIEmbedField[] {
  const isOver = fields.length > DISCORD_LIMITS.fields;
  const own = isOver ? fields.slice(0, DISCORD_LIMITS.fields - 1) : fields;
  const shown = own.map((field, index) => toField(field, write, { context, part: `fields[${index}]` }));
  if (isOver) shown.push(foldedFields(fields.slice(own.length), write, context));
  return shown;
}

function toField({ name, value, inline }: Field, write: Write, { context, part }: Place): APIEmbedField {
  return {
    name: limited(write(name), DISCORD_LIMITS.fieldNameChars, { context, part }) || BLANK,
    value: limited(write(value), DISCORD_LIMITS.fieldValueChars, { context, part }) || BLANK,
    inline,
  };
}

function foldedFields(fields: readonly Field[], write: Write, context: EmbedContext): APIEmbedField {
  context.note("fields-folded", `${context.path}.fields`);
  const lines = fields.map(({ name, value }) => `${write(name)}: ${write(value.replaceAll("\n", " "))}`);
  return {
    name: `… ${fields.length} more`,
    value: shorten(lines.join("\n"), DISCORD_LIMITS.fieldValueChars),
    inline: false,
  };
}

function addAuthor(embed: APIEmbed, { author }: Card, context: EmbedContext): void {
  if (author === null || author.name === "") return;
  // Discord shows names and footers as they are, without markdown: nothing to escape.
  embed.author = { name: limited(author.name, DISCORD_LIMITS.authorNameChars, { context, part: "author.name" }) };
  const url = keptLink(author.url, { context, part: "author.url" });
  if (url !== null) embed.author.url = url;
  const icon = keptPicture(author.iconUrl, { context, part: "author.iconUrl" });
  if (icon !== null) embed.author.icon_url = icon;
}

function addFooter(embed: APIEmbed, { footer }: Card, context: EmbedContext): void {
  if (footer === null || footer.text === "") return;
  embed.footer = { text: limited(footer.text, DISCORD_LIMITS.footerChars, { context, part: "footer.text" }) };
  const icon = keptPicture(footer.iconUrl, { context, part: "footer.iconUrl" });
  if (icon !== null) embed.footer.icon_url = icon;
}

function keptLink(link: string | null, { context, part }: Place): string | null {
  if (link === null) return null;
  const usable = context.withoutLinks ? null : usableLink(link);
  if (usable === null) context.note("link-left-out", `${context.path}.${part}`);
  return usable;
}

function keptPicture(link: string | null, { context, part }: Place): string | null {
  if (link === null) return null;
  const usable = context.withoutLinks ? null : usablePicture(link, context.fileNames);
  if (usable === null) context.note("picture-left-out", `${context.path}.${part}`);
  return usable;
}

function showsNothing({ title, description, fields, author, image, thumbnail }: APIEmbed): boolean {
  return !(title || description || fields || author || image || thumbnail);
}
