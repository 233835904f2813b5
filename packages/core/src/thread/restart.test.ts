import { describe, expect, it } from "vitest";
import { decideAfterDeath, MAX_DEATHS } from "./restart.ts";

describe("decideAfterDeath", () => {
  it.each([
    { before: 0, afterMs: 100 },
    { before: 1, afterMs: 200 },
    { before: 4, afterMs: 1_600 },
    { before: 8, afterMs: 25_600 },
  ])("waits $afterMs ms after $before deaths before", ({ before, afterMs }) => {
    expect(decideAfterDeath(before, 10)).toEqual({ action: "restart", deaths: before + 1, afterMs });
  });

  it("ends with the tenth death in a row, 51 s of waiting after the first", () => {
    let waitedMs = 0;
    let deaths = 0;
    for (;;) {
      const next = decideAfterDeath(deaths, 10);
      deaths = next.deaths;
      if (next.action === "end") break;
      waitedMs += next.afterMs;
    }
    expect({ deaths, waitedMs }).toEqual({ deaths: MAX_DEATHS, waitedMs: 51_100 });
  });

  it("begins a new row after a minute of life", () => {
    expect(decideAfterDeath(8, 60_000)).toEqual({ action: "restart", deaths: 1, afterMs: 100 });
    expect(decideAfterDeath(8, 59_999)).toMatchObject({ deaths: 9 });
  });
});
