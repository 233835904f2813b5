import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readPair, writePair } from "./label-pair.ts";

describe("a name and a value in one text", () => {
  it.each([
    ["site=lab", ["site", "lab"]],
    ["site=", ["site", ""]],
    ["query=a=b", ["query", "a=b"]],
    [String.raw`a\=b=c`, ["a=b", "c"]],
    [String.raw`a\\=c`, ["a\\", "c"]],
    [String.raw`a\\\=b=c`, ["a\\=b", "c"]],
    [String.raw`C:\temp=1`, ["C:\\temp", "1"]],
    [String.raw`path=C:\=`, ["path", "C:\\="]],
    ["two\nlines=a\nb", ["two\nlines", "a\nb"]],
    ["site", null],
    ["=lab", null],
    [String.raw`a\=b`, null],
    ["", null],
  ])("%j is %j", (text, pair) => {
    expect(readPair(text)).toEqual(pair);
  });

  it("is read as it was written, whatever is in it", () => {
    const part = fc.string({ unit: fc.constantFrom("=", "\\", "a", "\n") });
    fc.assert(
      fc.property(fc.string({ minLength: 1, unit: fc.constantFrom("=", "\\", "a") }), part, (name, value) => {
        expect(readPair(writePair(name, value))).toEqual([name, value]);
      }),
    );
  });
});
