import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { afterEach, describe, expect, it, vi } from "vitest";
import { createSystemClock } from "./system-clock.ts";

const { timeOrigin } = performance;

/** Sets the steady clock and the wall clock, both in milliseconds since the start. */
function setClocks(steadyMs: number, wallMs: number) {
  vi.spyOn(performance, "now").mockReturnValue(steadyMs);
  return vi.spyOn(Date, "now").mockReturnValue(timeOrigin + wallMs);
}

afterEach(() => {
  vi.restoreAllMocks();
});

describe("the system clock", () => {
  it("follows the wall clock that has run ahead, as after sleep, a tenth of a second later at most", () => {
    setClocks(0, 0);
    const clock = createSystemClock();
    expect(clock.now()).toBe(timeOrigin);
    setClocks(100, 3_600_100);
    expect(clock.now()).toBe(timeOrigin + 3_600_100);
    setClocks(150, 3_600_150);
    expect(clock.now()).toBe(timeOrigin + 3_600_150);
  });

  it("does not go back when the wall clock is set back", () => {
    setClocks(0, 0);
    const clock = createSystemClock();
    clock.now();
    setClocks(5_000, -3_600_000);
    expect(clock.now()).toBe(timeOrigin + 5_000);
  });

  it("does not mind a wall clock that runs up to a second ahead", () => {
    setClocks(0, 1_000);
    expect(createSystemClock().now()).toBe(timeOrigin);
  });

  it("looks at the wall clock ten times a second at most, however often it is asked", () => {
    const wallClock = setClocks(0, 0);
    const clock = createSystemClock();
    for (let steadyMs = 0; steadyMs < 1_000; steadyMs++) {
      setClocks(steadyMs, steadyMs);
      clock.now();
    }
    expect(wallClock).toHaveBeenCalledTimes(10);
  });

  it("never fires before its time", async () => {
    const clock = createSystemClock();
    const at = clock.now() + 5.5;
    await new Promise<void>((resolve) => clock.schedule(at, resolve));
    expect(clock.now()).toBeGreaterThanOrEqual(at);
  });

  it("leaves whole milliseconds to Node's timers, and what is left of the last to turns of the event loop", async () => {
    setClocks(0, 0);
    const clock = createSystemClock();
    const timers = vi.spyOn(globalThis, "setTimeout");
    clock.schedule(timeOrigin + 5.75, () => {}).cancel();
    expect(timers.mock.calls.map(([, ms]) => ms)).toEqual([5]);
    const fired = new Promise<void>((resolve) => clock.schedule(timeOrigin + 0.75, resolve));
    // Many turns may pass until it is time.
    for (let turn = 0; turn < 3; turn++) await new Promise((resolve) => setImmediate(resolve));
    setClocks(0.75, 0.75);
    await fired;
    expect(timers).toHaveBeenCalledTimes(1);
  });

  it("calls off a wait in its last millisecond as well", async () => {
    let fired = 0;
    const clock = createSystemClock();
    clock.schedule(clock.now(), () => fired++).cancel();
    await new Promise((resolve) => setImmediate(resolve));
    expect(fired).toBe(0);
  });

  it("keeps the process alive while it waits, unless told not to", () => {
    const holding = () => process.getActiveResourcesInfo().filter((kind) => kind === "Timeout").length;
    const clock = createSystemClock();
    const before = holding();
    const timer = clock.schedule(clock.now() + 60_000, () => {});
    expect(holding()).toBe(before + 1);
    timer.unref?.();
    expect(holding()).toBe(before);
    timer.cancel();
  });

  it.each(["2.9 false", "0.9 true"])(
    "a wait that keeps nothing alive ends in time where nothing else happens (%s)",
    (how) => {
      const program = join(import.meta.dirname, "quiet-program.fixture.ts");
      expect(execFileSync(process.execPath, [program, ...how.split(" ")], { encoding: "utf8" })).toBe("in time");
    },
  );

  it("ends a sleep at once, with the reason, when its signal aborts", async () => {
    const abort = new AbortController();
    const sleeping = createSystemClock().sleep(60_000, abort.signal);
    abort.abort(new Error("enough"));
    await expect(sleeping).rejects.toThrow("enough");
    await expect(createSystemClock().sleep(60_000, abort.signal)).rejects.toThrow("enough");
  });
});
