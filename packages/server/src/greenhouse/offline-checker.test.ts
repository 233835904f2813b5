import { createVirtualClock } from "@tocsin/core/testing";
import { describe, expect, it } from "vitest";
import { createRecordingJournal } from "../../testing/recording-journal.ts";
import { aDevice, T, withMessage } from "../../testing/samples.ts";
import { createAlertBook } from "./alert-book.ts";
import { createAlertTelling } from "./alert-telling.ts";
import { createAlerting } from "./alerting.ts";
import { createOfflineChecker } from "./offline-checker.ts";
import { createRegister } from "./register.ts";

const MINUTE = 60_000;

function setUp({ reachableSince = () => T as number | null } = {}) {
  const clock = createVirtualClock({ startAt: T });
  const journal = createRecordingJournal();
  const register = createRegister({ plants: [], devices: [aDevice({ createdAt: T - 10 * MINUTE })], series: [] });
  const book = createAlertBook({ journal, states: [], open: [], newId: () => "alr_1" });
  const telling = createAlertTelling({
    journal,
    book,
    newId: () => "ale_1",
    remindAfterMs: null,
    prepare: withMessage,
    withheldBy: () => null,
  });
  const timing = { cooldownMs: 0, remindAfterMs: null, offlineAfterMs: 3 * MINUTE };
  const alerting = createAlerting({ book, telling, ...timing });
  const checker = createOfflineChecker({ clock, register, alerting, intervalMs: MINUTE, reachableSince });
  const reportedAt = () => journal.told().map(({ createdAt }) => (createdAt - T) / MINUTE);
  const hear = (): void => {
    const device = register.devices.get("device-abc")!;
    device.lastSeenAt = clock.now();
    alerting.alive(device, clock.now());
  };
  return { clock, checker, hear, reportedAt };
}

describe("the offline checker (A9)", () => {
  it("looks every 60 s and finds a silence of 180 s", async () => {
    const { clock, checker, hear, reportedAt } = setUp();
    checker.start();
    await clock.advance(30_000);
    hear();
    await clock.advance(10 * MINUTE);
    // Heard at 0.5 min, so silent from 3.5 min on; the next look is at 4 min.
    expect(reportedAt()).toEqual([4]);
  });

  it("gives every device its time after a start, however long it had been silent before", async () => {
    const { clock, checker, reportedAt } = setUp();
    checker.start();
    await clock.advance(2 * MINUTE);
    expect(reportedAt()).toEqual([]);
    await clock.advance(MINUTE);
    expect(reportedAt()).toEqual([3]);
  });

  it("blames nobody while the broker is away, nor for a while after", async () => {
    let since: number | null = null;
    const { clock, checker, reportedAt } = setUp({ reachableSince: () => since });
    checker.start();
    await clock.advance(20 * MINUTE);
    expect(reportedAt()).toEqual([]);
    since = clock.now();
    await clock.advance(2 * MINUTE);
    expect(reportedAt()).toEqual([]);
    await clock.advance(MINUTE);
    expect(reportedAt()).toEqual([23]);
  });

  it("blames nobody for the time in which the machine slept", async () => {
    const { clock, checker, reportedAt } = setUp();
    checker.start();
    await clock.advance(MINUTE);
    // A clock that is an hour on at once, as after a suspend: the check that was due fires late.
    const { now } = clock;
    const late = { by: 0 };
    Object.assign(clock, { now: () => now() + late.by });
    late.by = 60 * MINUTE;
    await clock.advance(MINUTE);
    expect(reportedAt()).toEqual([]);
  });

  it("stops, and leaves no timer", async () => {
    const { clock, checker } = setUp();
    checker.start();
    checker.stop();
    expect(clock.pending).toBe(0);
  });
});
