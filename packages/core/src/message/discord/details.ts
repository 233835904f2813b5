/** The whole text as a file, for a message that cannot show it. Pure. */
import type { AttachedFile, Notification } from "../../notification/notification.ts";
import { renderText } from "../text.ts";
import { hasRoom } from "./files.ts";
import type { NoteTaker, RenderNote, RenderNoteCode } from "./note.ts";

const DETAILS_NAME = "details.txt";
/** What leaves a reader without something that was written. */
const LOSSES: ReadonlySet<RenderNoteCode> = new Set<RenderNoteCode>([
  "shortened",
  "fields-folded",
  "fields-left-out",
  "left-out",
  "notifications-folded",
]);

/** The files, and one more with the whole text when the notes tell of something that is not shown and there is room. */
export function attachDetails(
  files: readonly AttachedFile[],
  notifications: readonly Notification[],
  { notes, note }: { readonly notes: readonly RenderNote[]; readonly note: NoteTaker },
): readonly AttachedFile[] {
  if (!notes.some(({ code }) => LOSSES.has(code))) return files;
  const text = notifications.map(renderText).join("\n\n");
  const details = {
    name: DETAILS_NAME,
    data: new TextEncoder().encode(text),
    contentType: "text/plain; charset=utf-8",
  };
  if (!hasRoom(files, details)) return files;
  note("details-attached", "files");
  return [...files, details];
}
