import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { aNotification } from "../../testing/notifications.ts";
import { parseText, textMatches, wordsOf } from "./text.ts";

describe("parseText", () => {
  it.each([
    [
      "disk full",
      [
        { words: ["disk"], isPrefix: false },
        { words: ["full"], isPrefix: false },
      ],
    ],
    [
      '"Disk full" x*',
      [
        { words: ["disk", "full"], isPrefix: false },
        { words: ["x"], isPrefix: true },
      ],
    ],
    ["api.example.com", [{ words: ["api", "example", "com"], isPrefix: false }]],
    ['"open end', [{ words: ["open", "end"], isPrefix: false }]],
    ['"two wor"*', [{ words: ["two", "wor"], isPrefix: true }]],
    [
      "a*b",
      [
        { words: ["a"], isPrefix: true },
        { words: ["b"], isPrefix: false },
      ],
    ],
    ['- & "" * "!"', []],
  ])("reads %s", (text, terms) => {
    expect(parseText(text)).toEqual(terms);
  });

  it("takes blanks for no search at all", () => {
    expect(parseText("")).toBe(null);
    expect(parseText(" \t\u3000")).toBe(null);
  });

  it("takes any text", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        for (const { words } of parseText(text) ?? []) expect(words.length).toBeGreaterThan(0);
      }),
    );
  });
});

describe("wordsOf", () => {
  it.each([
    ["Café ÄRGER Ŝanĝo", ["cafe", "arger", "sango"]],
    ["cpu0: 91.5%", ["cpu0", "91", "5"]],
    ["snake_case-and/slash", ["snake", "case", "and", "slash"]],
    ["तापमान 高い", ["तापमान", "高", "い"]],
    ["サーバー3のディスク", ["サ", "ー", "ハ\u3099", "ー", "3", "の", "テ\u3099", "ィ", "ス", "ク"]],
    ["🚨disk ©", ["🚨", "disk"]],
    ["อุณหภูมิ 온도가 높다", ["อุ", "ณ", "ห", "ภู", "มิ", "온도가", "높다"].map((word) => word.normalize("NFD"))],
    ["", []],
  ])("takes %j apart", (text, words) => {
    expect(wordsOf(text)).toEqual(words);
  });

  it("gives words that are the same when taken apart again", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), (text) => {
        const words = wordsOf(text);
        expect(wordsOf(words.join(" "))).toEqual(words);
      }),
    );
  });
});

describe("textMatches", () => {
  const notification = aNotification({
    title: "Disk full",
    message: "Disk of api is full",
    labels: { site: "Berlin" },
  });
  const matches = (text: string) => textMatches(notification, parseText(text)!);

  it("needs every term, anywhere", () => {
    expect(matches("berlin disk")).toBe(true);
    expect(matches("berlin memory")).toBe(false);
  });

  it("needs the words of a phrase next to each other in one text", () => {
    expect(matches('"disk full"')).toBe(true);
    expect(matches('"full disk"')).toBe(false);
    expect(matches('"api is fu"*')).toBe(true);
    expect(matches('"api full"')).toBe(false);
  });

  it("finds nothing when there is no word to find", () => {
    expect(matches("&")).toBe(false);
  });
});
