import { describe, expect, it } from "vitest";
import { normaliseNotification } from "../../notification/normalise.ts";
import { fitsInOneMessage, type MessageSize, sizeOf } from "./size.ts";

const NOTHING: MessageSize = { embeds: 0, embedChars: 0, contentChars: 0, files: 0, fileBytes: 0 };

describe("sizeOf", () => {
  it("counts code points as they will be sent, escapes and pings included", () => {
    const input = {
      title: "*a*",
      message: "👩‍👩‍👧",
      fields: { n: "v" },
      footer: "foot",
      author: { name: "me" },
      content: "hi",
      mentions: ["user:1"],
      files: [{ name: "f", data: "abc" }],
    };
    const notification = normaliseNotification(input, { id: "ntf_1", now: 0 });
    // \*a\* 5, the family 5, n and v 2, foot 4, me 2; "<@1> hi " 8
    expect(sizeOf(notification, "Tocsin")).toEqual({
      embeds: 1,
      embedChars: 18,
      contentChars: 8,
      files: 1,
      fileBytes: 3,
    });
  });

  it("knows that a text alone needs no embed", () => {
    const notification = normaliseNotification({ content: "hi" }, { id: "ntf_1", now: 0 });
    expect(sizeOf(notification, "Tocsin")).toEqual({ ...NOTHING, contentChars: 3 });
  });
});

describe("fitsInOneMessage", () => {
  it.each([
    { part: "embeds", most: 10 },
    { part: "embedChars", most: 6_000 },
    { part: "contentChars", most: 2_000 },
    { part: "files", most: 10 },
    { part: "fileBytes", most: 25_952_256 },
  ])("takes $most $part and no more", ({ part, most }) => {
    expect(fitsInOneMessage([NOTHING, { ...NOTHING, [part]: most }])).toBe(true);
    expect(
      fitsInOneMessage([
        { ...NOTHING, [part]: 1 },
        { ...NOTHING, [part]: most },
      ]),
    ).toBe(false);
  });
});
