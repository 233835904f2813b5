import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { layOutLine, layOutTable, wrap } from "./layout.ts";

const LINE = { time: "00:08.4", who: "garden", text: "one two three four five six seven eight nine ten eleven twelve" };

describe("a line", () => {
  it("stays whole where there is no width", () => {
    expect(layOutLine(LINE, Number.POSITIVE_INFINITY)).toEqual({
      head: "00:08.4  garden         ",
      rest: `  ${LINE.text}`,
    });
  });

  it("hangs under its text in a wide terminal", () => {
    const { head, rest } = layOutLine(LINE, 72);
    expect(`${head}${rest}`.split("\n")).toEqual([
      "00:08.4  garden           one two three four five six seven eight nine",
      "                          ten eleven twelve",
    ]);
  });

  it("goes under its name in a narrow one", () => {
    const { head, rest } = layOutLine(LINE, 40);
    expect(`${head}${rest}`.split("\n")).toEqual([
      "00:08.4  garden",
      "  one two three four five six seven",
      "  eight nine ten eleven twelve",
    ]);
  });
});

describe("a table", () => {
  const rows = [
    ["Discord", "http://127.0.0.1:8090 open this one first of all"],
    ["", "more"],
  ] as const;

  it("puts the texts below each other", () => {
    expect(layOutTable(rows, 80)).toBe("  Discord  http://127.0.0.1:8090 open this one first of all\n           more");
  });

  it("puts each text under its name in a narrow terminal", () => {
    expect(layOutTable(rows, 30)).toBe(
      "  Discord\n    http://127.0.0.1:8090 open\n    this one first of all\n  \n    more",
    );
  });
});

describe("wrap", () => {
  it("keeps the words, their order, and an address in one piece", () => {
    expect(wrap("open http://127.0.0.1:8090/a/very/long/path now", 20)).toEqual([
      "open",
      "http://127.0.0.1:8090/a/very/long/path",
      "now",
    ]);
  });

  it("keeps the lines that there are", () => {
    expect(wrap("one\ntwo", 80)).toEqual(["one", "two"]);
  });

  it("never exceeds the width but for a single word, and loses nothing", () => {
    const text = fc.array(fc.stringMatching(/^[a-z]{1,30}$/), { minLength: 1 }).map((words) => words.join(" "));
    fc.assert(
      fc.property(text, fc.integer({ min: 1, max: 120 }), (words, chars) => {
        const lines = wrap(words, chars);
        expect(lines.join(" ")).toBe(words);
        for (const line of lines) expect(line.length <= Math.max(20, chars) || !line.includes(" ")).toBe(true);
      }),
    );
  });
});
