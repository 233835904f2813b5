import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { matchesPattern, patternProblem, readPattern } from "./pattern.ts";

const matches = (pattern: string, value: string) => matchesPattern(readPattern(pattern), value);

describe("a pattern", () => {
  it.each([
    { pattern: "gw-1", value: "gw-1", holds: true },
    { pattern: "gw-1", value: "gw-12", holds: false },
    { pattern: "gw-*", value: "gw-12", holds: true },
    { pattern: "gw-*", value: "gw-", holds: true },
    { pattern: "gw-*", value: "hub-gw-1", holds: false },
    { pattern: "gw-.*", value: "gw-12", holds: true },
    { pattern: "db.example", value: "db.example", holds: true },
    { pattern: "db.example", value: "dbxexample", holds: false },
    { pattern: "a|b*", value: "b7", holds: true },
    { pattern: "a|b*", value: "a7", holds: false },
    { pattern: "*", value: "", holds: true },
    { pattern: "", value: "", holds: true },
    { pattern: "ab*ba", value: "aba", holds: false },
    { pattern: "*aab", value: "aaab", holds: true },
    { pattern: "a*ab*b", value: "aabb", holds: true },
    { pattern: "a*ab*b", value: "aab", holds: false },
  ])("$pattern, asked for $value: $holds", ({ pattern, value, holds }) => {
    expect(matches(pattern, value)).toBe(holds);
  });

  it("says what the regular expression says that it stands for", () => {
    const text = fc.string({ unit: fc.constantFrom("a", "b", "."), maxLength: 8 });
    const pattern = fc.string({ unit: fc.constantFrom("a", "b", "*", "|"), maxLength: 8 });
    fc.assert(
      fc.property(pattern, text, (written, value) => {
        const same = new RegExp(`^(?:${written.replaceAll("*", "[^]*")})$`);
        expect(matches(written, value)).toBe(same.test(value));
      }),
      { numRuns: 2_000 },
    );
  });

  it("takes no time to speak of, however it is written", () => {
    const value = "a".repeat(1_000);
    expect(matches(`${"*a".repeat(400)}*b`, value)).toBe(false);
  });
});

it.each(["gw-\\d", "gw-(1)", "gw-[12]", "gw-.+", "^gw", "gw$", "gw-?"])(
  "%s, which would never match what its author means, is refused",
  (text) => {
    expect(patternProblem(text)).toMatch(/\* for any text/);
  },
);
