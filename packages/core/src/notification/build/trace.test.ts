import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { amount, playingTime } from "./amount.ts";
import { MAX_TRACE_CHARS, traceOf, trimTrace } from "./trace.ts";

// D2
describe("trimTrace", () => {
  it("leaves a text alone that is short enough", () => {
    expect(trimTrace("a\nb")).toBe("a\nb");
    expect(trimTrace("x".repeat(MAX_TRACE_CHARS))).toBe("x".repeat(MAX_TRACE_CHARS));
  });

  it("keeps whole lines of both ends, more of the first, and counts the others", () => {
    const lines = Array.from({ length: 20 }, (_, n) => `line ${String(n).padStart(2, "0")}!`);
    // 100 characters: 60 for six lines of 9 with their ends, 40 for four.
    expect(trimTrace(lines.join("\n"), 100)).toBe(
      [...lines.slice(0, 6), "… 10 lines left out …", ...lines.slice(-4)].join("\n"),
    );
  });

  it("cuts a line that would crowd out all the others", () => {
    expect(trimTrace(`Error: ${"x".repeat(500)}\nat a`, 100)).toBe(`Error: ${"x".repeat(18)}…\nat a`);
  });

  it("stays within its bound, but for the line that says what is missing", () => {
    const line = fc.string({ maxLength: 200 });
    fc.assert(
      fc.property(fc.array(line, { maxLength: 100 }), fc.integer({ min: 40, max: 2_000 }), (lines, maxChars) => {
        expect(trimTrace(lines.join("\n"), maxChars).length).toBeLessThanOrEqual(maxChars + 30);
      }),
    );
  });
});

describe("traceOf", () => {
  it.each([
    { name: "a text", thrown: "boom", trace: "boom" },
    { name: "nothing", thrown: undefined, trace: "" },
    { name: "an error without a stack", thrown: Object.assign(new Error("x"), { stack: "" }), trace: "Error: x" },
    {
      name: "a cause that is no error",
      thrown: Object.assign(new Error("x", { cause: { code: 7 } }), { stack: "Error: x\n    at a" }),
      trace: 'Error: x\n    at a\nCaused by: {"code": 7}',
    },
  ])("takes $name", ({ thrown, trace }) => {
    expect(traceOf(thrown)).toBe(trace);
  });
});

describe("amount", () => {
  it.each([
    { value: 93.5, unit: "%", shown: "93.5%" },
    { value: 12, unit: "ms", shown: "12 ms" },
    { value: 0.1 + 0.2, unit: undefined, shown: "0.3" },
    { value: "low", unit: "%", shown: "low%" },
    { value: Number.NaN, unit: "ms", shown: "NaN ms" },
  ])("writes $value and $unit as $shown", ({ value, unit, shown }) => {
    expect(amount(value, unit)).toBe(shown);
  });
});

describe("playingTime", () => {
  it.each([
    { ms: 0, shown: "0:00" },
    { ms: 59_499, shown: "0:59" },
    { ms: 59_500, shown: "1:00" },
    { ms: 3_599_000, shown: "59:59" },
    { ms: 3_600_000, shown: "1:00:00" },
    { ms: 90_061_000, shown: "25:01:01" },
    { ms: -5, shown: "0:00" },
  ])("writes $ms ms as $shown", ({ ms, shown }) => {
    expect(playingTime(ms)).toBe(shown);
  });
});
