import type { NotifierStatus } from "@tocsin/core";
import { createVirtualClock } from "@tocsin/core/testing";
import { expect, it } from "vitest";
import { createRecordingJournal } from "../../testing/recording-journal.ts";
import { createTestLogger } from "../../testing/test-logger.ts";
import type { Health } from "../http/health.ts";
import { checkHealth } from "./health.ts";
import { createIntakeCounters } from "./intake-counters.ts";

type Lane = NotifierStatus["destinations"][number];
const READY = { destination: "default", mode: "ready", breaker: "closed", pause: null } as Lane;
const STORE = { isDurable: true, pendingWrites: 0, error: null };
const HEALTHY: NotifierStatus = { enabled: true, open: 0, store: STORE, pause: null, destinations: [READY] };
const MQTT: Health["services"]["mqtt"] = { status: "healthy", broker: "embedded", connected_clients: 3 };

function check({
  failing = false,
  answers = true,
  notifier = HEALTHY,
  isHealthy = true,
  mqtt = MQTT,
} = {}): Promise<Health> {
  const clock = createVirtualClock();
  const journal = { ...createRecordingJournal(), failing };
  return checkHealth({
    clock,
    journal,
    storage: { ping: () => (answers ? Promise.resolve() : Promise.reject(new Error("locked"))) },
    counters: createIntakeCounters({ clock, logger: createTestLogger().logger }),
    notifier: { status: () => notifier, isHealthy: () => isHealthy },
    mqtt: () => mqtt,
    plantNameOf: (destination) => (destination.startsWith("plt_") ? "Fern" : null),
  });
}

it("everything in order is healthy", async () => {
  expect(await check()).toEqual({
    status: "healthy",
    timestamp: "2026-01-01T00:00:00.000Z",
    services: {
      database: { status: "healthy" },
      mqtt: MQTT,
      discord_notifications: { status: "healthy", enabled: true, queue_size: 0, paused: [], out_of_order: [] },
      ingest: { status: "healthy", accepted: 0, readings: 0, refused: {}, last_refusal: null },
    },
  });
});

it.each([
  { what: "a database that cannot be written", state: { failing: true }, service: "database" },
  { what: "a database that does not answer", state: { answers: false }, service: "database" },
  {
    what: "an outbox that cannot be written",
    state: { notifier: { ...HEALTHY, store: { ...STORE, error: "the disk is full" } } },
    service: "database",
  },
  { what: "a broker that is away", state: { mqtt: { ...MQTT, status: "disconnected" as const } }, service: "mqtt" },
  {
    what: "a webhook that has been disabled",
    state: { notifier: { ...HEALTHY, destinations: [READY, { ...READY, mode: "disabled" as const }] } },
    service: "discord_notifications",
  },
  {
    what: "a webhook that is configured and cannot be used",
    state: { notifier: { ...HEALTHY, destinations: [] }, isHealthy: false },
    service: "discord_notifications",
  },
  {
    what: "a webhook that does not answer",
    state: { notifier: { ...HEALTHY, destinations: [{ ...READY, breaker: "open" as const }] } },
    service: "discord_notifications",
  },
] as const)("$what shows, as a whole and in its place", async ({ state, service }) => {
  const { status, services } = await check(state);
  expect(status).toBe("degraded");
  expect(services[service].status).not.toBe("healthy");
});

it("the webhook of one plant that is out of order is named, and is no fault of the server", async () => {
  const own: Lane = { ...READY, destination: "plt_1", mode: "disabled" };
  const dead = await check({ notifier: { ...HEALTHY, destinations: [READY, own] } });
  expect([dead.status, dead.services.discord_notifications]).toMatchObject([
    "healthy",
    { status: "degraded", out_of_order: [{ channel: "plt_1", title: "Webhook of Fern" }] },
  ]);
  const both = await check({ notifier: { ...HEALTHY, destinations: [{ ...READY, breaker: "open" }, own] } });
  expect([both.status, both.services.discord_notifications]).toMatchObject([
    "degraded",
    { status: "failing", out_of_order: [{ channel: "default", title: "default" }, { channel: "plt_1" }] },
  ]);
});

it.each([
  { notifier: { ...HEALTHY, destinations: [] }, status: "not_configured" },
  { notifier: { ...HEALTHY, enabled: false }, status: "disabled" },
])("no notifications by choice ($status) is no fault", async ({ notifier, status }) => {
  const health = await check({ notifier });
  expect([health.status, health.services.discord_notifications.status]).toEqual(["healthy", status]);
});

it("a pause is no fault, and shows (A12)", async () => {
  const pause = { since: 0, untilAt: null, by: "Ann", reason: null, of: "destination" } as const;
  const paused: Lane = { ...READY, destination: "news", pause };
  const some = await check({ notifier: { ...HEALTHY, destinations: [READY, paused] } });
  expect([some.status, some.services.discord_notifications]).toEqual([
    "healthy",
    { status: "healthy", enabled: true, queue_size: 0, paused: ["news"], out_of_order: [] },
  ]);
  const all = await check({ notifier: { ...HEALTHY, destinations: [paused] } });
  expect([all.status, all.services.discord_notifications.status]).toEqual(["healthy", "paused"]);
});
