import { describe, expect, it } from "vitest";
import { createRecordingJournal } from "../../testing/recording-journal.ts";
import { aDevice, aPlant, T, withMessage } from "../../testing/samples.ts";
import type { AlertId, StoredAlertState } from "./alert.ts";
import { createAlerting } from "./alerting.ts";
import { createRegister } from "./register.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

function setUp(states: readonly StoredAlertState[] = []) {
  const journal = createRecordingJournal();
  const plants = [aPlant(), aPlant({ id: "plt_2", name: "Ficus" })];
  const devices = [aDevice({ plantId: "plt_1" }), aDevice({ id: "other", plantId: "plt_2" }), aDevice({ id: "loose" })];
  const register = createRegister({ plants, devices, series: [] });
  let n = 0;
  const alerting = createAlerting({
    journal,
    states,
    newId: () => `alr_${++n}` satisfies AlertId,
    cooldownMs: HOUR,
    offlineAfterMs: 3 * MINUTE,
    prepare: withMessage,
  });
  const device = (id = "device-abc") => register.devices.get(id)!;
  const soil = (value: number, minute: number, id?: string) =>
    alerting.reading(device(id), { name: "soil_moisture", value }, T + minute * MINUTE);
  /** As they would be found after a restart. */
  const stored = () => [...journal.batch.states.values()].map(({ subject, state }) => ({ ...subject, state }));
  return { journal, register, alerting, device, soil, stored };
}

describe("threshold alerts (A1, A10)", () => {
  it("tell what was found, about which plant, by which device", () => {
    const { soil, journal } = setUp();
    soil(15.2, 0);
    expect(journal.told()).toEqual([
      {
        id: "alr_1",
        finding: { kind: "threshold", metric: "soil_moisture", direction: "min", limit: 20, value: 15.2 },
        plantId: "plt_1",
        plantName: "Monstera",
        deviceId: "device-abc",
        reason: "fired",
        createdAt: T,
        count: 1,
        lastAt: T,
        delivery: "queued",
        notificationId: null,
        error: null,
        settledAt: null,
      },
    ]);
  });

  it("are told once per cooldown; one row counts what is held back meanwhile", () => {
    const { soil, journal } = setUp();
    for (let minute = 0; minute < 60; minute++) soil(15 - minute / 10, minute);
    expect(journal.told()).toHaveLength(1);
    expect(journal.heldBack()).toMatchObject([{ id: "alr_2", reason: "cooldown" }]);
    expect(journal.batch.repeats.get("alr_2")).toEqual({ count: 59, lastAt: T + 59 * MINUTE, value: 15 - 5.9 });
    soil(15, 60);
    soil(15, 61);
    expect(journal.told()).toMatchObject([{ reason: "fired" }, { reason: "repeated" }]);
    expect(journal.heldBack().map(({ id }) => id)).toEqual(["alr_2", "alr_4"]);
  });

  it("have a cooldown per plant, metric and direction", () => {
    const { soil, alerting, device, register, journal } = setUp();
    register.changePlant(
      aPlant({
        thresholds: new Map([
          ["soil_moisture", { min: 20, max: 80 }],
          ["temperature", { min: 10, max: null }],
        ]),
      }),
    );
    soil(10, 0);
    soil(90, 0);
    soil(10, 0, "other");
    alerting.reading(device(), { name: "temperature", value: 5 }, T);
    expect(journal.told().map(({ plantId, finding }) => [plantId, finding])).toMatchObject([
      ["plt_1", { metric: "soil_moisture", direction: "min" }],
      ["plt_1", { metric: "soil_moisture", direction: "max" }],
      ["plt_2", { metric: "soil_moisture", direction: "min" }],
      ["plt_1", { metric: "temperature", direction: "min" }],
    ]);
    for (const value of [9, 91]) soil(value, 1);
    expect(journal.told()).toHaveLength(4);
  });

  it("share the cooldown between two devices of one plant", () => {
    const { soil, register, journal } = setUp();
    register.assign("other", "plt_1");
    soil(10, 0);
    soil(10, 1, "other");
    expect(journal.told()).toHaveLength(1);
  });

  it("keep their cooldown over a restart", () => {
    const before = setUp();
    before.soil(15, 0);
    const after = setUp(before.stored());
    after.soil(15, 59);
    expect(after.journal.told()).toHaveLength(0);
    expect(after.journal.heldBack()).toHaveLength(1);
    after.soil(15, 60);
    expect(after.journal.told()).toHaveLength(1);
  });

  it("are not raised for a value on its limit, a metric without one, or a device without a plant", () => {
    const { soil, alerting, device, journal } = setUp();
    for (const value of [20, 50, 80]) soil(value, 0);
    alerting.reading(device(), { name: "lux", value: -1 }, T);
    soil(1, 0, "loose");
    expect(journal.batch).toEqual(createRecordingJournal().batch);
  });

  it("store a state only when it changes", () => {
    const { soil, journal } = setUp();
    soil(15, 0);
    journal.batch.states.clear();
    soil(15, 1);
    expect(journal.batch.states.size).toBe(0);
    soil(30, 2);
    expect([...journal.batch.states.values()]).toMatchObject([{ state: { phase: "ok", toldAt: T } }]);
  });
});

describe("offline alerts (A2, A9)", () => {
  it("are told once per outage, however often it is checked", () => {
    const { alerting, device, journal } = setUp();
    alerting.alive(device(), T);
    device().lastSeenAt = T;
    for (let minute = 1; minute <= 60; minute++) alerting.checkSilence(device(), T, T + minute * MINUTE);
    expect(journal.told()).toMatchObject([
      {
        finding: { kind: "offline", lastSeenAt: T },
        plantName: "Monstera",
        createdAt: T + 3 * MINUTE,
        reason: "fired",
      },
    ]);
  });

  it("are told again when the device came back and left again, even between two checks", () => {
    const { alerting, device, journal } = setUp();
    alerting.checkSilence(device(), T, T + 10 * MINUTE);
    device().lastSeenAt = T + 11 * MINUTE;
    alerting.alive(device(), T + 11 * MINUTE);
    alerting.checkSilence(device(), T, T + 14 * MINUTE);
    expect(journal.told()).toMatchObject([
      { finding: { lastSeenAt: null } },
      { finding: { lastSeenAt: T + 11 * MINUTE } },
    ]);
  });

  it("count from the registration for a device that never reported, and name no plant where there is none", () => {
    const { alerting, device, journal } = setUp();
    alerting.checkSilence(device("loose"), 0, T + 3 * MINUTE - 1);
    expect(journal.told()).toHaveLength(0);
    alerting.checkSilence(device("loose"), 0, T + 3 * MINUTE);
    expect(journal.told()).toMatchObject([{ finding: { kind: "offline", lastSeenAt: null }, plantName: null }]);
  });

  it("are not told a second time after a restart in the same outage", () => {
    const before = setUp();
    before.alerting.checkSilence(before.device(), T, T + 10 * MINUTE);
    const after = setUp(before.stored());
    after.alerting.checkSilence(after.device(), T + 11 * MINUTE, T + 30 * MINUTE);
    expect(after.journal.told()).toHaveLength(0);
  });
});

describe("what has been removed", () => {
  it("is forgotten, so that a new plant or device begins afresh", () => {
    const { soil, alerting, device, journal } = setUp();
    soil(15, 0);
    alerting.checkSilence(device(), T, T + 3 * MINUTE);
    alerting.forgetPlant("plt_1");
    alerting.forgetDevice("device-abc");
    soil(15, 4);
    alerting.checkSilence(device(), T, T + 5 * MINUTE);
    expect(journal.told()).toHaveLength(4);
  });
});
