import { describe, expect, it } from "vitest";
import { plainText, withoutStop } from "./plain-text.ts";

describe("plainText", () => {
  it.each([
    ["line breaks and control characters", "a\r\n b\u0000\u001b[31mc\u202ed", "a b [31mc d"],
    ["the token of any webhook", "see /api/webhooks/1/s3cret", "see /api/webhooks/1/***"],
    ["no text", 5, ""],
  ])("leaves out %s", (_, text, plain) => {
    expect(plainText(text)).toBe(plain);
  });

  it("shortens without cutting a character in two", () => {
    expect(plainText("\u{1f514}".repeat(300), 4)).toBe("\u{1f514}\u{1f514}\u{1f514}…");
    expect(plainText("abcd", 4)).toBe("abcd");
  });

  it("does not work through a megabyte for one line", () => {
    expect(plainText("x".repeat(1_000_000))).toHaveLength(200);
  });
});

it("withoutStop takes off what would stand before our own full stop", () => {
  expect(["Unknown.", "why: ", "no - ", "yes"].map(withoutStop)).toEqual(["Unknown", "why", "no", "yes"]);
});
