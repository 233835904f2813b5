import { describe, expect, it, onTestFinished } from "vitest";
import { delivered, delivery, waitingIn } from "../../../testing/store-conformance/scenes.ts";
import { createSystemClock } from "../../clock/system-clock.ts";
import { openSqliteDatabase } from "./database.ts";
import { openSqliteStore } from "./sqlite-store.ts";
import { temporaryFile } from "./temp-folder.fixture.ts";

/** A database that has tables of its owner's as well. */
function setUp() {
  const clock = createSystemClock();
  const database = openSqliteDatabase({ path: temporaryFile(), now: clock.now() });
  const store = openSqliteStore({ database, clock });
  onTestFinished(async () => {
    await store.close();
    await database.close();
  });
  database.handle.exec("create table alerts (id text primary key) strict");
  const alerts = () =>
    database.reader
      .prepare("select id from alerts order by id")
      .all()
      .map(({ id }) => id);
  return { database, store, alerts };
}

describe("a database that its owner shares with a store (A5)", () => {
  it("takes the owner's rows and deliveries in one transaction", async () => {
    const { database, store, alerts } = setUp();
    await database.transaction(() => {
      database.handle.exec("insert into alerts values ('a')");
      store.appendWithin([delivery("1"), delivery("2")]);
    });
    expect([alerts(), waitingIn(store)]).toEqual([["a"], ["1", "2"]]);
    expect((await store.history.query({ text: "1" })).items).toHaveLength(1);
  });

  it("keeps neither when the transaction is taken back", async () => {
    const { database, store, alerts } = setUp();
    const work = (): never => {
      database.handle.exec("insert into alerts values ('a')");
      store.appendWithin([delivery("1")]);
      throw new Error("no");
    };
    await expect(database.transaction(work)).rejects.toThrow("no");
    expect([alerts(), waitingIn(store), store.outbox.backlog()]).toEqual([[], [], []]);
    await store.outbox.append([delivery("1")]);
    expect(waitingIn(store)).toEqual(["1"]);
  });

  it("shows a delivery to the engine only when it is committed", async () => {
    const { database, store } = setUp();
    const held = Promise.withResolvers<void>();
    const writing = database.exclusive(async () => {
      database.handle.exec("begin immediate");
      store.appendWithin([delivery("1")]);
      await held.promise;
      database.handle.exec("commit");
    });
    const meanwhile = store.outbox.append([delivery("2")]);
    await new Promise(setImmediate);
    expect(waitingIn(store)).toEqual([]);
    held.resolve();
    await Promise.all([writing, meanwhile]);
    expect(waitingIn(store)).toEqual(["1", "2"]);
  });

  it("refuses to append where there is no transaction", () => {
    const { store } = setUp();
    expect(() => store.appendWithin([delivery("1")])).toThrow("needs a transaction");
  });

  it("stays open when the store is closed, and the store takes nothing more", async () => {
    const { database, store } = setUp();
    const record = delivery("1");
    void store.outbox.append([record]);
    await store.close();
    await expect(store.outbox.settle([delivered(record)])).rejects.toMatchObject({ code: "STORE_CLOSED" });
    expect(database.handle.isOpen).toBe(true);
    expect(database.handle.prepare("select count(*) as n from deliveries").get()).toEqual({ n: 1 });
  });
});
