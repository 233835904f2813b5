/** Files of notifications, with their bytes or without. */
import type { DatabaseSync } from "node:sqlite";
import type { FileFacts } from "../../history/history.ts";
import type { AttachedFile } from "../../notification/notification.ts";

export interface FileReader {
  /** As they were attached. A file whose bytes are kept no longer is empty. */
  read(place: number): readonly AttachedFile[];
  facts(place: number): readonly FileFacts[];
}

export function createFileReader(db: DatabaseSync): FileReader {
  const selectAll = db.prepare(
    "select name, content_type, data from notification_files where place = ? order by position",
  );
  const selectFacts = db.prepare(
    "select name, content_type, size_bytes from notification_files where place = ? order by position",
  );
  return {
    read: (place) =>
      selectAll.all(place).map((row) => ({
        name: String(row["name"]),
        contentType: row["content_type"] as string | null,
        data: (row["data"] as Uint8Array | null) ?? new Uint8Array(),
      })),
    facts: (place) =>
      selectFacts.all(place).map((row) => ({
        name: String(row["name"]),
        contentType: row["content_type"] as string | null,
        sizeBytes: Number(row["size_bytes"]),
      })),
  };
}
