import { DatabaseSync } from "node:sqlite";
import fc from "fast-check";
import { describe, expect, it, onTestFinished } from "vitest";
import { alsoTo, delivered, delivery, rejected } from "../../../testing/store-conformance/scenes.ts";
import { createVirtualClock } from "../../../testing/virtual-clock.ts";
import { parseText, textMatches } from "../../history/text.ts";
import { MIGRATIONS, migrate } from "./migrations/migrate.ts";
import { openSqliteStore, type SqliteStore } from "./sqlite-store.ts";
import { temporaryFile } from "./temp-folder.fixture.ts";

const START = Date.UTC(2026, 0, 1);

function setUp(path = ":memory:") {
  const clock = createVirtualClock({ startAt: START });
  const store = openSqliteStore({ database: path, clock, keepMs: Number.POSITIVE_INFINITY });
  onTestFinished(() => store.close());
  return { clock, store };
}

async function found({ history }: SqliteStore, filter: Parameters<typeof history.query>[0]) {
  return (await history.query(filter)).items.map(({ notification }) => notification.title);
}

describe("the index of words", () => {
  it("is made anew for a file of earlier versions, which knew no words without blanks", async () => {
    const path = temporaryFile();
    const before = new DatabaseSync(path);
    migrate(before, MIGRATIONS.slice(0, 2));
    before.exec(`
      insert into notifications (place, id, created_at, type, severity, body)
        values (1024, 'ntf_old', 1, 'general', 'info', '{"id":"ntf_old","createdAt":1,"type":"general","severity":"info","title":"磁盘已满"}');
      insert into notification_words (rowid, words, marks) values (1024, '磁盘已满', '');
      insert into progress_marks values ('words', 1024);
    `);
    before.close();
    const { store } = setUp(path);
    expect(await found(store, { text: "磁盘" })).toEqual(["磁盘已满"]);
  });

  it("finds the same as looking at every notification", async () => {
    const word = fc.constantFrom(
      "disk",
      "Disk",
      "düsk",
      "full",
      "fu",
      "a.b",
      "b",
      "🔥",
      "温度",
      "温度計",
      "ガス",
      "१२",
      "x_y",
      "don't",
    );
    const text = fc.oneof(
      fc.array(word, { maxLength: 6 }).map((words) => words.join(" ")),
      fc.string({ unit: "grapheme" }),
    );
    const search = fc.oneof(
      text,
      word.map((one) => `${one}*`),
      fc.array(word, { minLength: 2, maxLength: 3 }).map((words) => `"${words.join(" ")}"`),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(text, text), { maxLength: 5 }),
        fc.array(search, { maxLength: 5 }),
        async (texts, searches) => {
          const { store } = setUp();
          const records = texts.map(([title, message], n) => delivery(String(n), { title, message }));
          await store.outbox.append(records);
          for (const asked of searches) {
            const terms = parseText(asked);
            const expected = records.filter(({ notification }) => terms === null || textMatches(notification, terms));
            const { items } = await store.history.query({ text: asked });
            expect(items.map(({ notification }) => notification.id).sort()).toEqual(
              expected.map(({ notification }) => notification.id),
            );
          }
          await store.close();
        },
      ),
      { numRuns: 60 },
    );
  });

  it("learns of a destination that came later", async () => {
    const { store } = setUp();
    const record = delivery("1");
    await store.outbox.append([record]);
    expect(await found(store, { destinations: ["b"] })).toEqual([]);
    await store.outbox.append([alsoTo("b", record)]);
    expect(await found(store, { destinations: ["b"] })).toEqual(["1"]);
    expect(await found(store, { destinations: ["a"], text: "1" })).toEqual(["1"]);
  });

  it("learns of a notification whose place lies in the past", async () => {
    const { store } = setUp();
    await store.outbox.append([delivery("now", { createdAt: START })]);
    expect(await found(store, { types: ["general"] })).toEqual(["now"]);
    // As after a restart with the clock set back.
    await store.outbox.append([delivery("past", { createdAt: START - 3_600_000 })]);
    expect(await found(store, { types: ["general"] })).toEqual(["now", "past"]);
  });

  it("forgets nothing when a batch is taken back", async () => {
    const { store } = setUp();
    await store.outbox.append([delivery("1"), delivery("2")]);
    const { handle } = store.database;
    handle.exec("create temp trigger no before insert on progress_marks begin select raise(abort, 'no'); end");
    await expect(store.history.query({ text: "1" })).rejects.toMatchObject({ code: "STORE_REFUSED" });
    handle.exec("drop trigger no");
    expect(await found(store, { text: "1" })).toEqual(["1"]);
    expect(await found(store, { text: "2" })).toEqual(["2"]);
  });

  it("that is damaged fails searches, and never what is accepted", async () => {
    const { clock, store } = setUp();
    const { handle } = store.database;
    handle.exec("drop table notification_words; create table notification_words (rowid_ integer)");
    const accepted = store.outbox.append([delivery("1")]);
    await clock.advance(250);
    await accepted;
    await store.outbox.append([delivery("2")]);
    expect((await store.history.query({})).items).toHaveLength(2);
    await expect(store.history.query({ text: "1" })).rejects.toMatchObject({ code: "STORE_REFUSED" });
  });

  it("is filled in the background, and then holds no timer", async () => {
    const { clock, store } = setUp();
    const marks = () =>
      store.database.handle
        .prepare("select name from progress_marks order by name")
        .all()
        .map(({ name }) => name);
    const records = Array.from({ length: 450 }, (_, n) => delivery(String(n)));
    await store.outbox.append(records);
    await store.outbox.settle(records.slice(0, 5).map((one) => delivered(one)));
    expect([marks(), clock.pending]).toEqual([[], 1]);
    await clock.advance(250);
    await expect.poll(marks).toEqual(["roll-ups", "words"]);
    await expect.poll(() => clock.advance(250).then(() => clock.pending)).toBe(0);
    const indexed = store.database.handle.prepare("select count(*) as n from notification_words").get();
    expect(indexed).toEqual({ n: 450 });
    await store.outbox.settle([rejected(records[10]!)]);
    await expect.poll(() => clock.pending).toBe(1);
  });

  it("keeps the answer right however rare what is asked for is among what is common", async () => {
    const { store } = setUp();
    const records = Array.from({ length: 2_500 }, (_, n) =>
      delivery(String(n), { title: "disk", createdAt: START + n }),
    );
    await store.outbox.append(records);
    await store.outbox.settle(records.map((one, n) => (n % 2 === 0 ? rejected(one) : delivered(one))));
    const rare = [records[3]!, records[1_700]!];
    await store.outbox.append(rare.map((one) => alsoTo("b", one)));
    const { items } = await store.history.query({ text: "disk", statuses: ["waiting"], limit: 500 });
    expect(items.map(({ notification }) => notification.id)).toEqual(["ntf_1700", "ntf_3"]);
    const many = await store.history.query({ text: "disk", statuses: ["failed"], limit: 500 });
    expect(many.items.every(({ status }) => status === "failed")).toBe(true);
    expect(many.items[0]?.notification.id).toBe("ntf_2498");
    expect((await store.history.query({ text: "disk", statuses: ["partial"] })).items).toEqual([]);
  });
});

it("a process that only reads is not kept alive by its store", async () => {
  const path = temporaryFile();
  const { clock, store } = setUp(path);
  await store.history.query({});
  await store.history.statistics({ from: START, to: START + 60_000 });
  expect(clock.pending).toBe(0);
});
