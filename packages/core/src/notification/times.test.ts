import { expect, it } from "vitest";
import { compactDuration, durationInSeconds, durationInUnits, durationInWords, utcTime } from "./times.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

it.each([
  [-5, "0 seconds"],
  [999, "0 seconds"],
  [1_000, "1 second"],
  [59_999, "59 seconds"],
  [MINUTE, "1 minute"],
  [23 * MINUTE + 59_000, "23 minutes"],
  [HOUR, "1 hour"],
  [2 * HOUR + 5 * MINUTE, "2 hours 5 minutes"],
  [24 * HOUR, "1 day"],
  [50 * HOUR + 30 * MINUTE, "2 days 2 hours"],
])("%i ms are %s", (ms, words) => {
  expect(durationInWords(ms)).toBe(words);
});

it.each([
  [-5, "0 s"],
  [59_499, "59 s"],
  [59_500, "1 min"],
  [12 * MINUTE + 20_000, "12 min"],
  [59 * MINUTE + 29_000, "59 min"],
  [59 * MINUTE + 30_000, "1 h"],
  [HOUR + 5 * MINUTE, "1 h 5 min"],
  [24 * HOUR, "1 d"],
  [51 * HOUR, "2 d 3 h"],
])("%i ms are %s, in the nearest unit", (ms, text) => {
  expect(durationInUnits(ms)).toBe(text);
});

it("counts whole seconds, and none before the beginning", () => {
  expect([132_999, 0, -1].map(durationInSeconds)).toEqual(["132s", "0s", "0s"]);
});

it("names instants in UTC", () => {
  expect(utcTime(Date.UTC(2026, 0, 1, 14, 5, 9, 999))).toBe("2026-01-01 14:05:09 UTC");
});

it.each([
  [-5, "0s"],
  [45_999, "45s"],
  [MINUTE, "1m"],
  [59 * MINUTE, "59m"],
  [HOUR, "1h 0m"],
  [3 * HOUR + 12 * MINUTE, "3h 12m"],
  [24 * HOUR, "1d 0h"],
  [51 * HOUR, "2d 3h"],
])("%d ms are shown as %s", (ms, text) => {
  expect(compactDuration(ms)).toBe(text);
});
