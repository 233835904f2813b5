import { createVirtualClock } from "@tocsin/core/testing";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createRecordingJournal } from "../../testing/recording-journal.ts";
import { aDevice, aPlant, T, withMessage } from "../../testing/samples.ts";
import { createAlertBook } from "./alert-book.ts";
import { createAlertTelling } from "./alert-telling.ts";
import { createAlerting } from "./alerting.ts";
import { createIntake, MAX_REPORT_BYTES, MAX_SERIES_PER_DEVICE } from "./intake.ts";
import { createRegister } from "./register.ts";

const GENEROUS = { perSecond: 1, burst: 100_000 };

function setUp(rateLimit = { perSecond: 10, burst: 20 }) {
  const clock = createVirtualClock({ startAt: T });
  const journal = createRecordingJournal();
  const devices = [aDevice({ plantId: "plt_1" }), aDevice({ id: "other" })];
  const register = createRegister({ plants: [aPlant()], devices, series: [] });
  const book = createAlertBook({ journal, states: [], open: [], newId: () => "alr_1" });
  const telling = createAlertTelling({
    journal,
    book,
    newId: () => "ale_1",
    remindAfterMs: null,
    prepare: withMessage,
    withheldBy: () => null,
  });
  const timing = { cooldownMs: 0, remindAfterMs: null, offlineAfterMs: 180_000 };
  const alerting = createAlerting({ book, telling, ...timing });
  const intake = createIntake({ clock, register, journal, alerting, rateLimit });
  const telemetry = (payload: string | Uint8Array, deviceId = "device-abc") =>
    intake.take({
      deviceId,
      kind: "telemetry",
      payload: typeof payload === "string" ? new TextEncoder().encode(payload) : payload,
    });
  const values = () => journal.batch.readings.map(({ series: { metric }, value }) => [metric, value]);
  return { clock, journal, register, intake, telemetry, values };
}

describe("telemetry", () => {
  it("is stored metric by metric, for the plant that the device serves", () => {
    const { telemetry, journal } = setUp();
    expect(telemetry('{"soil_moisture": 41.5, "temperature": 21}')).toEqual({
      accepted: true,
      metrics: [
        { name: "soil_moisture", value: 41.5 },
        { name: "temperature", value: 21 },
      ],
      refused: [],
    });
    expect(journal.batch.readings).toMatchObject([
      { series: { deviceId: "device-abc", plantId: "plt_1", metric: "soil_moisture" }, at: T, value: 41.5 },
      { series: { metric: "temperature" }, at: T, value: 21 },
    ]);
  });

  it("of one metric is one series, and another one when the device serves another plant", () => {
    const { telemetry, journal, register } = setUp();
    telemetry('{"soil_moisture": 41}');
    telemetry('{"soil_moisture": 42}');
    register.assign("device-abc", null);
    telemetry('{"soil_moisture": 43}');
    const series = journal.batch.readings.map((reading) => reading.series);
    expect(series[1]).toBe(series[0]);
    expect(series[2]).toMatchObject({ plantId: null });
  });

  it("is a sign of life (A7), even when it is refused", () => {
    const { telemetry, journal } = setUp();
    telemetry("not json");
    expect(journal.batch.seen).toEqual(new Map([["device-abc", T]]));
  });

  it.each([
    { what: "text", payload: "hello", reason: "malformed-json" },
    { what: "nothing", payload: "", reason: "malformed-json" },
    { what: "half an object", payload: '{"soil_moisture": 1', reason: "malformed-json" },
    { what: "NaN", payload: '{"soil_moisture": NaN}', reason: "malformed-json" },
    { what: "a list", payload: "[1]", reason: "not-an-object" },
    { what: "no metric", payload: "{}", reason: "no-metrics" },
    { what: "a number as text", payload: '{"soil_moisture": "10"}', reason: "not-a-number" },
    { what: "a number beyond all bounds", payload: '{"soil_moisture": 1e999}', reason: "not-finite" },
    { what: "invalid UTF-8", payload: Buffer.from('{"a": "\xff"}', "latin1"), reason: "invalid-utf8" },
    {
      what: "65 metrics",
      payload: JSON.stringify(Object.fromEntries(Array.from({ length: 65 }, (_, i) => [`m${i}`, i]))),
      reason: "too-many-metrics",
    },
  ])("that holds $what is refused: $reason", ({ payload, reason }) => {
    const { telemetry, values } = setUp();
    expect(telemetry(payload)).toMatchObject({ accepted: false, reason });
    expect(values()).toEqual([]);
  });

  it("of 64 KiB is read, one byte more is refused, and so is 1 MB", () => {
    const { telemetry } = setUp();
    const sized = (bytes: number) => `{"a":1}${" ".repeat(bytes - 7)}`;
    expect(telemetry(sized(MAX_REPORT_BYTES)).accepted).toBe(true);
    expect(telemetry(sized(MAX_REPORT_BYTES + 1))).toMatchObject({ accepted: false, reason: "too-large" });
    expect(telemetry(sized(1_000_000))).toMatchObject({ accepted: false, reason: "too-large" });
  });

  it("keeps its good metrics when one is bad", () => {
    const { telemetry, values } = setUp();
    expect(telemetry('{"soil_moisture": 41, "note": "dry", "": 3}')).toMatchObject({
      accepted: true,
      refused: [
        { metric: "note", reason: "not-a-number" },
        { metric: "", reason: "name-empty" },
      ],
    });
    expect(values()).toEqual([["soil_moisture", 41]]);
  });

  it("takes huge numbers and odd names as they are", () => {
    const { telemetry, values } = setUp();
    telemetry('{"a": 1.7976931348623157e308, "__proto__": -5e-324, "Erdfeuchte 🌱": 0}');
    expect(values()).toEqual([
      ["a", Number.MAX_VALUE],
      ["__proto__", -Number.MIN_VALUE],
      ["Erdfeuchte 🌱", 0],
    ]);
  });

  it("of an unknown device is refused and leaves no trace", () => {
    const { telemetry, journal } = setUp();
    expect(telemetry('{"a": 1}', "ghost")).toMatchObject({ accepted: false, reason: "unknown-device" });
    expect(journal.batch).toEqual(createRecordingJournal().batch);
  });

  it("stops making new series at 256 per plant; the known ones go on", () => {
    const { telemetry, values } = setUp(GENEROUS);
    for (let i = 0; i < MAX_SERIES_PER_DEVICE; i++) telemetry(JSON.stringify({ [`m${i}`]: i }));
    expect(telemetry('{"invented": 1}')).toMatchObject({ accepted: false, reason: "too-many-series" });
    expect(telemetry('{"invented": 1, "m0": 7}')).toMatchObject({
      accepted: true,
      refused: [{ metric: "invented", reason: "too-many-series" }],
    });
    expect(values().at(-1)).toEqual(["m0", 7]);
  });

  it("never throws, whatever the bytes", () => {
    const { intake } = setUp(GENEROUS);
    fc.assert(
      fc.property(
        fc.oneof(
          fc.uint8Array(),
          fc.json().map((json) => new TextEncoder().encode(json)),
        ),
        (payload) => {
          const verdict = intake.take({ deviceId: "device-abc", kind: "telemetry", payload });
          return typeof verdict.accepted === "boolean";
        },
      ),
    );
  });
});

describe("a heartbeat", () => {
  it("is a sign of life and nothing else, whatever it carries", () => {
    const { intake, journal } = setUp();
    for (const payload of ["{}", "", '{"soil_moisture": 1}', "x"]) {
      const heartbeat = { deviceId: "device-abc", kind: "heartbeat", payload: Buffer.from(payload) } as const;
      expect(intake.take(heartbeat)).toEqual({ accepted: true, metrics: [], refused: [] });
    }
    expect(journal.batch.seen.get("device-abc")).toBe(T);
    expect(journal.batch.readings).toEqual([]);
  });
});

describe("a device that floods", () => {
  it("has 20 reports at once, then 10 a second, and takes nothing from the others", async () => {
    const { telemetry, clock, journal } = setUp();
    const taken = () =>
      Array.from({ length: 100 }, () => telemetry('{"a": 1}')).filter(({ accepted }) => accepted).length;
    expect(taken()).toBe(20);
    expect(telemetry('{"a": 1}')).toMatchObject({ accepted: false, reason: "too-frequent" });
    expect(telemetry('{"a": 1}', "other").accepted).toBe(true);
    await clock.advance(1_000);
    expect(taken()).toBe(10);
    expect(journal.batch.readings).toHaveLength(31);
  });
});
