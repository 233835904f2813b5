/**
 * The text above the embeds: pings, what notifications want to be read first, and in `text-only` the cards themselves.
 * Pure but for the notes it takes.
 */

import type { AttachedFile, Notification } from "../../notification/notification.ts";
import { overText } from "../../notification/recovery.ts";
import { plainBlock } from "../blocks.ts";
import type { Card } from "../card.ts";
import { countChars } from "../chars.ts";
import { type Write, writeWithin } from "../shorten.ts";
import { repeatsText } from "../template/to-card.ts";
import { fileText } from "../text.ts";
import { visibleLine, visibleTrimmed } from "../visible.ts";
import { defusePings, escapeDiscord } from "./escape.ts";
import { DISCORD_LIMITS } from "./limits.ts";
import type { NoteTaker } from "./note.ts";

export interface ContentPart {
  /** As it is meant to be read. */
  readonly text: string;
  readonly write: Write;
}

/** Links without previews: those would bring texts and pictures of strangers into an alert. */
export function escapeContent(text: string): string {
  return escapeDiscord(text, { previews: false });
}

const NO_TEXT: ContentPart = { text: "", write: asIs };

/** The notification's own text for above the embed. */
export function contentPart({ content, format }: Notification): ContentPart {
  if (content === null) return NO_TEXT;
  return { text: visibleTrimmed(content), write: writeFor(format === "markdown") };
}

/** Everything that a card says, as one text. */
export function cardPart(card: Card | null): ContentPart {
  if (card === null) return { text: "", write: escapeContent };
  const { author, title, over, repeats, text, blocks, fields, url, footer, emptyText, isMarkdown } = card;
  // Blocks are never markdown, whatever the rest is.
  const writeBlock = isMarkdown ? escapeContent : asIs;
  const lines = [
    author?.name,
    title,
    over && overText(over),
    repeats && repeatsText(repeats),
    text,
    ...blocks.map((block) => writeBlock(plainBlock(block))),
    ...fields.map(({ name, value }) => (name === "" ? value : `${name}: ${value}`)),
    url && visibleLine(url),
    footer?.text,
  ].filter((line) => line !== null && line !== undefined && line !== "");
  return { text: lines.length === 0 ? emptyText : lines.join("\n"), write: writeFor(isMarkdown) };
}

/** Tells the reader of files that could not go along. */
export function leftOutPart(files: readonly AttachedFile[]): ContentPart {
  const names = files.map(fileText);
  return { text: names.length === 0 ? "" : `Not attached: ${names.join(", ")}`, write: escapeContent };
}

function asIs(text: string): string {
  return text;
}

function writeFor(isMarkdown: boolean): Write {
  return isMarkdown ? defusePings : escapeContent;
}

/**
 * Pings and texts within Discord's limit. The pings come first: they must be whole, and a push notification shows the
 * beginning. Texts that are too long together each get a fair share, so that a long one hides none of the others.
 */
export function joinContent(pings: string, parts: readonly ContentPart[], note: NoteTaker): string {
  const told = parts.filter(({ text }) => text !== "");
  if (told.length === 0) return pings;
  const room = DISCORD_LIMITS.contentChars - (pings === "" ? 0 : pings.length + 1);
  const texts = told.map(({ text, write }) => writeWithin(text, write, room));
  const isWhole = texts.every((text) => text.isWhole) && countChars(texts.map(({ text }) => text).join("\n")) <= room;
  if (isWhole) return joined(pings, texts);
  note("shortened", "content");
  const share = Math.max(0, Math.floor((room + 1) / told.length) - 1);
  return joined(
    pings,
    told.map(({ text, write }) => writeWithin(text, write, share)),
  );
}

function joined(pings: string, texts: readonly { readonly text: string }[]): string {
  const shown = texts.map(({ text }) => text).filter((text) => text !== "");
  return [pings, shown.join("\n")].filter((text) => text !== "").join(" ");
}
