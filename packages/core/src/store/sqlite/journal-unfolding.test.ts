import fc from "fast-check";
import { expect, it } from "vitest";
import {
  alsoTo,
  delivered,
  delivery,
  ended,
  rejected,
  START,
  tryOf,
} from "../../../testing/store-conformance/scenes.ts";
import type { DeliveryRecord } from "../../delivery/outbox.ts";
import { createAppender, toAppend } from "./append.ts";
import { openSqliteDatabase } from "./database.ts";
import { createJournal } from "./journal.ts";
import type { JournalEntry } from "./journal-entry.ts";
import { createPlaces } from "./place.ts";
import { createSettler, toAmend, toPostpone, toSettle } from "./settle.ts";

const TABLES = {
  notifications: "place",
  notification_files: "place, position",
  deliveries: "place, ordinal",
  attempts: "seq",
} as const;

function openJournal() {
  const database = openSqliteDatabase({ path: ":memory:", now: START });
  const { handle, path } = database;
  const appender = createAppender({ handle, places: createPlaces(handle), onChanged: () => {} });
  const onProblem = (error: unknown): never => {
    throw error;
  };
  const journal = createJournal({ handle, path, appender, settler: createSettler(handle, 0), onProblem });
  const contents = () =>
    Object.entries(TABLES).map(([table, order]) => handle.prepare(`select * from ${table} order by ${order}`).all());
  return { journal, contents, database };
}

const NAMES = ["a", "b", "c", "d"] as const;
type Step = readonly [
  name: (typeof NAMES)[number],
  what: "append" | "also" | "postpone" | "amend" | "deliver" | "reject" | "expire" | "skip",
];

/** Entries as an engine would ask for them, some of them twice. Nothing happens to a delivery before it is accepted. */
function entriesOf(steps: readonly Step[]): JournalEntry[] {
  const files = [{ name: "f", data: new Uint8Array([1, 2]), contentType: null }];
  const records = new Map<string, DeliveryRecord>(
    NAMES.map((name, k) => [
      name,
      delivery(name, { createdAt: START - 3_600_000 * (k % 2), ...(k === 3 && { files }) }),
    ]),
  );
  const known = new Set<string>();
  const inOrder = steps.flatMap(([name, what]): readonly Step[] => {
    const isKnown = known.has(name) || what === "skip";
    if (!isKnown) known.add(name);
    return isKnown
      ? [[name, what]]
      : [
          [name, "append"],
          [name, what],
        ];
  });
  return inOrder.map(([name, what]) => entryOf(records.get(name)!, what));
}

function entryOf(record: DeliveryRecord, what: Step[1]): JournalEntry {
  switch (what) {
    case "append":
      return { kind: "append", accepted: toAppend([record]) };
    case "also":
      return { kind: "append", accepted: toAppend([{ ...alsoTo("b", record), elsewhere: ["a"] }]) };
    case "postpone":
      return {
        kind: "postpone",
        postponed: [toPostpone({ delivery: record, attempt: tryOf(record, { outcome: "unavailable" }) })],
      };
    case "amend":
      record.notification = { ...record.notification, count: record.notification.count + 1 };
      return { kind: "amend", amended: toAmend(record) };
    case "deliver":
      return { kind: "settle", settled: [toSettle(delivered(record))] };
    case "reject":
      return { kind: "settle", settled: [toSettle(rejected(record))] };
    case "expire":
      return { kind: "settle", settled: [toSettle(ended(record, "expired"))] };
    case "skip":
      return { kind: "skip", notification: delivery(`${record.id}-skipped`).notification, reason: "silenced" };
  }
}

const step: fc.Arbitrary<Step> = fc.tuple(
  fc.constantFrom(...NAMES),
  fc.constantFrom("append", "append", "also", "postpone", "amend", "deliver", "deliver", "reject", "expire", "skip"),
);

it("what went through the journal, in whatever portions, stands in the tables as if it had been written there at once", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { maxLength: 30 }),
      fc.array(fc.record({ written: fc.integer({ min: 1, max: 5 }), unfolded: fc.integer({ min: 0, max: 4 }) })),
      async (steps, portions) => {
        const [direct, journaled] = [openJournal(), openJournal()];
        const entries = entriesOf(steps);
        for (const entry of entries) direct.journal.bypass(entry);
        const left = [...entriesOf(steps)];
        for (const { written, unfolded } of portions) {
          const group = left.splice(0, written);
          if (group.length > 0) journaled.journal.write(group);
          if (unfolded > 0) journaled.journal.unfold(unfolded);
        }
        if (left.length > 0) journaled.journal.write(left);
        journaled.journal.unfold();
        journaled.journal.recount();
        expect(journaled.contents()).toEqual(direct.contents());
        expect(journaled.journal.contents).toMatchObject({ size: 0, hasWaiting: false });
        await Promise.all([direct.database.close(), journaled.database.close()]);
      },
    ),
    { numRuns: 300 },
  );
});
