import { expect, it } from "vitest";
import { clockTime, parseDuration, relativeTime } from "./words.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

it.each([
  ["30m", 30 * MINUTE],
  ["2 h", 2 * HOUR],
  ["1h 30m", 90 * MINUTE],
  ["2 days", 48 * HOUR],
  [" 90S ", 90_000],
  ["", null],
  ["0m", null],
  ["soon", null],
  ["1h soon", null],
  ["-1h", null],
  ["1e9h", null],
])("%j asks for %s", (text, ms) => {
  expect(parseDuration(text)).toBe(ms);
});

it("instants are left to the reader's own client", () => {
  expect([clockTime(1_999), relativeTime(60_000)]).toEqual(["<t:1:t>", "<t:60:R>"]);
});
