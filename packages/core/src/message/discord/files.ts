/** Which files go along: as many as Discord takes, in order; the others are named in a note. Pure. */
import type { AttachedFile, Notification } from "../../notification/notification.ts";
import { DISCORD_LIMITS } from "./limits.ts";
import type { NoteTaker } from "./note.ts";

const ROOM_BYTES = DISCORD_LIMITS.requestBytes - DISCORD_LIMITS.requestReserveBytes;
const NO_FILES: readonly AttachedFile[] = Object.freeze([]);

export interface FileChoice {
  readonly taken: readonly AttachedFile[];
  readonly left: readonly AttachedFile[];
}

/** The files of all notifications that fit into one message, and those that do not. */
export function chooseFiles(
  notifications: readonly Notification[],
  withoutFiles: boolean,
  note: NoteTaker,
): FileChoice {
  if (notifications.every(({ files }) => files.length === 0)) return { taken: NO_FILES, left: NO_FILES };
  const taken: AttachedFile[] = [];
  const left: AttachedFile[] = [];
  for (const [index, { files }] of notifications.entries()) {
    for (const [position, file] of files.entries()) {
      const goes = !withoutFiles && hasRoom(taken, file);
      (goes ? taken : left).push(file);
      if (!goes) note("file-left-out", `notifications[${index}].files[${position}]`);
    }
  }
  return { taken, left };
}

/** Whether one more file can go along with those already taken. */
export function hasRoom(taken: readonly AttachedFile[], file: AttachedFile): boolean {
  const bytes = taken.reduce((sum, { data }) => sum + data.byteLength, file.data.byteLength);
  return (
    taken.length < DISCORD_LIMITS.attachments && file.data.byteLength <= DISCORD_LIMITS.fileBytes && bytes <= ROOM_BYTES
  );
}
