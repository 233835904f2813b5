import { describe, expect, it } from "vitest";
import { headerWaitMs } from "./retry-after.ts";

const DATE = "Sat, 21 Nov 2026 10:00:00 GMT";

describe("headerWaitMs", () => {
  it.each([
    ["seconds", { "retry-after": "7" }, 7_000],
    ["parts of a second", { "retry-after": "0.3" }, 300],
    ["a date, by the answer's own clock", { "retry-after": "Sat, 21 Nov 2026 10:02:00 GMT", date: DATE }, 120_000],
    ["a date that has passed", { "retry-after": "Sat, 21 Nov 2026 09:00:00 GMT", date: DATE }, 0],
    ["a date in a year", { "retry-after": "Sun, 21 Nov 2027 10:00:00 GMT", date: DATE }, 604_800_000],
    ["a date without a clock to read it by", { "retry-after": "Sat, 21 Nov 2026 10:02:00 GMT" }, null],
    ["neither a number nor a date", { "retry-after": "soon", date: DATE }, null],
    ["a negative number", { "retry-after": "-5", date: DATE }, null],
    ["nothing", { date: DATE }, null],
  ])("reads %s", (_, headers, waitMs) => {
    expect(headerWaitMs(headers)).toBe(waitMs);
  });
});
