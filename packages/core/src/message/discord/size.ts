/**
 * How much of a Discord message a notification takes, so that batching can tell what fits together before it is rendered.
 * Pure; costs as much as rendering, so keep the answer.
 */
import type { Notification } from "../../notification/notification.ts";
import { countChars } from "../chars.ts";
import { toCard } from "../template/to-card.ts";
import { contentPart } from "./content.ts";
import { toEmbed } from "./embed.ts";
import { DISCORD_LIMITS } from "./limits.ts";
import { pingsOf } from "./mentions.ts";
import { embedChars } from "./total.ts";

export interface MessageSize {
  readonly embeds: number;
  /** Code points that count towards the limit over all embeds. */
  readonly embedChars: number;
  /** Code points of pings and text above the embeds, with one for what separates them from the next. */
  readonly contentChars: number;
  readonly files: number;
  readonly fileBytes: number;
}

/** What one notification takes when it is rendered. A shorter service name or a shared link can only make it less. */
export function sizeOf(notification: Notification, service: string): MessageSize {
  const card = toCard(notification, service);
  const context = { path: "", note: () => {}, withoutLinks: false, fileNames: [], linksTaken: [] };
  const pings = pingsOf([notification], () => {}).text.length;
  const { text, write } = contentPart(notification);
  const content = countChars(write(text));
  return {
    embeds: card === null ? 0 : 1,
    embedChars: card === null ? 0 : embedChars(toEmbed(card, context)),
    contentChars: pings + content + (pings > 0 ? 1 : 0) + (content > 0 ? 1 : 0),
    files: notification.files.length,
    fileBytes: notification.files.reduce((sum, { data }) => sum + data.byteLength, 0),
  };
}

/** Whether one Discord message shows all of it without shortening anything that would be whole in a message of its own. */
export function fitsInOneMessage(sizes: readonly MessageSize[]): boolean {
  return (
    sum(sizes, "embeds") <= DISCORD_LIMITS.embeds &&
    sum(sizes, "embedChars") <= DISCORD_LIMITS.embedTotalChars &&
    sum(sizes, "contentChars") <= DISCORD_LIMITS.contentChars &&
    sum(sizes, "files") <= DISCORD_LIMITS.attachments &&
    sum(sizes, "fileBytes") <= DISCORD_LIMITS.requestBytes - DISCORD_LIMITS.requestReserveBytes
  );
}

function sum(sizes: readonly MessageSize[], part: keyof MessageSize): number {
  return sizes.reduce((total, size) => total + size[part], 0);
}
