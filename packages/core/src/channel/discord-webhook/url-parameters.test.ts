import { describe, expect, it } from "vitest";
import { readUrlParameters } from "./url-parameters.ts";

const read = (query: string) => readUrlParameters(new URLSearchParams(query));

describe("readUrlParameters", () => {
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
    const parameters = read("recovery=reply&tags=urgent,critical:x,1");
    expect(parameters).toMatchObject({ recovery: null, tags: [{ of: null, id: "1" }] });
    expect(parameters.notes).toEqual([
      expect.stringContaining("it is one of new, edit, answer, both"),
      expect.stringContaining("write tags="),
      expect.stringContaining("write tags="),
    ]);
  });
});
