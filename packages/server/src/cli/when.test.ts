import { expect, it } from "vitest";
import { parseWhen } from "./when.ts";

const NOW = Date.parse("2026-03-29T12:00:00Z");

it.each([
  ["90m", "2026-03-29T10:30:00.000Z"],
  ["1d", "2026-03-28T12:00:00.000Z"],
  ["2026-03-29", "2026-03-29T00:00:00.000Z"],
  // As everything that is shown is in UTC, so is what is typed; on the day of the change of the clocks, too.
  ["2026-03-29T02:30", "2026-03-29T02:30:00.000Z"],
  ["2026-03-29 02:30:00", "2026-03-29T02:30:00.000Z"],
  ["2026-03-29 02:30:00Z", "2026-03-29T02:30:00.000Z"],
  ["2026-03-29T02:30:00+02:00", "2026-03-29T00:30:00.000Z"],
])("reads %s", (text, at) => {
  expect(parseWhen("--from", text, NOW)).toBe(at);
});

it.each(["yesterday", "2026-13-01", "2026-03-29T25:00", "1.5h", "-1h", ""])("refuses %j", (text) => {
  expect(() => parseWhen("--from", text, NOW)).toThrow(/--from .*is no time: write how long ago, like 90m/);
});
