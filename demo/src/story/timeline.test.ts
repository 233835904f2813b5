import { createVirtualClock } from "@tocsin/core/testing";
import { describe, expect, it } from "vitest";
import { playTimeline } from "./timeline.ts";
import { atMost, untilOver } from "./timing.ts";

describe("the timeline", () => {
  const CUES = [
    { atMs: 1_000, step: "shop-opens" },
    { atMs: 6_000, step: "import-fails" },
    { atMs: 6_000, step: "payments-fail" },
  ] as const;

  it("plays each cue at its instant, and those of one instant in order", async () => {
    const clock = createVirtualClock();
    const startedAt = clock.now();
    const played: [step: string, atMs: number][] = [];
    const act = (step: string) => played.push([step, clock.now() - startedAt]);
    const done = playTimeline({ clock, cues: CUES, act, signal: new AbortController().signal });
    await clock.advance(5_999);
    expect(played).toEqual([["shop-opens", 1_000]]);
    await clock.advance(1);
    await done;
    expect(played.slice(1)).toEqual([
      ["import-fails", 6_000],
      ["payments-fail", 6_000],
    ]);
  });

  it("ends at once when it is told to, and leaves no timer", async () => {
    const clock = createVirtualClock();
    const told = new AbortController();
    const played: string[] = [];
    const done = playTimeline({ clock, cues: CUES, act: (step) => played.push(step), signal: told.signal });
    await clock.advance(1_000);
    told.abort();
    await done;
    await clock.advance(10_000);
    expect(played).toEqual(["shop-opens"]);
    expect(clock.pending).toBe(0);
  });
});

describe("untilOver", () => {
  it("resolves when its time is over", async () => {
    const clock = createVirtualClock();
    let over = false;
    const done = untilOver(clock, 500, new AbortController().signal).then(() => {
      over = true;
    });
    await clock.advance(499);
    expect(over).toBe(false);
    await clock.advance(1);
    await done;
  });

  it.each([null, 500])("resolves when it is told to, with %j to go", async (forMs) => {
    const clock = createVirtualClock();
    const told = new AbortController();
    const done = untilOver(clock, forMs, told.signal);
    told.abort();
    await done;
    expect(clock.pending).toBe(0);
    await untilOver(clock, forMs, told.signal);
  });
});

describe("atMost", () => {
  it("waits for the work, and leaves no timer behind", async () => {
    const clock = createVirtualClock();
    await atMost(clock, 1_000, Promise.resolve());
    expect(clock.pending).toBe(0);
  });

  it("waits no longer than it is told", async () => {
    const clock = createVirtualClock();
    const done = atMost(clock, 1_000, new Promise(() => undefined));
    await clock.advance(1_000);
    await done;
  });
});
