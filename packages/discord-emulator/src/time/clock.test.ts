import { expect, it } from "vitest";
import { createManualClock } from "./clock.ts";

it("runs what falls due, in order of its instant, with the clock at that instant", () => {
  const clock = createManualClock(1_000);
  const seen: [string, number][] = [];
  clock.schedule(1_300, () => seen.push(["late", clock.now()]));
  clock.schedule(1_100, () => {
    seen.push(["early", clock.now()]);
    clock.schedule(1_200, () => seen.push(["from within", clock.now()]));
  });
  clock.schedule(1_250, () => seen.push(["cancelled", clock.now()])).cancel();
  clock.advance(299);
  expect(seen).toEqual([
    ["early", 1_100],
    ["from within", 1_200],
  ]);
  clock.advance(1);
  expect(seen.at(-1)).toEqual(["late", 1_300]);
});
