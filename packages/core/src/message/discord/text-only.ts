/**
 * A card as one text without an embed: the last form in which a message is offered to Discord after every other was
 * refused. Pure.
 */
import type { Card } from "../card.ts";
import { defusePings, escapeDiscord } from "./escape.ts";

/** Title in bold, then text, fields and link, each on lines of its own. */
export function toContentText(card: Card): string {
  const write = card.isMarkdown ? defusePings : escapeWithoutPreviews;
  const lines = [
    card.author?.name && escapeWithoutPreviews(card.author.name),
    card.title && `**${write(card.title)}**`,
    card.text && write(card.text),
    ...card.fields.map(({ name, value }) => (name === "" ? write(value) : `${write(name)}: ${write(value)}`)),
    card.url && escapeWithoutPreviews(card.url),
    card.footer && escapeWithoutPreviews(card.footer.text),
  ].filter((line) => line);
  return lines.length === 0 ? escapeDiscord(card.emptyText) : lines.join("\n");
}

function escapeWithoutPreviews(text: string): string {
  return escapeDiscord(text, { previews: false });
}
