import { parse } from "discord-markdown-parser";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { countChars } from "./chars.ts";
import { escapeDiscord } from "./discord/escape.ts";
import { shorten, writeWithin } from "./shorten.ts";

const FAMILY = "👩‍👩‍👧‍👦";
const FLAG = "🇩🇪";

describe("shorten", () => {
  it("returns a text that fits as it is, counting code points", () => {
    expect(shorten("abc", 3)).toBe("abc");
    expect(shorten("𝒳".repeat(256), 256)).toBe("𝒳".repeat(256));
  });

  it("cuts between words and tells how much is missing", () => {
    // 40 - 21 for the longest possible mark " … (+60 characters)" = 19 is 21 characters of room.
    const text = "The import of a.csv failed because the disk is full again";
    expect(shorten(text, 40)).toBe("The import of a.csv … (+37 characters)");
  });

  it("counts in thousands, without the space at the cut", () => {
    expect(shorten("x".repeat(10_000), 256)).toBe(`${"x".repeat(233)} … (+9,767 characters)`);
    expect(shorten(`${"x".repeat(20)} ${"y".repeat(19)} z`, 41)).toBe(`${"x".repeat(20)} … (+21 characters)`);
  });

  it("cuts a word that is longer than a quarter of the room", () => {
    expect(shorten(`ab ${"x".repeat(200)}`, 60)).toBe(`ab ${"x".repeat(37)} … (+163 characters)`);
  });

  it.each([
    { name: "a family", cluster: FAMILY },
    { name: "a flag", cluster: FLAG },
    { name: "a letter with accents", cluster: "e\u0301\u0323" },
    { name: "a Hindi syllable", cluster: "क्षि" },
  ])("never cuts inside $name", ({ cluster }) => {
    for (let room = 30; room < 60; room++) {
      const kept = shorten(cluster.repeat(100), room).replace(/ ?… .*$/, "");
      expect(kept.replaceAll(cluster, "")).toBe("");
    }
  });

  it("keeps code points whole where one grapheme is longer than the room", () => {
    const zalgo = `a${"\u0301".repeat(500)}`;
    expect(shorten(zalgo, 100)).toBe(`a${"\u0301".repeat(79)} … (+421 characters)`);
  });

  it.each([
    { name: "an escape", atom: "\\*" },
    { name: "an emoji", atom: "<:basil:123456789012345678>" },
    { name: "a mention", atom: "<@123456789012345678>" },
    { name: "a time", atom: "<t:1700000000:R>" },
    { name: "a link", atom: "https://a.example/b" },
    { name: "a link under a text", atom: "[two words](https://a.example)" },
    { name: "inline code", atom: "`two words`" },
  ])("never cuts inside $name", ({ atom }) => {
    for (let room = 40; room < 120; room++) {
      const kept = shorten(`${atom} `.repeat(50), room).replace(/ ?… .*$/, "");
      expect(kept.replaceAll(atom, "").trim()).toBe("");
    }
  });

  it("closes a fence that it cuts, within the limit", () => {
    const text = `Trace:\n\`\`\`js\n${"at line\n".repeat(100)}\`\`\``;
    const shown = shorten(text, 100);
    expect(shown).toMatch(/^Trace:\n```js\n(?:at line\n){7}at line\n``` … \(\+7\d\d characters\)$/);
    expect(countChars(shown)).toBeLessThanOrEqual(100);
  });

  it("leaves out a fence of which nothing but the opening would be shown", () => {
    // 282 characters: the mark takes 20, the end of a fence 4, so the cut falls 6 characters into the opening.
    const text = `${"x".repeat(70)}\`\`\`typescript\n${"y".repeat(190)}\n\`\`\``;
    expect(shorten(text, 100)).toMatch(/^x{70} … \(/);
  });

  it("never leaves an underscore where it would end italics", () => {
    // 335 characters: the mark takes 20, so the cut falls right behind the second underscore.
    expect(shorten(`a_b ${"x".repeat(30)}_${"y".repeat(300)}`, 55)).toBe(`a_b ${"x".repeat(30)} … (+301 characters)`);
  });

  it.each([
    { room: 0, shown: "" },
    { room: 1, shown: "…" },
    { room: 18, shown: "…" },
  ])("says at least that something is missing in a room of $room", ({ room, shown }) => {
    expect(shorten("x".repeat(500), room)).toBe(shown);
  });

  it("counts what was never written, too", () => {
    expect(writeWithin("*".repeat(50_000), escapeDiscord, 100).text).toBe(`${"\\*".repeat(38)} … (+49,962 characters)`);
  });
});

const text = fc.oneof(
  fc.string({ unit: "grapheme", maxLength: 300 }),
  fc.string({ unit: "binary", maxLength: 300 }),
  fc
    .array(
      fc.constantFrom(
        FAMILY,
        FLAG,
        "word ",
        "\n",
        "```",
        "`",
        "**",
        "https://a.example/x ",
        "_",
        "a_b",
        "<@1>",
        "\\",
        "- ",
        "1. ",
      ),
      {
        maxLength: 80,
      },
    )
    .map((parts) => parts.join("")),
);

describe("whatever the text", () => {
  it("never passes the limit, never breaks a surrogate pair, and is whole or says that it is not", () => {
    fc.assert(
      fc.property(text, fc.nat(300), (long, room) => {
        const shown = shorten(long, room);
        expect(countChars(shown)).toBeLessThanOrEqual(room);
        if (long.isWellFormed()) expect(shown.isWellFormed()).toBe(true);
        if (shown !== long && room > 0) expect(shown).toMatch(/…$|… \(\+[\d,]+ characters\)$/);
      }),
      { numRuns: 2_000 },
    );
  });

  it("escaped text stays plain text when it is shortened", () => {
    fc.assert(
      fc.property(text, fc.integer({ min: 25, max: 200 }), (long, room) => {
        const markup = parse(shorten(escapeDiscord(long), room), "extended")
          .map(({ type }) => type)
          .filter((type) => !["text", "br", "newline", "twemoji", "url"].includes(type));
        expect(markup).toEqual([]);
      }),
      { numRuns: 2_000 },
    );
  });
});
