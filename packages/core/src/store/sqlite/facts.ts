/** Facts by key in SQLite. */
import type { DatabaseSync } from "node:sqlite";
import type { Memory } from "../../delivery/outbox.ts";
import type { GroupCommit } from "./group-commit.ts";

export interface FactsParts {
  readonly handle: DatabaseSync;
  readonly reader: DatabaseSync;
  readonly commits: GroupCommit;
}

export function createSqliteMemory({ handle, reader, commits }: FactsParts): Memory {
  const upsert = handle.prepare(
    "insert into memory_facts (key, value) values (?, ?) on conflict (key) do update set value = excluded.value",
  );
  const remove = handle.prepare("delete from memory_facts where key = ?");
  const select = reader.prepare("select key, value from memory_facts");
  return {
    remember(key, value) {
      const json = JSON.stringify(value);
      return commits.write(() => void upsert.run(key, json), "apart");
    },
    forget: (key) => commits.write(() => void remove.run(key), "apart"),
    recall: () => new Map(select.all().map((row) => [String(row["key"]), JSON.parse(String(row["value"]))])),
  };
}
