/**
 * Lays a notification out as a card, with what its type's template adds where the notification is silent.
 *
 * Upstream notification. Downstream the renderers of the channels. Pure.
 */
import type { Block, Field, Footer, Notification } from "../../notification/notification.ts";
import type { Card, Repeats } from "../card.ts";
import { visible, visibleLine, visibleLineTrimmed, visibleTrimmed } from "../visible.ts";
import { RESOLVED_COLOR, type Template, templateFor } from "./registry.ts";

const NO_BLOCKS: readonly Block[] = Object.freeze([]);

/**
 * The card of a notification, or `null` when all it has to show is a text above the card, or files.
 *
 * @param service begins the footer: `<service> <Type> Alert`.
 */
export function toCard(notification: Notification, service: string): Card | null {
  if (showsNoCard(notification)) return null;
  const template = templateFor(notification.type);
  return {
    title: titleOf(notification),
    url: notification.url,
    over: notification.over,
    repeats: repeatsOf(notification),
    text: visibleTrimmed(notification.message ?? "") || null,
    blocks: notification.blocks?.map(toBlock) ?? NO_BLOCKS,
    fields: notification.fields.map(toField),
    color: notification.color ?? (isOver(notification) ? RESOLVED_COLOR : template.color),
    footer: footerOf(notification.footer, template, service),
    author: notification.author && { ...notification.author, name: visibleLineTrimmed(notification.author.name) },
    thumbnail: notification.thumbnail,
    image: notification.image,
    timestamp: notification.timestamp,
    emptyText: emptyText(notification),
    isMarkdown: notification.format === "markdown",
  };
}

function isOver({ over, phase }: Notification): boolean {
  return over !== null || phase === "resolved";
}

/** Says truthfully that there is nothing to say; also for channels without cards. */
export function emptyText({ type }: Notification): string {
  return `This alert (${visibleLine(type)}) came without any text.`;
}

/** Where one notification stands for several. */
export function repeatsOf({ count, firstAt, createdAt }: Notification): Repeats | null {
  return count <= 1 ? null : { count, since: firstAt ?? createdAt };
}

/** `37 times since 2026-01-02 03:03 UTC`. `time` says the instant in the channel's own way. */
export function repeatsText({ count, since }: Repeats, time: (at: number) => string = utcTime): string {
  return `${count.toLocaleString("en")} times since ${time(since)}`;
}

function utcTime(at: number): string {
  const iso = new Date(at).toISOString();
  return `${iso.slice(0, 10)} ${iso.slice(11, 16)} UTC`;
}

function showsNoCard(notification: Notification): boolean {
  const { title, message, fields, content, files, count, over } = notification;
  if (title !== null || message !== null || fields.length > 0 || count > 1 || over !== null) return false;
  const { blocks, author, url, thumbnail, image, footer } = notification;
  const parts = [blocks, author, url, thumbnail, image, footer ?? null];
  return parts.every((part) => part === null) && (content !== null || files.length > 0);
}

/**
 * A title that stands for several says so: `Disk full (×37)`. That tells it at a glance; {@link repeatsText} tells the rest, and also
 * where a title is too long to show its end.
 */
function titleOf({ title, count }: Notification): string | null {
  const own = line(title);
  return count === 1 ? own : `${own ?? "The same"} (×${count.toLocaleString("en")})`;
}

function line(text: string | null): string | null {
  return text === null ? null : visibleLineTrimmed(text) || null;
}

function toField({ name, value, inline }: Field): Field {
  return { name: visibleLineTrimmed(name), value: visibleTrimmed(value), inline };
}

function toBlock(block: Block): Block {
  if (block.kind === "link") return { ...block, text: visibleLine(block.text), url: visibleLine(block.url) };
  // Blank lines around it say nothing; blanks before its first line do.
  return { ...block, text: visible(block.text).replace(/^\s*\n|\s+$/g, "") };
}

function footerOf(asked: Footer | null | undefined, { label }: Template, service: string): Footer | null {
  if (asked === undefined) return { text: visibleLineTrimmed(`${service} ${label} Alert`), iconUrl: null };
  return asked && { ...asked, text: visibleTrimmed(asked.text) };
}
