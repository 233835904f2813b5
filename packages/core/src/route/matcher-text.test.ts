import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { MATCH_OPERATORS, type Matcher } from "./matcher.ts";
import { formatMatchers, type MatchersInput, readMatchers } from "./matcher-text.ts";

function read(input: MatchersInput): readonly Matcher[] {
  const answer = readMatchers(input);
  return answer.ok ? answer.matchers : expect.fail(answer.problems.join("; "));
}

function problems(input: unknown): readonly string[] {
  const answer = readMatchers(input as MatchersInput);
  return answer.ok ? [] : answer.problems;
}

describe("the text form", () => {
  it("reads names, operators and values", () => {
    expect(read('severity>=error, type = backup ,device=~"gw-*",site!=lab')).toEqual([
      { name: "severity", operator: ">=", value: "error" },
      { name: "type", operator: "=", value: "backup" },
      { name: "device", operator: "=~", value: "gw-*" },
      { name: "site", operator: "!=", value: "lab" },
    ]);
  });

  it("takes the braces, the quotes and the last comma of Alertmanager", () => {
    expect(read('{device!="", note="a \\"b\\", c\\\\d",}')).toEqual([
      { name: "device", operator: "!=", value: "" },
      { name: "note", operator: "=", value: 'a "b", c\\d' },
    ]);
  });

  it("takes a list of texts and data as one", () => {
    const matcher: Matcher = { name: "device", operator: "=", value: "a,b" };
    expect(read(["type=Backup", matcher])).toEqual([{ name: "type", operator: "=", value: "backup" }, matcher]);
    expect(read([])).toEqual([]);
    expect(read("")).toEqual([]);
  });

  it("keeps spaces and equals signs inside values", () => {
    expect(read("query=a = b, room=Green house 2")).toEqual([
      { name: "query", operator: "=", value: "a = b" },
      { name: "room", operator: "=", value: "Green house 2" },
    ]);
  });

  it("writes what it reads back as the same", () => {
    const matcher = fc.record<Matcher>({
      name: fc.constantFrom("device", "key", "label.type", "größe", "site_2"),
      operator: fc.constantFrom("=", "!="),
      value: fc.oneof(
        fc.string({ unit: "grapheme", maxLength: 30 }),
        fc.string({ unit: fc.constantFrom(...'=~!<>"\\,{} a') }),
      ),
    });
    fc.assert(
      fc.property(fc.array(matcher, { maxLength: 5 }), (matchers) => {
        expect(read(formatMatchers(matchers))).toEqual(matchers);
      }),
    );
  });
});

describe("what cannot be read", () => {
  it.each([
    { input: "severity", says: /cannot be read from "severity" on/ },
    { input: "type=", says: /write name/ },
    { input: 'device="a"b', says: /cannot be read/ },
    { input: "a=b=~", says: null },
    { input: "severity>=bad", says: /severity>=bad: a severity is one of info, warning, error, critical/ },
    { input: "severity=~error|bad", says: /a severity is one of/ },
    { input: "severity=~err*", says: null },
    { input: "device>=3", says: /only severity can be compared with >=/ },
    { input: "device=~gw-.+", says: /device=~gw-\.\+: the value may hold \*/ },
    { input: `device=${"x".repeat(1_001)}`, says: /at most 1000 characters/ },
    { input: Array.from({ length: 101 }, () => "a=b"), says: /at most 100 matchers/ },
    { input: "a".repeat(20_001), says: /at most 20000 characters/ },
    { input: [{ name: "a", operator: "~", value: "b" }], says: /a matcher is a text, or has name, operator/ },
    { input: [null], says: /a matcher is a text/ },
    { input: 7, says: /a matcher is a text/ },
  ])("$input is told with a remedy, or taken: $says", ({ input, says }) => {
    if (says === null) expect(problems(input)).toEqual([]);
    else expect(problems(input)).toEqual([expect.stringMatching(says)]);
  });

  it("is all told at once", () => {
    expect(problems(["severity>=bad", "device<3", "a b"])).toHaveLength(3);
  });

  it("never throws", () => {
    fc.assert(
      fc.property(fc.anything(), (input) => {
        readMatchers(input as MatchersInput);
      }),
    );
    const ofPieces = fc.string({
      unit: fc.constantFrom(...MATCH_OPERATORS, '"', "{", "}", ",", "a", "\\", " ", "severity"),
    });
    fc.assert(fc.property(ofPieces, (input) => void readMatchers(input)));
  });
});
