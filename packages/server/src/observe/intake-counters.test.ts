import { createVirtualClock } from "@tocsin/core/testing";
import { expect, it } from "vitest";
import { T } from "../../testing/samples.ts";
import { createTestLogger } from "../../testing/test-logger.ts";
import { createIntakeCounters } from "./intake-counters.ts";

const SOURCE = { deviceId: "device-abc", transport: "mqtt" } as const;

function setUp() {
  const clock = createVirtualClock({ startAt: T });
  const { logger, lines } = createTestLogger();
  return { clock, lines, counters: createIntakeCounters({ clock, logger }) };
}

it("counts what was taken and, by reason, what was not", () => {
  const { counters } = setUp();
  const metrics = [
    { name: "a", value: 1 },
    { name: "b", value: 2 },
  ];
  counters.verdict(SOURCE, { accepted: true, metrics, refused: [{ metric: "c", reason: "not-a-number" }] });
  counters.verdict(SOURCE, { accepted: true, metrics: [], refused: [] });
  counters.verdict(SOURCE, { accepted: false, reason: "malformed-json", refused: [] });
  counters.refused({ deviceId: "other", transport: "http" }, "not-authorised");
  expect(counters.counts()).toEqual({
    accepted: 2,
    readings: 2,
    refused: { "not-a-number": 1, "malformed-json": 1, "not-authorised": 1 },
    lastRefusal: { at: T, deviceId: "other", transport: "http", reason: "not-authorised" },
  });
});

it("logs a fault of a device once an hour, and others as they come", async () => {
  const { counters, clock, lines } = setUp();
  for (let i = 0; i < 100; i++) counters.refused(SOURCE, "malformed-json");
  counters.refused(SOURCE, "too-large");
  counters.refused({ ...SOURCE, deviceId: "other" }, "malformed-json");
  expect(lines.map(({ deviceId, reason }) => `${deviceId} ${reason}`)).toEqual([
    "device-abc malformed-json",
    "device-abc too-large",
    "other malformed-json",
  ]);
  await clock.advance(3_600_000);
  counters.refused(SOURCE, "malformed-json");
  expect(lines).toHaveLength(4);
});

it("remembers no more than it has to when somebody makes names up", () => {
  const { counters, lines } = setUp();
  for (let i = 0; i < 10_001; i++) counters.refused({ ...SOURCE, deviceId: `ghost-${i}` }, "unknown-device");
  // The first is forgotten by now.
  counters.refused({ ...SOURCE, deviceId: "ghost-0" }, "unknown-device");
  expect(lines).toHaveLength(10_002);
  counters.refused({ ...SOURCE, deviceId: "x".repeat(60_000) }, "unknown-device");
  expect(String(lines.at(-1)?.["deviceId"]).length).toBe(100);
});
