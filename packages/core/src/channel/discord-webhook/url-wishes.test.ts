import { describe, expect, it } from "vitest";
import { readUrlWishes } from "./url-wishes.ts";

const read = (query: string) => readUrlWishes(new URLSearchParams(query));

describe("readUrlWishes", () => {
  it("asks for nothing by default", () => {
    expect(read("wait=true")).toEqual({ recovery: null, tags: [], notes: [] });
  });

  it("reads how ends are told, in any case", () => {
    expect(read("recovery=Both")).toMatchObject({ recovery: "both", notes: [] });
  });

  it("reads tags of a type, of a severity and of all posts", () => {
    expect(read("tags=critical:111, monitoring:222,333").tags).toEqual([
      { of: "critical", id: "111" },
      { of: "monitoring", id: "222" },
      { of: null, id: "333" },
    ]);
  });

  it("leaves out what it does not understand, and says so", () => {
    const wishes = read("recovery=reply&tags=urgent,critical:x,1");
    expect(wishes).toMatchObject({ recovery: null, tags: [{ of: null, id: "1" }] });
    expect(wishes.notes).toEqual([
      expect.stringContaining("it is one of new, edit, answer, both"),
      expect.stringContaining("write tags="),
      expect.stringContaining("write tags="),
    ]);
  });
});
