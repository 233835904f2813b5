/** Silences in SQL, for the record. */
import type { Silence } from "@tocsin/core";
import type { Kysely } from "kysely";
import type { SilenceRecord, SilenceStore } from "../notify/silences.ts";
import type { Tables } from "./tables.ts";

export function createSilenceStore(db: Kysely<Tables>): SilenceStore {
  return {
    async insert({ id, matchers, createdAt, untilAt, by, comment }) {
      const times = { created_at: Math.floor(createdAt), until_at: Math.ceil(untilAt), ended_at: null };
      await db
        .insertInto("silences")
        .values({ id, matchers, by, comment, ...times })
        .execute();
    },
    async end(id, at) {
      await db.updateTable("silences").set({ ended_at: at }).where("id", "=", id).execute();
    },
    async find(id) {
      const row = await db.selectFrom("silences").selectAll().where("id", "=", id).executeTakeFirst();
      return row === undefined ? null : fromRow(row);
    },
    async over(now, limit) {
      const query = db
        .selectFrom("silences")
        .selectAll()
        .where((row) => row.or([row("until_at", "<=", now), row("ended_at", "is not", null)]));
      return (await query.orderBy("id", "desc").limit(limit).execute()).map(fromRow);
    },
    async forgetBefore(at) {
      await db.deleteFrom("silences").where("until_at", "<", at).execute();
    },
  };
}

function fromRow({ id, matchers, created_at, until_at, by, comment, ended_at }: Tables["silences"]): SilenceRecord {
  const times = { createdAt: created_at, untilAt: until_at, endedAt: ended_at };
  return { id: id as Silence["id"], matchers, by, comment, ...times };
}
