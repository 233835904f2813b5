/** What rendering had to change for Discord to take a message. Each is told, none stops the alert. */

export type RenderNoteCode =
  /** A text was longer than Discord takes; its beginning is shown. */
  | "shortened"
  /** More fields than Discord takes; the last one shown sums the others up. */
  | "fields-folded"
  /** The message was over the limit for all its texts together; fields at the end are not shown. */
  | "fields-left-out"
  /** The message was over the limit for all its texts together, and this was not worth the room. */
  | "left-out"
  /** More notifications than Discord takes embeds; the last embed lists the others. */
  | "notifications-folded"
  /** Nothing to show; a sentence says so. */
  | "empty"
  /** Discord would refuse this link; it is shown as text. */
  | "link-moved-to-text"
  /** Discord would refuse this link, or links were asked to be left out. */
  | "link-left-out"
  /** An earlier embed of the message has the same link, and Discord shows only the first of such embeds. */
  | "link-shared"
  | "picture-left-out"
  | "file-left-out"
  | "mention-left-out"
  | "username-left-out"
  | "avatar-left-out"
  /** The whole text is in an attached file. */
  | "details-attached";

export interface RenderNote {
  readonly code: RenderNoteCode;
  /** What it is about, e.g. `notifications[0].fields[3].value`. */
  readonly path: string;
}

/** Collects notes while one message is rendered. */
export type NoteTaker = (code: RenderNoteCode, path: string) => void;
