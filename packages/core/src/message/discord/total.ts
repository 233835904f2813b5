/**
 * Keeps the texts of all embeds of a message within Discord's limit for them together: descriptions give way first, the
 * longest first; then fields, from the end; then what is left of names and footers. What remains of each part below is
 * chosen so that ten embeds always fit. Changes the embeds in place. Pure but for that and for the notes.
 */
import type { APIEmbed } from "discord-api-types/v10";
import type { Card } from "../card.ts";
import { countChars } from "../chars.ts";
import { shorten } from "../shorten.ts";
import { BLANK } from "./embed.ts";
import { DISCORD_LIMITS } from "./limits.ts";
import type { NoteTaker } from "./note.ts";

/** What a description keeps even in a crowded message. */
const LEAST_DESCRIPTION_CHARS = 300;
const LEAST_TITLE_CHARS = 200;
const LEAST_NAME_CHARS = 64;

export interface Draft {
  readonly card: Card;
  readonly embed: APIEmbed;
  /** Path of the notification, for notes. */
  readonly path: string;
}

/** Code points of all texts of an embed that Discord adds up. */
export function embedChars({ title, description, fields, footer, author }: APIEmbed): number {
  let chars = countChars(title ?? "") + countChars(description ?? "");
  chars += countChars(footer?.text ?? "") + countChars(author?.name ?? "");
  for (const { name, value } of fields ?? []) chars += countChars(name) + countChars(value);
  return chars;
}

/** Shrinks the embeds until they fit into one message. */
export function fitTotal(drafts: readonly Draft[], note: NoteTaker): void {
  if (certainlyFit(drafts)) return;
  for (const step of [shrinkDescriptions, dropFields, shrinkNames]) {
    if (excessOf(drafts) <= 0) return;
    step(drafts, note);
  }
}

/** By UTF-16 length alone, which is never less than what Discord counts, and nearly always within the limit. */
function certainlyFit(drafts: readonly Draft[]): boolean {
  return drafts.reduce((sum, { embed }) => sum + embedUnits(embed), 0) <= DISCORD_LIMITS.embedTotalChars;
}

function embedUnits({ title = "", description = "", fields = [], footer, author }: APIEmbed): number {
  let units = title.length + description.length + (footer?.text.length ?? 0) + (author?.name.length ?? 0);
  for (const { name, value } of fields) units += name.length + value.length;
  return units;
}

function excessOf(drafts: readonly Draft[]): number {
  return drafts.reduce((sum, { embed }) => sum + embedChars(embed), 0) - DISCORD_LIMITS.embedTotalChars;
}

function shrinkDescriptions(drafts: readonly Draft[], note: NoteTaker): void {
  const longestFirst = drafts.toSorted((a, b) => descriptionLength(b) - descriptionLength(a));
  for (const { embed, path } of longestFirst) {
    const excess = excessOf(drafts);
    if (excess <= 0) return;
    if (embed.description === undefined) continue;
    const room = Math.max(LEAST_DESCRIPTION_CHARS, countChars(embed.description) - excess);
    const shown = shorten(embed.description, room);
    if (shown !== embed.description) note("shortened", `${path}.message`);
    embed.description = shown;
  }
}

function descriptionLength({ embed }: Draft): number {
  return embed.description?.length ?? 0;
}

function dropFields(drafts: readonly Draft[], note: NoteTaker): void {
  for (const { card, embed, path } of drafts.toReversed()) {
    const all = embed.fields ?? [];
    let kept = all.length;
    while (kept > 0 && excessOf(drafts) > 0) {
      kept--;
      const hidden = card.fields.length - kept;
      embed.fields = [...all.slice(0, kept), { name: `… ${hidden} more`, value: BLANK, inline: false }];
    }
    if (kept < all.length) note("fields-left-out", `${path}.fields`);
  }
}

function shrinkNames(drafts: readonly Draft[], note: NoteTaker): void {
  for (const { embed, path } of drafts) {
    if (embed.footer !== undefined) {
      delete embed.footer;
      note("left-out", `${path}.footer`);
    }
    if (embed.author !== undefined) {
      embed.author.name = shorten(embed.author.name, LEAST_NAME_CHARS);
      note("shortened", `${path}.author.name`);
    }
    if (embed.title !== undefined) {
      embed.title = shorten(embed.title, LEAST_TITLE_CHARS);
      note("shortened", `${path}.title`);
    }
  }
}
