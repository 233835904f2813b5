import { DatabaseSync } from "node:sqlite";
import { expect, it } from "vitest";
import { MIGRATIONS, migrate } from "./migrate.ts";

/** The statements that make everything in a database, as SQLite keeps them. */
function schemaOf(db: DatabaseSync): string {
  const rows = db
    .prepare(
      "select sql from sqlite_schema where sql is not null and name not like 'notification_words_%' order by rowid",
    )
    .all();
  return `${rows.map(({ sql }) => `${sql};`).join("\n\n")}\n`;
}

function userVersion(db: DatabaseSync): unknown {
  return db.prepare("pragma user_version").get()?.["user_version"];
}

it("makes the schema that schema.sql shows", async () => {
  const db = new DatabaseSync(":memory:");
  migrate(db);
  await expect(schemaOf(db)).toMatchFileSnapshot("../schema.sql");
  expect(userVersion(db)).toBe(MIGRATIONS.length);
});

it("does nothing to a database that is up to date", () => {
  const db = new DatabaseSync(":memory:");
  migrate(db);
  db.exec("insert into memory_facts values ('a', '1')");
  migrate(db);
  expect(db.prepare("select count(*) as n from memory_facts").get()).toEqual({ n: 1 });
});

it("runs only what is missing, in order", () => {
  const db = new DatabaseSync(":memory:");
  const steps = ["create table a (x)", "insert into a values (1)", "insert into a select x + 1 from a"];
  migrate(db, steps.slice(0, 1));
  expect(userVersion(db)).toBe(1);
  migrate(db, steps);
  expect(db.prepare("select x from a order by x").all()).toEqual([{ x: 1 }, { x: 2 }]);
  expect(userVersion(db)).toBe(3);
});

it("leaves the schema as it was where a migration fails", () => {
  const db = new DatabaseSync(":memory:");
  const broken = ["create table a (x)", "create table b (x); insert into nowhere values (1)"];
  expect(() => migrate(db, broken)).toThrow("nowhere");
  expect(userVersion(db)).toBe(1);
  expect(db.isTransaction).toBe(false);
  expect(db.prepare("select name from sqlite_schema").all()).toEqual([{ name: "a" }]);
});
