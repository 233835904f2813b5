import { describe, expect, it } from "vitest";
import { toBlocks } from "./blocks.ts";

// D2
describe("toBlocks", () => {
  it("keeps code and links in order, as they are", () => {
    expect(
      toBlocks([
        { kind: "code", text: "  a\n  b", language: "sh" },
        { kind: "link", text: "Runbook", url: "https://a.example/r" },
        { kind: "code", text: "x" },
      ]),
    ).toEqual([
      { kind: "code", text: "  a\n  b", language: "sh" },
      { kind: "link", text: "Runbook", url: "https://a.example/r" },
      { kind: "code", text: "x", language: null },
    ]);
  });

  it.each([
    { name: "nothing", value: undefined, blocks: null },
    { name: "an empty list", value: [], blocks: null },
    { name: "blank code", value: [{ kind: "code", text: " \n " }], blocks: null },
    { name: "a link to nowhere", value: [{ kind: "link", text: "here", url: "" }], blocks: null },
    {
      name: "a link without words",
      value: [{ kind: "link", url: "https://a.example" }],
      blocks: [{ kind: "link", text: "https://a.example", url: "https://a.example" }],
    },
    { name: "a text alone", value: "boom", blocks: [{ kind: "code", text: "boom", language: null }] },
    {
      name: "values of other types",
      value: [42, null, { text: { a: 1 }, language: 7 }, { text: 1, url: new URL("https://a.example/x") }],
      blocks: [
        { kind: "code", text: "42", language: null },
        { kind: "code", text: '{"a": 1}', language: null },
        { kind: "link", text: "1", url: "https://a.example/x" },
      ],
    },
    {
      name: "a language that is none",
      value: { text: "x", language: "sh\n@here" },
      blocks: [{ kind: "code", text: "x", language: null }],
    },
  ])("shows $name as well as it can be", ({ value, blocks }) => {
    expect(toBlocks(value)).toEqual(blocks);
  });

  it("is bounded in number and length", () => {
    const blocks = toBlocks(Array.from({ length: 50 }, () => ({ kind: "code", text: "x".repeat(200_000) })));
    expect(blocks).toHaveLength(20);
    expect(blocks![0]!.text).toHaveLength(100_000);
  });
});
