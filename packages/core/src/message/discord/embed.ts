/**
 * A card as a Discord embed: escaped, within the limits of its parts, without anything that Discord would refuse.
 *
 * Upstream   the template's card. Downstream total.ts, which sees to the limit over all embeds of a message.
 * Pure but for the notes it takes.
 */

import type { APIEmbed, APIEmbedField } from "discord-api-types/v10";
import type { Field } from "../../notification/notification.ts";
import { overText } from "../../notification/recovery.ts";
import type { Card } from "../card.ts";
import { countChars } from "../chars.ts";
import { type Shortened, type Write, writeWithin } from "../shorten.ts";
import { repeatsText } from "../template/to-card.ts";
import { visibleLine } from "../visible.ts";
import { writeBlocks } from "./blocks.ts";
import { escapeDiscord } from "./escape.ts";
import { DISCORD_LIMITS } from "./limits.ts";
import { usableLink, usablePicture } from "./link.ts";
import type { NoteTaker } from "./note.ts";

/** Shown as nothing, and taken for something by versions of Discord's check that refuse an empty text. */
export const BLANK = "\u200b";

const NOTHING: Shortened = { text: "", isWhole: true };

/** A longer link would crowd out the text beside which it stands. */
const LONGEST_LINK_IN_TEXT = 2_048;

export interface EmbedContext {
  /** Path of the notification, for notes. */
  readonly path: string;
  readonly note: NoteTaker;
  readonly withoutLinks: boolean;
  /** Names of the files in the message, to which pictures may refer. */
  readonly fileNames: readonly string[];
  /** Links of the embeds before this one in the same message; this one adds its own. */
  readonly linksTaken: string[];
}

export function toEmbed(card: Card, context: EmbedContext): APIEmbed {
  const embed: APIEmbed = {};
  const write = card.isMarkdown ? asIs : escapeDiscord;
  if (card.title !== null) embed.title = limited(card.title, write, { context, part: "title", max: "titleChars" });
  addText(embed, card, { context, write });
  embed.color = card.color;
  if (card.fields.length > 0) embed.fields = fieldsOf(card.fields, { context, write });
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

interface LimitedPlace extends Place {
  /** Where the part is a list. */
  readonly index?: number;
  readonly max:
    | "titleChars"
    | "descriptionChars"
    | "fieldNameChars"
    | "fieldValueChars"
    | "authorNameChars"
    | "footerChars";
}

function limited(text: string, write: Write, { context, part, index, max }: LimitedPlace): string {
  const maxChars = DISCORD_LIMITS[max];
  if (text.length <= maxChars) {
    const written = write(text);
    // Never less than what Discord counts, and nearly always within the limit.
    if (written.length <= maxChars) return written;
  }
  const shown = writeWithin(text, write, maxChars);
  if (!shown.isWhole) context.note("shortened", `${context.path}.${part}${index === undefined ? "" : `[${index}]`}`);
  return shown.text;
}

interface Writing {
  readonly context: EmbedContext;
  readonly write: Write;
}

/** The description, with code and links below it, and the card's own link where it belongs. */
function addText(embed: APIEmbed, card: Card, { context, write }: Writing): void {
  if (card.url === null && card.over === null && card.repeats === null && card.blocks.length === 0) {
    if (card.text === null) return;
    embed.description = limited(card.text, write, { context, part: "message", max: "descriptionChars" });
    return;
  }
  const link = card.url === null ? NO_LINK : linkOf(card.url, card.title !== null, context);
  const over = card.over === null ? "" : overText(card.over, readersTime);
  const repeats = card.repeats === null ? "" : repeatsText(card.repeats, readersDay);
  const beside = [over, repeats, link.inText ?? ""].filter((part) => part !== "");
  const room = DISCORD_LIMITS.descriptionChars - beside.reduce((sum, part) => sum + part.length + 1, 0);
  const [text, blocks] = textAndBlocks(card, { context, write }, room);
  if (!text.isWhole) context.note("shortened", `${context.path}.message`);
  if (!blocks.isWhole) context.note("shortened", `${context.path}.blocks`);
  const parts = [over, repeats, text.text, blocks.text, link.inText ?? ""].filter((part) => part !== "");
  if (parts.length > 0) embed.description = parts.join("\n");
  if (link.ofTitle !== null) embed.url = link.ofTitle;
}

/** Shown in the time zone of whoever reads it: https://docs.discord.com/developers/reference, "Timestamp Styles". */
function readersTime(at: number): string {
  return `<t:${Math.floor(at / 1_000)}:t>`;
}

/** With the day. */
function readersDay(at: number): string {
  return `<t:${Math.floor(at / 1_000)}:f>`;
}

/** What is too long together is shortened so that neither leaves the other less than half. */
function textAndBlocks(
  { text, blocks }: Card,
  { context, write }: Writing,
  room: number,
): readonly [Shortened, Shortened] {
  if (blocks.length === 0) return [writeWithin(text ?? "", write, room), NOTHING];
  const { withoutLinks } = context;
  const wanted = writeBlocks(blocks, { maxChars: room, withoutLinks });
  const rest = room - countChars(wanted.text) - 1;
  const shown = writeWithin(text ?? "", write, Math.max(rest, Math.floor(room / 2)));
  const left = room - (shown.text === "" ? 0 : countChars(shown.text) + 1);
  return [shown, countChars(wanted.text) <= left ? wanted : writeBlocks(blocks, { maxChars: left, withoutLinks })];
}

interface LinkPlaces {
  readonly ofTitle: string | null;
  /** Escaped. */
  readonly inText: string | null;
}

const NO_LINK: LinkPlaces = { ofTitle: null, inText: null };

/** Where a card's link goes: onto the title, into the text, or (when an earlier embed has it) nowhere. */
function linkOf(url: string, hasTitle: boolean, context: EmbedContext): LinkPlaces {
  const link = context.withoutLinks ? null : usableLink(url);
  if (link !== null && hasTitle) {
    if (!context.linksTaken.includes(link)) {
      context.linksTaken.push(link);
      return { ofTitle: link, inText: null };
    }
    context.note("link-shared", `${context.path}.url`);
    return NO_LINK;
  }
  const inText = escapeDiscord(visibleLine(link ?? url));
  const isShown = inText.length <= LONGEST_LINK_IN_TEXT;
  context.note(isShown ? "link-moved-to-text" : "link-left-out", `${context.path}.url`);
  return isShown ? { ofTitle: null, inText } : NO_LINK;
}

function fieldsOf(fields: readonly Field[], writing: Writing): APIEmbedField[] {
  const isOver = fields.length > DISCORD_LIMITS.fields;
  const own = isOver ? fields.slice(0, DISCORD_LIMITS.fields - 1) : fields;
  const shown = own.map((field, index) => toField(field, index, writing));
  if (isOver) shown.push(foldedFields(fields.slice(own.length), writing));
  return shown;
}

function toField({ name, value, inline }: Field, index: number, { context, write }: Writing): APIEmbedField {
  return {
    name: limited(name, write, { context, part: "fields", index, max: "fieldNameChars" }) || BLANK,
    value: limited(value, write, { context, part: "fields", index, max: "fieldValueChars" }) || BLANK,
    inline,
  };
}

function foldedFields(fields: readonly Field[], { context, write }: Writing): APIEmbedField {
  context.note("fields-folded", `${context.path}.fields`);
  const text = fields.map(({ name, value }) => `${name}: ${value.replaceAll("\n", " ")}`).join("\n");
  return {
    name: `… ${fields.length} more`,
    value: writeWithin(text, write, DISCORD_LIMITS.fieldValueChars).text,
    inline: false,
  };
}

function addAuthor(embed: APIEmbed, { author }: Card, context: EmbedContext): void {
  if (author === null || author.name === "") return;
  // Discord shows names and footers as they are, without markdown: nothing to escape.
  embed.author = { name: limited(author.name, asIs, { context, part: "author.name", max: "authorNameChars" }) };
  const url = keptLink(author.url, { context, part: "author.url" });
  if (url !== null) embed.author.url = url;
  const icon = keptPicture(author.iconUrl, { context, part: "author.iconUrl" });
  if (icon !== null) embed.author.icon_url = icon;
}

function addFooter(embed: APIEmbed, { footer }: Card, context: EmbedContext): void {
  if (footer === null || footer.text === "") return;
  embed.footer = { text: limited(footer.text, asIs, { context, part: "footer.text", max: "footerChars" }) };
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
