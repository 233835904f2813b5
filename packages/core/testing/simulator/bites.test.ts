/**
 * Proves that the simulator bites: each of these faults is planted in a copy of the engine, one at a time, and has to be found.
 */
import { execFile } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { afterAll, describe, expect, it } from "vitest";

interface Fault {
  readonly name: string;
  /** Below src. */
  readonly file: string;
  readonly from: string;
  readonly to: string;
}

const FAULTS: readonly Fault[] = [
  {
    name: "what a changed message shows is not remembered",
    file: "delivery/in-place/note.ts",
    from: "told.hold({ ...tellings[0].message, notifications: changed(batch) });",
    to: ";",
  },
  {
    name: "windows are counted a little short",
    file: "delivery/pacing/sliding-window.ts",
    from: "const windowMs = intervalMs + PACING_MARGIN_MS;",
    to: "const windowMs = intervalMs - 100;",
  },
  {
    name: "a lane goes on before the outbox knows",
    file: "delivery/aftermath.ts",
    from: "if (written.every((one) => one === undefined)) return this.#parts.resume(lane, now);",
    to: "return this.#parts.resume(lane, now);",
  },
  {
    name: "what is tried again goes to the back",
    file: "delivery/aftermath.ts",
    from: "of tries.toReversed()) lane.queue.putBack(delivery);",
    to: "of tries.toReversed()) lane.queue.push(delivery);",
  },
  {
    name: "after a restart the backlog is forgotten",
    file: "delivery/restore.ts",
    from: "if (!intake.fold(lane, record)) lane.queue.push(record);",
    to: "if (record.attempts > 0) lane.queue.push(record);",
  },
  {
    name: "the hidden limit of a channel is not learned",
    file: "delivery/lane/limits.ts",
    from: "lane.pool = { gate, spec: lane.pool.spec };",
    to: "",
  },
  {
    name: "after a restart windows begin empty",
    file: "delivery/restore.ts",
    from: "countAll(starts, backlogs);",
    to: "",
  },
  {
    name: "an outcome in doubt passes for a success",
    file: "delivery/aftermath.ts",
    from: 'if (outcome.kind === "delivered") return this.#delivered(flight, tries, { outcome, now });',
    to: 'if (outcome.kind === "delivered" || outcome.kind === "ambiguous") return this.#delivered(flight, tries, { outcome: { messageId: null }, now });',
  },
  {
    name: "what is folded is never concluded",
    file: "delivery/intake.ts",
    from: "void book.conclude([{ delivery: older, result, attempt: null, settledAt: clock.now() }]);",
    to: "",
  },
  {
    name: "what the store owes is dropped",
    file: "delivery/steadfast-store.ts",
    from: "    owed.push(attempt);",
    to: "",
  },
  {
    name: "a digest is not recorded",
    file: "delivery/intake.ts",
    from: "void outbox.append([digest]);",
    to: "",
  },
  {
    name: "a fallback tells again what is told there anyway",
    file: "delivery/fallback.ts",
    from: "fallback === null || elsewhere.includes(fallback)",
    to: "fallback === null",
  },
  {
    name: "a pause holds nothing",
    file: "delivery/lane/lane.ts",
    from: '  consider(pausedUntil(lane), "paused");\n',
    to: "",
  },
  {
    name: "a restart forgets a pause",
    file: "delivery/engine.ts",
    from: "    this.#pauses.recall();\n",
    to: "",
  },
  {
    name: "an end is told whether or not its beginning was",
    file: "delivery/lane/lane.ts",
    from: 'phase === "resolved" && key !== null && !lane.told.has(key)',
    to: "false",
  },
  {
    name: "what is only on its way passes for accepted",
    file: "delivery/steadfast-store.ts",
    from: "paid: () => (owed.length === 0 ? undefined : new Promise((resolve) => creditors.push(resolve))),",
    to: "paid: () => undefined,",
  },
  {
    name: "a full queue is none",
    file: "delivery/overflow.ts",
    from: 'if (queue.size + beyond - (hasDigest ? 1 : 0) < queueSize) return { action: "push" };',
    to: 'return { action: "push" };',
  },
  {
    name: "the SQLite store settles outside of the transaction that it is asked to wait for",
    file: "store/sqlite/outbox.ts",
    from: 'return commits.write(() => settler.settle(settled), { kind: "settle", settled });',
    to: "return commits.write(() => {}).then(() => void commits.write(() => settler.settle(settled)).catch(() => {}));",
  },
  {
    name: "a page of the SQLite store skips a row",
    file: "store/sqlite/outbox.ts",
    from: "order by d.rank, d.id limit ?`",
    to: "order by d.rank, d.id limit ? offset 1`",
  },
  {
    name: "the SQLite store says that it has committed before it has",
    file: "store/sqlite/group-commit.ts",
    from: 'asked.push({ run, manner, resolve: resolve as Write["resolve"], reject });',
    to: "asked.push({ run, manner, resolve: () => {}, reject }); resolve(undefined as never);",
  },
  {
    name: "the SQLite store keeps a try twice that it is asked for twice",
    file: "store/sqlite/settle.ts",
    from: "if (isKnown.get(key.place, key.ordinal, change.attempt.attempt) !== undefined) continue;",
    to: "",
  },
  {
    name: "roll-ups of the SQLite store count one of each batch again",
    file: "store/sqlite/roll-ups.ts",
    from: "where a.seq > ? order by a.seq limit ?",
    to: "where a.seq >= ? order by a.seq limit ?",
  },
  {
    name: "the SQLite store forgets facts",
    file: "store/sqlite/facts.ts",
    from: 'return commits.write(() => void upsert.run(key, json), "apart");',
    to: 'return commits.write(() => void json, "apart");',
  },
  {
    name: "the journal of the SQLite store does not outlive its process",
    file: "store/sqlite/journal.ts",
    from: "return written.get(seq) ?? fromText(",
    to: "return written.get(seq) ?? [] ?? fromText(",
  },
  {
    name: "the journal of the SQLite store is not unfolded before others write",
    file: "store/sqlite/group-commit.ts",
    from: "if (!isShort) journal.unfold();",
    to: "if (!isShort) void 0;",
  },
];

const CORE = resolve(import.meta.dirname, "../..");
const run = promisify(execFile);
const folder = mkdtempSync(join(tmpdir(), "tocsin-bites-"));
for (const part of ["src", "testing", "package.json"])
  cpSync(join(CORE, part), join(folder, part), { recursive: true });
symlinkSync(resolve(CORE, "../../node_modules"), join(folder, "node_modules"));
afterAll(() => rmSync(folder, { recursive: true }));

/** What a hundred and fifty seeds of the copy say. */
async function simulate(): Promise<string> {
  const main = join(folder, "testing/simulator/main.ts");
  const args = [main, "--runs", "150", "--hours", "2", "--no-shrink"];
  return run(process.execPath, args).then(
    ({ stdout }) => stdout,
    (failed: { stdout: string; stderr: string }) => failed.stdout || failed.stderr,
  );
}

describe("the simulator", () => {
  it("finds nothing in the engine as it is", async () => {
    expect(await simulate()).toContain("every invariant held");
  }, 180_000);

  it.each(FAULTS)(
    "finds that $name",
    async ({ file, from, to }) => {
      const path = join(folder, "src", file);
      const sound = readFileSync(path, "utf8");
      expect(sound.split(from)).toHaveLength(2);
      writeFileSync(path, sound.replace(from, to));
      try {
        expect(await simulate()).toContain("broke an invariant");
      } finally {
        writeFileSync(path, sound);
      }
    },
    180_000,
  );
});
