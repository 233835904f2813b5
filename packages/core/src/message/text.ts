/**
 * A notification as plain text: for consoles, log files and mail, and as the file beside a message that is too long.
 *
 * The first line says how bad it is and what it is about; every other line is indented, and whatever could move the
 * cursor or turn the line around is made visible. So no text from outside can look like a line of its own. Pure.
 */
import type { AttachedFile, Notification } from "../notification/notification.ts";
import { overText } from "../notification/recovery.ts";
import { plainBlock } from "./blocks.ts";
import { emptyText, repeatsOf, repeatsText } from "./template/to-card.ts";
import { visibleLine, visibleLineTrimmed, visibleTrimmed } from "./visible.ts";

/** Characters that reverse the order in which what follows is shown. */
export const BIDI_CONTROLS = /[\u202a-\u202e\u2066-\u2069]/g;

/** The text, without a line break at its end. Shows everything, in full. Never throws. */
export function renderText(notification: Notification): string {
  const { severity, type, title, message, fields, blocks, content, url, author, files, timestamp, over } = notification;
  const repeats = repeatsOf(notification);
  const rest = [
    author && visibleLine(author.name),
    over && overText(over),
    repeats && repeatsText(repeats),
    content,
    message,
    ...(blocks ?? []).map(plainBlock),
    ...fields.map(({ name, value }) => (name === "" ? value : `${visibleLine(name)}: ${value}`)),
    url,
    ...files.map((file) => `file: ${fileText(file)}`),
  ].filter((part) => part !== null && part.trim() !== "");
  const time = timestamp === null ? "" : `${new Date(timestamp).toISOString()} `;
  const subject = visibleLineTrimmed(title ?? "") || (rest.length === 0 ? emptyText(notification) : "");
  const head = `${time}[${severity}] ${visibleLine(type)}${subject === "" ? "" : `: ${subject}`}`;
  return [head, ...rest.map((part) => indented(part!))].join("\n").replace(BIDI_CONTROLS, "\ufffd");
}

function indented(text: string): string {
  return `  ${visibleTrimmed(text).replaceAll("\n", "\n  ")}`;
}

/** A file by name and size: `auth.log (1,234 bytes)`. */
export function fileText({ name, data }: AttachedFile): string {
  return `${name} (${data.byteLength.toLocaleString("en")} ${data.byteLength === 1 ? "byte" : "bytes"})`;
}
