import { describe, expect, it } from "vitest";
import { inWords, parseDuration, stopwatch } from "./duration.ts";

describe("parseDuration", () => {
  it.each([
    ["90", 90_000],
    ["60s", 60_000],
    ["2m", 120_000],
    ["1.5h", 5_400_000],
    ["36h", 129_600_000],
    ["1d", 86_400_000],
    [" 20s ", 20_000],
  ])("reads %s as %i ms", (text, ms) => expect(parseDuration(text)).toBe(ms));

  it.each(["", "0", "0s", "-5s", "5 s", "1w", "ten", "1e3", "Infinity", "5ss"])("takes %j for no duration", (text) => {
    expect(parseDuration(text)).toBeNull();
  });
});

describe("inWords", () => {
  it.each([
    [1_956, "2 s"],
    [326, "0.3 s"],
    [90_000, "1.5 min"],
    [3_600_000, "1 h"],
    [86_400_000, "1 day"],
    [259_200_000, "3 days"],
    [1_296_000_000 + 43_200_000, "15.5 days"],
  ])("says %i ms as %s", (ms, words) => expect(inWords(ms)).toBe(words));
});

describe("stopwatch", () => {
  it.each([
    [0, "00:00.0"],
    [-3, "00:00.0"],
    [8_449, "00:08.4"],
    [59_999, "00:59.9"],
    [60_000, "01:00.0"],
    [6_001_200, "100:01.2"],
  ])("shows %i ms as %s", (ms, shown) => expect(stopwatch(ms)).toBe(shown));
});
