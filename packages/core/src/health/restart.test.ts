/** A program that is started again over the same file. */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { createFakeChannel } from "../../testing/fake-channel.ts";
import { createVirtualClock } from "../../testing/virtual-clock.ts";
import { createNotifier } from "../notifier.ts";
import { openSqliteStore } from "../store/sqlite/sqlite-store.ts";
import type { ComponentOptions } from "./options.ts";

const MINUTE = 60_000;
const clock = createVirtualClock();
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "tocsin-health-"));
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** One life of the program; returns what it told: title and text. */
async function run(defaults: ComponentOptions, life: (health: ReturnType<typeof open>["health"]) => unknown) {
  const { notifier, channel, health } = open(defaults);
  await life(health);
  await notifier.close();
  return channel.sent.flatMap(({ request }) => request.notifications.map(({ title, message }) => [title, message]));
}

function open(defaults: ComponentOptions) {
  const channel = createFakeChannel({ clock });
  const store = openSqliteStore({ database: join(folder, "tocsin.db") });
  const notifier = createNotifier({ env: {}, clock, store, webhookUrl: channel, validateOnStart: false });
  return { notifier, channel, health: notifier.health({ program: "Kiosk", defaults }) };
}

it("tells no firing twice and forgets no recovery, and downtime counts through", async () => {
  const once = { failuresBeforeAlert: 2, remindAfterMs: [] };
  const first = await run(once, async (health) => {
    health.recordFailure("Bus API", "HTTP 502");
    await clock.advance(MINUTE);
    health.recordFailure("Bus API", "HTTP 502");
    await clock.advance(MINUTE);
  });
  expect(first).toEqual([["Error: Bus API", "HTTP 502"]]);
  await clock.advance(10 * MINUTE);
  const second = await run(once, async (health) => {
    expect(health.status()).toMatchObject([
      { component: "Bus API", alerting: true, consecutiveFailures: 2, lastAlertAt: expect.any(Number) },
    ]);
    health.recordFailure("Bus API", "HTTP 502");
    health.recordFailure("Bus API", "HTTP 502");
    await clock.advance(11 * MINUTE);
    health.recordSuccess("Bus API");
    await clock.advance(MINUTE);
  });
  expect(second).toEqual([["Recovered: Bus API", "Bus API recovered after 23 minutes"]]);
  expect(await run(once, (health) => expect(health.status()).toEqual([]))).toEqual([]);
});

it("goes on counting failures, and reminds when it is time", async () => {
  const twice = { failuresBeforeAlert: 2, remindAfterMs: [10 * MINUTE] };
  expect(await run(twice, (health) => health.recordFailure("a", "down"))).toEqual([]);
  const told = await run(twice, async (health) => {
    health.recordFailure("a", "down");
    await clock.advance(MINUTE);
  });
  expect(told).toEqual([["Error: a", "down"]]);
  await clock.advance(8 * MINUTE);
  // Nothing is reported in this life; the alarm alone brings the reminder, one minute after its beginning.
  expect(await run(twice, () => clock.advance(MINUTE - 1))).toEqual([]);
  expect(await run(twice, () => clock.advance(1))).toEqual([["Error: a", "down"]]);
});

it("keeps the programs of one store apart, and no secret of an error", async () => {
  const { notifier, health } = open({ failuresBeforeAlert: 1 });
  health.recordFailure("a", "password=hunter2 refused");
  notifier.health({ program: "Kiosk:b", defaults: { failuresBeforeAlert: 1 } }).recordFailure("b", "down");
  await notifier.close();
  const again = open({});
  expect(again.health.status()).toMatchObject([{ component: "a", alerting: true }]);
  expect(again.notifier.health({ program: "Kiosk:b" }).status()).toMatchObject([{ component: "b" }]);
  expect(again.notifier.health({ program: "Kio" }).status()).toEqual([]);
  await again.notifier.close();
  expect(readFileSync(join(folder, "tocsin.db"), "latin1")).not.toContain("hunter2");
});
