import { expect, it } from "vitest";
import { STORY_MS } from "../settings/plan.ts";
import { cues } from "./story.ts";

it("tells every step in order, and the device returns last", () => {
  const told = [...cues({ pace: 1, roundMs: 60_000, rounds: 1 })];
  expect(told.map(({ atMs }) => atMs)).toEqual(told.map(({ atMs }) => atMs).toSorted((a, b) => a - b));
  expect(told.at(-1)).toEqual({ atMs: STORY_MS, step: "device-returns" });
  expect(new Set(told.map(({ step }) => step)).size).toBe(told.length);
});

it("begins again with each round", () => {
  const told = [...cues({ pace: 0.5, roundMs: 30_000, rounds: 2 })];
  expect(told.filter(({ step }) => step === "import-fails").map(({ atMs }) => atMs)).toEqual([3_000, 33_000]);
});

it("has no end where there is none", () => {
  const told = cues({ pace: 1, roundMs: 60_000, rounds: Number.POSITIVE_INFINITY });
  // Eight steps a round.
  for (let step = 0; step < 8_000; step++) told.next();
  expect(told.next().value).toEqual({ atMs: 1_000 * 60_000 + 1_000, step: "shop-opens" });
});
