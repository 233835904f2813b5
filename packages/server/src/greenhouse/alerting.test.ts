import type { Severity } from "@tocsin/core";
import { createVirtualClock } from "@tocsin/core/testing";
import { describe, expect, it } from "vitest";
import { createRecordingJournal } from "../../testing/recording-journal.ts";
import { aDevice, aPlant, T, withMessage } from "../../testing/samples.ts";
import type { AlertRecordId, StoredAlertState } from "./alert.ts";
import { createAlertBook } from "./alert-book.ts";
import { type AlertLife, present } from "./alert-life.ts";
import { createAlertOrders } from "./alert-orders.ts";
import { createAlertTelling } from "./alert-telling.ts";
import { createAlerting } from "./alerting.ts";
import { createRegister } from "./register.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

interface Before {
  readonly states?: readonly StoredAlertState[];
  readonly open?: readonly AlertLife[];
  readonly remindAfterMs?: readonly number[] | null;
}

function setUp({ states = [], open = [], remindAfterMs = null }: Before = {}) {
  const journal = createRecordingJournal();
  const plants = [aPlant(), aPlant({ id: "plt_2", name: "Ficus" })];
  const devices = [aDevice({ plantId: "plt_1" }), aDevice({ id: "other", plantId: "plt_2" }), aDevice({ id: "loose" })];
  const register = createRegister({ plants, devices, series: [] });
  const silence = { covers: false };
  const severities: Severity[] = [];
  let n = 0;
  let lives = open.length;
  const book = createAlertBook({ journal, states, open, newId: () => `alr_${++lives}` });
  const telling = createAlertTelling({
    journal,
    book,
    newId: () => `ale_${++n}` satisfies AlertRecordId,
    remindAfterMs,
    prepare: (record, { severity }) => {
      severities.push(severity);
      return withMessage(record);
    },
    withheldBy: () => (silence.covers ? "silence" : null),
  });
  const alerting = createAlerting({ book, telling, cooldownMs: HOUR, remindAfterMs, offlineAfterMs: 3 * MINUTE });
  const device = (id = "device-abc") => register.devices.get(id)!;
  const soil = (value: number, minute: number, id?: string) =>
    alerting.reading(device(id), { name: "soil_moisture", value }, T + minute * MINUTE);
  /** As they would be found after a restart. */
  const stored = () => ({
    states: [...journal.batch.states.values()],
    open: [...journal.batch.lives.values()].filter((life) => present(life).phase !== "resolved"),
  });
  const clock = createVirtualClock({ startAt: T });
  const find = async (id: string) => {
    const life = [...journal.batch.lives.values(), ...open].find((one) => one.id === id);
    return life === undefined ? null : { life, told: 0, heldBack: 0, latest: null, latestTold: null };
  };
  const orders = createAlertOrders({ clock, book, journal, store: { find } });
  const lived = () =>
    [...journal.batch.lives.values()].map(({ transitions }) => transitions.map(({ reason }) => reason));
  return { journal, register, alerting, device, soil, stored, clock, orders, lived, silence, severities };
}

describe("threshold alerts (A1, A10)", () => {
  it("tell what was found, about which plant, by which device", () => {
    const { soil, journal } = setUp();
    soil(15.2, 0);
    expect(journal.told()).toEqual([
      {
        id: "ale_1",
        alertId: "alr_1",
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
    expect(journal.heldBack()).toMatchObject([{ id: "ale_2", reason: "cooldown" }]);
    expect(journal.batch.repeats.get("ale_2")).toEqual({ count: 59, lastAt: T + 59 * MINUTE, value: 15 - 5.9 });
    soil(15, 60);
    soil(15, 61);
    expect(journal.told()).toMatchObject([{ reason: "fired" }, { reason: "repeated" }]);
    expect(journal.heldBack().map(({ id }) => id)).toEqual(["ale_2", "ale_4"]);
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
    const { soil, alerting, device, journal, lived } = setUp();
    soil(15, 0);
    alerting.checkSilence(device(), T, T + 3 * MINUTE);
    alerting.forgetPlant("plt_1", T + 3 * MINUTE);
    alerting.forgetDevice("device-abc", T + 3 * MINUTE);
    expect(lived()).toEqual([
      ["fired", "plant-removed"],
      ["fired", "device-removed"],
    ]);
    soil(15, 4);
    alerting.checkSilence(device(), T, T + 5 * MINUTE);
    expect(journal.told()).toHaveLength(4);
  });
});

describe("the life of an alert", () => {
  it("lasts from the first reading beyond the threshold to the one that is within it again; the next one is another", () => {
    const { soil, journal, lived } = setUp();
    for (const [minute, value] of [15, 14, 30, 10].entries()) soil(value, minute);
    expect(lived()).toEqual([["fired", "resolved"], ["cooldown"]]);
    expect([...journal.batch.lives.values()]).toMatchObject([
      {
        id: "alr_1",
        fingerprint: "threshold:plt_1:min:soil_moisture",
        finding: { value: 15 },
        severity: "warning",
        plantId: "plt_1",
        deviceId: "device-abc",
        startedAt: T,
        transitions: [
          { at: T, phase: "firing", by: null },
          { at: T + 2 * MINUTE, phase: "resolved" },
        ],
      },
      { id: "alr_2", startedAt: T + 3 * MINUTE, transitions: [{ phase: "firing" }] },
    ]);
    expect(journal.batch.alerts.map(({ record }) => [record.alertId, record.reason])).toEqual([
      ["alr_1", "fired"],
      ["alr_1", "cooldown"],
      ["alr_2", "cooldown"],
    ]);
  });

  it("goes on over a restart", () => {
    const before = setUp();
    before.soil(15, 0);
    const after = setUp(before.stored());
    after.soil(30, 1);
    expect(after.lived()).toEqual([["fired", "resolved"]]);
    expect([...after.journal.batch.lives.keys()]).toEqual(["alr_1"]);
  });

  it("is taken up where an earlier version has kept only its state", () => {
    const before = setUp();
    before.soil(15, 0);
    const after = setUp({ states: before.stored().states });
    after.soil(14, 1);
    expect(after.lived()).toEqual([["reminder-not-due"]]);
  });

  it("ends where its state has been lost and the condition is gone", () => {
    const before = setUp();
    before.soil(15, 0);
    const after = setUp({ open: before.stored().open });
    after.soil(30, 1);
    expect(after.lived()).toEqual([["fired", "not-met"]]);
  });

  it("ends with its threshold", () => {
    const { soil, alerting, register, lived } = setUp();
    soil(15, 0);
    soil(10, 0, "other");
    alerting.thresholdsChanged(register.plants.get("plt_1")!, T + MINUTE);
    expect(lived()).toEqual([["fired"], ["fired"]]);
    const raised = aPlant({ thresholds: new Map([["soil_moisture", { min: null, max: 80 }]]) });
    alerting.thresholdsChanged(raised, T + MINUTE);
    expect(lived()).toEqual([["fired", "threshold-removed"], ["fired"]]);
  });
});

describe("reminders", () => {
  it("come at the intervals that are set, in place of those by the cooldown", () => {
    const { soil, journal } = setUp({ remindAfterMs: [2 * HOUR, 4 * HOUR] });
    for (let minute = 0; minute <= 12 * 60; minute += 10) soil(15, minute);
    expect(journal.told().map(({ createdAt, reason }) => [(createdAt - T) / HOUR, reason])).toEqual([
      [0, "fired"],
      [2, "repeated"],
      [6, "repeated"],
      [10, "repeated"],
    ]);
    expect(journal.heldBack()[0]).toMatchObject({ reason: "reminder-not-due" });
  });

  it("are given for devices that stay away, too, when they are set", () => {
    const { alerting, device, journal } = setUp({ remindAfterMs: [HOUR] });
    for (let minute = 1; minute <= 130; minute++) alerting.checkSilence(device(), T, T + minute * MINUTE);
    expect(journal.told().map(({ createdAt }) => (createdAt - T) / MINUTE)).toEqual([3, 63, 123]);
  });
});

describe("a silence", () => {
  it("holds an alert back, which is told as soon as the silence is over and it is found again", () => {
    const { soil, journal, silence, lived } = setUp();
    silence.covers = true;
    soil(15, 0);
    journal.batch.states.clear();
    for (const minute of [1, 2]) soil(15, minute);
    // What has not changed is not written again.
    expect([journal.told(), journal.batch.states.size]).toEqual([[], 0]);
    expect(journal.heldBack()).toMatchObject([{ reason: "silenced", alertId: "alr_1" }]);
    expect(journal.countOf("ale_1")).toBe(3);
    silence.covers = false;
    soil(15, 3);
    expect(journal.told()).toMatchObject([{ reason: "fired", alertId: "alr_1", createdAt: T + 3 * MINUTE }]);
    expect(lived()).toEqual([["silenced"]]);
  });

  it("holds back what would be told again as well", () => {
    const { soil, journal, silence } = setUp();
    soil(15, 0);
    silence.covers = true;
    soil(15, 60);
    silence.covers = false;
    soil(15, 61);
    expect(journal.told().map(({ reason }) => reason)).toEqual(["fired", "repeated"]);
  });
});

// A12
describe("people's orders", () => {
  const ANN = { by: "Ann", comment: "I see to it" };

  it("an acknowledged alert is not told again, and what is found is counted as held back for that", async () => {
    const { soil, journal, orders, clock } = setUp();
    soil(15, 0);
    await clock.advance(MINUTE);
    const { life } = await orders.acknowledge("alr_1", ANN);
    expect(present(life)).toEqual({ at: T + MINUTE, phase: "acknowledged", reason: "acknowledged", ...ANN });
    for (const minute of [60, 120, 180]) soil(15, minute);
    expect(journal.told()).toHaveLength(1);
    const [held] = journal.heldBack();
    expect([held?.reason, journal.countOf(held!.id)]).toEqual(["acknowledged", 3]);
  });

  it("stay as they were over a restart, and when somebody else says so as well", async () => {
    const before = setUp();
    before.soil(15, 0);
    await before.orders.acknowledge("alr_1", ANN);
    const after = setUp(before.stored());
    await after.orders.acknowledge("alr_1", { by: "Bob", comment: null });
    after.soil(15, 120);
    expect(after.journal.told()).toEqual([]);
    expect(before.lived()).toEqual([["fired", "acknowledged"]]);
    expect([...after.journal.batch.lives.values()]).toEqual([]);
  });

  it("an acknowledgement can be taken back", async () => {
    const { soil, journal, orders, lived } = setUp();
    soil(15, 0);
    await orders.acknowledge("alr_1", ANN);
    await orders.unacknowledge("alr_1", ANN);
    soil(15, 60);
    expect(journal.told().map(({ reason }) => reason)).toEqual(["fired", "repeated"]);
    expect(lived()).toEqual([["fired", "acknowledged", "unacknowledged"]]);
  });

  it("a threshold alert resolved by hand begins anew with the next reading, within its cooldown", async () => {
    const { soil, journal, orders, lived } = setUp();
    soil(15, 0);
    await orders.resolve("alr_1", ANN);
    soil(15, 1);
    soil(15, 60);
    expect(lived()).toEqual([["fired", "resolved-by-hand"], ["cooldown"]]);
    expect(journal.told().map(({ alertId }) => alertId)).toEqual(["alr_1", "alr_2"]);
  });

  it("a device's silence resolved by hand is no alert again before the device has been heard of, also after a restart", async () => {
    const before = setUp();
    before.alerting.checkSilence(before.device(), T, T + 3 * MINUTE);
    await before.orders.resolve("alr_1", ANN);
    const { alerting, device, journal } = setUp(before.stored());
    for (const minute of [4, 5, 6]) alerting.checkSilence(device(), T, T + minute * MINUTE);
    expect(journal.batch.alerts).toEqual([]);
    device().lastSeenAt = T + 7 * MINUTE;
    alerting.alive(device(), T + 7 * MINUTE);
    alerting.checkSilence(device(), T, T + 10 * MINUTE);
    expect(journal.told()).toHaveLength(1);
  });

  it("about what is over, or was never there, are refused", async () => {
    const { soil, orders, journal } = setUp();
    soil(15, 0);
    soil(30, 1);
    await expect(orders.acknowledge("alr_1", ANN)).rejects.toMatchObject({ code: "alert-over" });
    await expect(orders.resolve("alr_9", ANN)).rejects.toMatchObject({ code: "alert-not-found" });
    journal.failing = true;
    await expect(orders.acknowledge("alr_1", ANN)).rejects.toMatchObject({ code: "storage-unavailable" });
  });
});
