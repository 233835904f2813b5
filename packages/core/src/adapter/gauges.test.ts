import { expect, it } from "vitest";
import { createVirtualClock } from "../../testing/virtual-clock.ts";
import { createGauges, type Gauge } from "./gauges.ts";

function gaugesWith(figures: number[], about: Partial<Gauge> & { everyMs?: number } = {}) {
  const reports: string[] = [];
  const clock = createVirtualClock();
  let stops = 0;
  const gauge: Gauge = {
    component: "Memory",
    most: 100,
    read: () => figures.shift() ?? 0,
    words: (figure) => `${figure} MiB`,
    stop: () => void stops++,
    ...about,
  };
  const health = {
    recordSuccess: (name: string) => void reports.push(`${name} works`),
    recordFailure: (name: string, error?: unknown) => void reports.push(`${name}: ${error}`),
  };
  const open = () => createGauges({ health, clock, gauges: [gauge], everyMs: about.everyMs ?? 1_000 });
  return { reports, clock, open, stops: () => stops };
}

it("looks again and again, and fails only above what is allowed", async () => {
  const { reports, clock, open } = gaugesWith([100, 101, 7]);
  const gauges = open();
  await clock.advance(999);
  expect(reports).toEqual([]);
  await clock.advance(2_001);
  expect(reports).toEqual(["Memory works", "Memory: 101 MiB, more than 100 MiB", "Memory works"]);
  gauges.stop();
});

it("leaves no timer behind", async () => {
  const { clock, open, stops } = gaugesWith([]);
  const gauges = open();
  expect(clock.pending).toBe(1);
  gauges.stop();
  expect([clock.pending, stops()]).toEqual([0, 1]);
});

it.each([
  [{ most: 0 }, "Memory must be more than 0, got 0."],
  [{ most: Number.NaN, everyMs: -1 }, "checkEveryMs must be more than 0, got -1; Memory must be more than 0, got NaN."],
])("refuses %o, and stops what it would have read", (about, message) => {
  const { open, stops } = gaugesWith([], about);
  expect(open).toThrow(new RangeError(message));
  expect(stops()).toBe(1);
});
