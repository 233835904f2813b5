/**
 * Notifications as HTML for mail programs: inline styles, no pictures and nothing that is loaded from elsewhere. Every text is
 * escaped, markdown is shown as it is written. Pure.
 */

import type { Block, Field, Notification } from "../../notification/notification.ts";
import { overText } from "../../notification/recovery.ts";
import type { Card } from "../card.ts";
import { repeatsText, toCard } from "../template/to-card.ts";
import { BIDI_CONTROLS, fileText } from "../text.ts";
import { visible } from "../visible.ts";

const ESCAPES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};
const QUIET = "color:#666;font-size:12px";

/** A whole document. */
export function renderHtml(notifications: readonly Notification[], service: string, notes: readonly string[]): string {
  const blocks = [
    ...notifications.map((notification) => blockOf(notification, service)),
    ...notes.map((note) => `<p style="${QUIET}">${block(note)}</p>`),
  ];
  const style = "font-family:sans-serif;font-size:14px;color:#222";
  return `<!doctype html>\n<html><head><meta charset="utf-8"></head><body style="${style}">\n${blocks.join("\n")}\n</body></html>\n`;
}

function blockOf(notification: Notification, service: string): string {
  const { content, files, severity } = notification;
  const card = toCard(notification, service);
  const color = `#${(card?.color ?? 0x95a5a6).toString(16).padStart(6, "0")}`;
  const parts = [
    content === null || content.trim() === "" ? "" : `<p>${block(visible(content))}</p>`,
    ...(card === null ? [] : partsOf(card)),
    ...files.map((file) => `<p style="${QUIET}">${block(visible(fileText(file)))}</p>`),
    `<p style="${QUIET}">${line(footOf(card, severity))}</p>`,
  ].filter((part) => part !== "");
  return `<div style="border-left:4px solid ${color};padding:1px 12px;margin:12px 0">\n${parts.join("\n")}\n</div>`;
}

function partsOf({ author, title, url, over, repeats, text, blocks, fields, emptyText }: Card): string[] {
  const says =
    title !== null || over !== null || repeats !== null || text !== null || blocks.length > 0 || fields.length > 0;
  return [
    author === null ? "" : `<p style="${QUIET}">${linked(author.name, author.url)}</p>`,
    title === null ? "" : `<p style="font-size:16px;font-weight:bold">${linked(title, url)}</p>`,
    title === null && url !== null ? `<p>${linked(url, url)}</p>` : "",
    over === null ? "" : `<p>${line(overText(over))}</p>`,
    repeats === null ? "" : `<p>${line(repeatsText(repeats))}</p>`,
    text === null ? "" : `<p>${block(text)}</p>`,
    ...blocks.map(htmlOf),
    fields.length === 0 ? "" : `<table style="border-spacing:0">\n${fields.map(rowOf).join("\n")}\n</table>`,
    says || url !== null ? "" : `<p>${block(emptyText)}</p>`,
  ];
}

function htmlOf(part: Block): string {
  if (part.kind === "link") return `<p>${linked(part.text, part.url)}</p>`;
  return `<pre style="background:#f4f4f4;padding:8px;white-space:pre-wrap">${escaped(part.text)}</pre>`;
}

function rowOf({ name, value }: Field): string {
  const cell = "vertical-align:top;padding:2px 12px 2px 0";
  return `<tr><td style="${cell};font-weight:bold">${line(name)}</td><td style="${cell}">${block(value)}</td></tr>`;
}

function footOf(card: Card | null, severity: string): string {
  const time = card === null || card.timestamp === null ? null : new Date(card.timestamp).toISOString();
  return [severity, card?.footer?.text || null, time].filter((part) => part !== null).join(" · ");
}

/** The text as a link, if it is one that a mail program may open. */
function linked(text: string, link: string | null): string {
  const url = link === null ? null : URL.parse(link.trim());
  if (url === null || !/^https?:$/.test(url.protocol)) return line(text);
  return `<a href="${escaped(url.href)}">${line(text)}</a>`;
}

function line(text: string): string {
  return escaped(visible(text));
}

function block(text: string): string {
  return escaped(text).replaceAll("\n", "<br>\n");
}

function escaped(text: string): string {
  return text.replace(BIDI_CONTROLS, "\ufffd").replace(/[&<>"']/g, (character) => ESCAPES[character]!);
}
