/** How far something has come, kept in the table `progress_marks` together with what it has done. */
import type { DatabaseSync } from "node:sqlite";

export interface Mark {
  /** 0 at first. */
  readonly value: number;
  /** Inside a transaction; holds as soon as that is committed. */
  write(value: number): void;
}

/**
 * Read anew at each use: what a rolled back transaction had written never was.
 */
export function createMark(handle: DatabaseSync, name: string): Mark {
  const select = handle.prepare("select value from progress_marks where name = ?");
  const upsert = handle.prepare(
    "insert into progress_marks (name, value) values (?, ?) on conflict (name) do update set value = excluded.value",
  );
  return {
    get value() {
      return Number(select.get(name)?.["value"] ?? 0);
    },
    write: (value) => void upsert.run(name, value),
  };
}
