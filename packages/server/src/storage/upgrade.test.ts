import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openSqliteDatabase } from "@tocsin/core/sqlite";
import { createVirtualClock } from "@tocsin/core/testing";
import { Migrator } from "kysely/migration";
import { afterEach, beforeEach, expect, it } from "vitest";
import { T } from "../../testing/samples.ts";
import { startTestApp } from "../../testing/test-app.ts";
import { createKysely } from "./dialect.ts";
import { greenhouse } from "./migrations/0001-greenhouse.ts";
import { notifications } from "./migrations/0002-notifications.ts";
import { openStorage } from "./storage.ts";

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "tocsin-upgrade-"));
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A database as it was before alerts had lives, with these rows. */
async function before(...statements: readonly string[]): Promise<string> {
  const path = join(folder, "test.db");
  const database = openSqliteDatabase({ path, now: T });
  const provider = {
    getMigrations: async () => ({ "0001-greenhouse": greenhouse, "0002-notifications": notifications }),
  };
  const names = { migrationTableName: "migrations", migrationLockTableName: "migrations_lock" };
  await new Migrator({ db: createKysely(database), provider, ...names }).migrateToLatest();
  for (const statement of statements) database.handle.exec(statement);
  await database.close();
  return path;
}

const PLANT = `insert into plants values ('plt_1', 'Monstera', null, '[["soil_moisture",20,80]]', ${T}, ${T})`;
const DEVICE = `insert into devices values ('device-abc', 'plt_1', 'none', ${T}, null)`;
const ALERT = `insert into alerts values ('alr_1', 'threshold', 'fired', 'plt_1', 'Monstera', 'device-abc', 'soil_moisture', 'min',
  20, 15.2, null, ${T}, 1, ${T + 5}, 'delivered', 'ntf_1', null, ${T + 9})`;
const FIRING = `insert into alert_states values ('threshold:plt_1:min:soil_moisture', 'plt_1', null,
  '{"phase":"firing","since":${T},"successes":0,"knownAs":"firing","reminders":0,"acknowledgedAt":null,"toldAt":${T},"silencedUntil":null,"changedAt":[]}')`;

it("the alerts of an earlier version are kept as records of alerts that are over", async () => {
  const path = await before(PLANT, DEVICE, ALERT);
  const storage = await openStorage({ path, clock: createVirtualClock({ startAt: T }) });
  const [found] = await storage.alerts.list({ before: null, limit: 10 });
  expect(found).toMatchObject({
    life: {
      id: "alr_1",
      finding: { kind: "threshold", metric: "soil_moisture", direction: "min", limit: 20, value: 15.2 },
      transitions: [
        { at: T, phase: "firing", reason: "upgraded", by: null },
        { at: T + 5, phase: "resolved", reason: "upgraded" },
      ],
    },
    told: 1,
    latestTold: { id: "alr_1", alertId: "alr_1", delivery: "delivered", notificationId: "ntf_1" },
  });
  expect(storage.alerts.idOf("ntf_1")).toBe("alr_1");
  await storage.close();
});

it.each(["not even JSON", "{}", '{"phase":"smouldering"}', '{"phase":"firing","since":1}', "null"])(
  "a state in a form that nobody knows (%s) begins anew, with a word in the log, and the server starts",
  async (state) => {
    await before(
      PLANT,
      DEVICE,
      FIRING,
      `insert into alert_states values ('offline:device-abc', null, 'device-abc', '${state}')`,
    );
    await using server = await startTestApp({ folder });
    expect(server.log.map(({ msg }) => msg)).toContain(
      "Alert states of an earlier version cannot be read; they begin anew",
    );
    expect(server.log.find(({ unreadable }) => unreadable !== undefined)).toMatchObject({ unreadable: 1 });
  },
);

it("the states of an earlier version go on: what was told is not told again", async () => {
  const clock = createVirtualClock({ startAt: T });
  const path = await before(PLANT, DEVICE, FIRING);
  const storage = await openStorage({ path, clock });
  const { states, unreadable } = await storage.alerts.states();
  expect([unreadable, states]).toMatchObject([0, [{ state: { phase: "firing", toldAt: T }, closedAt: null }]]);
  await storage.close();
});
