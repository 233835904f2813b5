import { describe, expect, it } from "vitest";
import { visible, visibleLine } from "./visible.ts";

describe("visible", () => {
  it.each([
    { name: "leaves text, tabs and line breaks", text: "a\tb\nç 👩‍👩‍👧 مرحبا", shown: "a\tb\nç 👩‍👩‍👧 مرحبا" },
    { name: "shows what terminals would obey", text: "\u001b[31m\u0000\u0007\u007f\u009b", shown: "␛[31m␀␇␡\ufffd" },
    { name: "makes every line break one", text: "a\r\nb\rc\u2028d\u2029e", shown: "a\nb\nc\nd\ne" },
    { name: "replaces half characters", text: "a\ud83db\ude00", shown: "a\ufffdb\ufffd" },
  ])("$name", ({ text, shown }) => {
    expect(visible(text)).toBe(shown);
  });

  it("puts a title on one line", () => {
    expect(visibleLine("a \n\n b\r\nc")).toBe("a b c");
  });
});
