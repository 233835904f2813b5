/** The whole text as a file, for a message that cannot show it. Pure. */
import type { AttachedFile, Notification } from "../../notification/notification.ts";
import { renderText } from "../text.ts";
import type { RenderNote, RenderNoteCode } from "./note.ts";

const DETAILS_NAME = "details.txt";
/** What leaves a reader without something that was written. */
const LOSSES: ReadonlySet<RenderNoteCode> = new Set<RenderNoteCode>([
  "shortened",
  "fields-folded",
  "fields-left-out",
  "left-out",
  "notifications-folded",
]);

/** A file with the whole text, when the notes tell of something that the message does not show. */
export function detailsOf(notifications: readonly Notification[], notes: readonly RenderNote[]): AttachedFile | null {
  if (!notes.some(({ code }) => LOSSES.has(code))) return null;
  const text = notifications.map(renderText).join("\n\n");
  return { name: DETAILS_NAME, data: new TextEncoder().encode(text), contentType: "text/plain; charset=utf-8" };
}
