/** What became of a notification, asked of the store that has it: the same as its own receipt said. */
import { afterEach, beforeEach, expect, it } from "vitest";
import { createFakeChannel, type FakeChannel } from "../../testing/fake-channel.ts";
import { rejected } from "../../testing/outcomes.ts";
import { createVirtualClock, type VirtualClock } from "../../testing/virtual-clock.ts";
import type { NotificationId } from "../notification/notification.ts";
import { createNotifier } from "../notifier.ts";
import { openSqliteStore, type SqliteStore } from "../store/sqlite/sqlite-store.ts";
import { temporaryFile } from "../store/sqlite/temp-folder.fixture.ts";
import type { NotifierOptions } from "./options.ts";
import { createVerdicts } from "./verdicts.ts";

const NOON = Date.UTC(2026, 0, 5, 12);
const HOUR = 3_600_000;
const SILENT = { debug() {}, info() {}, warn() {}, error() {} };
const QUIET = { routes: [{ to: "ops", quietHours: "11:00-13:00" }] };
let clock: VirtualClock;
let store: SqliteStore;
let path: string;
let channel: FakeChannel;

beforeEach(() => {
  clock = createVirtualClock({ startAt: NOON });
  path = temporaryFile();
  open();
});

/** What a process has of its own. */
function open(): void {
  store = openSqliteStore({ database: path, clock });
  channel = createFakeChannel({ clock });
}

afterEach(() => store.close());

function start(options: NotifierOptions = {}) {
  const shared = { env: {}, clock, logger: SILENT, validateOnStart: false, timeZone: "UTC" };
  return createNotifier({ ...shared, destinations: { ops: channel }, routes: [{ to: "ops" }], store, ...options });
}

async function lookUp(id: NotificationId) {
  // Comes after all that was asked for before.
  await store.outbox.append([]);
  return createVerdicts(store.history).lookUp(id);
}

it.each<[string, NotifierOptions, string]>([
  ["notifications are off", { enabled: false }, "disabled"],
  ["there is no destination for it", { routes: [] }, "no-destination"],
  ["its route is muted", { routes: [{ to: "ops", muteTimes: "11:00-13:00" }] }, "muted"],
])("is skipped where %s", async (_, options, reason) => {
  const notifier = start(options);
  const first = await notifier.send({ title: "x" });
  expect(first).toMatchObject({ status: "skipped", reason });
  expect(await lookUp(first.id)).toEqual(first);
  await notifier.close();
});

it("is skipped where somebody has silenced it", async () => {
  const notifier = start();
  await notifier.silence({ matchers: "type=general", untilAt: NOON + HOUR });
  const first = await notifier.send({ title: "x" });
  expect(first).toMatchObject({ status: "skipped", reason: "silenced" });
  expect(await lookUp(first.id)).toEqual(first);
  await notifier.close();
});

it("is failed where it was refused, and delivered once somebody has replayed it", async () => {
  const notifier = start();
  channel.answer(rejected());
  const first = await notifier.send({ title: "x" });
  expect(await lookUp(first.id)).toEqual(first);
  const { items } = await store.deadLetters.list({});
  await notifier.replay({ ids: items.map(({ id }) => id) });
  await clock.settle();
  expect(await lookUp(first.id)).toMatchObject({ success: true, status: "delivered" });
  expect(await store.history.find(first.id)).toMatchObject({ status: "delivered" });
  await notifier.close();
});

it("is deferred while it waits for the end of quiet hours, and folded into their summary then", async () => {
  const before = start(QUIET);
  const first = await before.send({ title: "x", idempotencyKey: "k" });
  expect(first.status).toBe("deferred");
  await before.close();
  open();
  const after = start(QUIET);
  expect(await after.send({ title: "x", idempotencyKey: "k" })).toEqual(first);
  await clock.advance(HOUR);
  expect(await lookUp(first.id)).toMatchObject({ success: true, status: "folded" });
  await after.close();
});

it("says of what nobody knows that this is a fault of ours", async () => {
  const unknown = "ntf_unknown" as NotificationId;
  expect(await lookUp(unknown)).toMatchObject({ status: "failed", reason: "internal-error" });
});
