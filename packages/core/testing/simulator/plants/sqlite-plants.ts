/** Faults for the SQLite store. */
import type { Plant } from "./plant.ts";

export const SQLITE_PLANTS: readonly Plant[] = [
  {
    name: "the SQLite store settles outside of the transaction that it is asked to wait for",
    file: "store/sqlite/outbox.ts",
    from: 'return commits.write(() => settler.settle(settled), { kind: "settle", settled });',
    to: "return commits.write(() => {}).then(() => void commits.write(() => settler.settle(settled)).catch(() => {}));",
    found: "what is settled stays settled",
    seed: 2,
  },
  {
    name: "a page of the SQLite store skips a row",
    file: "store/sqlite/outbox.ts",
    from: "order by d.rank, d.id limit ?`",
    to: "order by d.rank, d.id limit ? offset 1`",
    found: "nothing accepted is lost",
    seed: 2,
  },
  {
    name: "the SQLite store says that it has committed before it has",
    file: "store/sqlite/group-commit.ts",
    from: 'asked.push({ run, manner, onCommitted, resolve: resolve as Write["resolve"], reject });',
    to: "asked.push({ run, manner, onCommitted, resolve: () => {}, reject }); resolve(undefined as never);",
    found: ["nothing accepted is lost", "what is settled stays settled"],
    seed: 10,
  },
  {
    name: "the SQLite store says that it has kept what the disk has not confirmed",
    file: "store/sqlite/group-commit.ts",
    from: "await synced;",
    to: "void synced.catch(() => {});",
    found: ["what is settled stays settled", "nothing accepted is lost", "every verdict is explained"],
  },
  {
    name: "the SQLite store keeps a try twice that it is asked for twice",
    file: "store/sqlite/settle.ts",
    from: "if (isKnown.get(key.place, key.ordinal, change.attempt.attempt) !== undefined) continue;",
    to: "",
    found: "every verdict is explained",
  },
  {
    name: "roll-ups of the SQLite store count one of each batch again",
    file: "store/sqlite/roll-ups.ts",
    from: "where a.seq > ? order by a.seq limit ?",
    to: "where a.seq >= ? order by a.seq limit ?",
    found: "statistics count everything once",
  },
  {
    name: "the SQLite store forgets facts",
    file: "store/sqlite/facts.ts",
    from: 'return commits.write(() => void upsert.run(key, json), "apart");',
    to: 'return commits.write(() => void json, "apart");',
    found: "nothing leaves while paused",
    seed: 8,
  },
  {
    name: "the journal of the SQLite store does not outlive its process",
    file: "store/sqlite/journal.ts",
    from: "return written.get(seq) ?? fromText(",
    to: "return written.get(seq) ?? [] ?? fromText(",
    found: "nothing accepted is lost",
    seed: 10,
  },
  {
    name: "the journal of the SQLite store is not unfolded before others write",
    file: "store/sqlite/group-commit.ts",
    from: "if (!isShort) journal.unfold();",
    to: "if (!isShort) void 0;",
    found: "what is settled stays settled",
    seed: 2,
  },
];
