import { describe, expect, it } from "vitest";
import { chooseNode } from "./pinned-node.mjs";

const facts = { pinned: "24.21.0", works: true, problem: "", system: "20.20.2" };

describe("chooseNode", () => {
  it("prefers the pinned one, however new the system's is", () => {
    expect(chooseNode({ ...facts, system: "30.0.0" })).toEqual({ use: "pinned" });
  });

  it.each(["22.19.0", "22.20.1", "24.0.0"])("falls back to the system's %s and says so", (system) => {
    expect(chooseNode({ ...facts, works: false, problem: "no such file", system })).toEqual({
      use: "system",
      note: `Node 24.21.0, which this repository pins, cannot run here (no such file); using the system's Node ${system} instead.`,
    });
  });

  it.each(["22.18.9", "20.20.2"])("refuses the system's %s and says what to do", (system) => {
    const choice = chooseNode({ ...facts, works: false, system });
    expect(choice.use).toBe("none");
    expect(choice.use === "none" && choice.why.join("\n")).toContain("install Node 22.19 or newer yourself");
  });
});
