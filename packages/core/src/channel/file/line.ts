/** The forms in which a file channel writes a notification. Pure. */
import { renderText } from "../../message/text.ts";
import type { AttachedFile, Notification } from "../../notification/notification.ts";

export type FileFormat = "ndjson" | "text";

/** What is written for one notification, without the line break at its end. */
export const FILE_FORMATS = {
  ndjson: toJsonLine,
  text: renderText,
} as const satisfies Record<FileFormat, (notification: Notification) => string>;

/** All that the notification says; of its files name, type and size. */
function toJsonLine(notification: Notification): string {
  return JSON.stringify({ ...notification, files: notification.files.map(describe) });
}

function describe({ name, contentType, data }: AttachedFile) {
  return { name, contentType, bytes: data.byteLength };
}
