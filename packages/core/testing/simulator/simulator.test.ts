import { describe, expect, it } from "vitest";
import { drawPlan } from "./plan.ts";
import { runPlan } from "./run.ts";

describe("simulated runs", () => {
  it("hold every invariant over 250 seeds of one hour", async () => {
    for (let seed = 1; seed <= 250; seed++) {
      const { violations } = await runPlan(drawPlan(seed, 1));
      expect(violations, `replay with: npm run simulate -- --seed ${seed} --hours 1`).toEqual([]);
    }
  }, 900_000);

  it("are the same for the same seed", async () => {
    const [a, b] = [await runPlan(drawPlan(7, 2)), await runPlan(drawPlan(7, 2))];
    expect(a.scene.world.arrivals).toEqual(b.scene.world.arrivals);
    expect(a.scene.world.arrivals).not.toEqual((await runPlan(drawPlan(8, 2))).scene.world.arrivals);
  });

  it("meet every kind of fault", () => {
    const kinds = new Set<string>();
    for (let seed = 1; seed <= 200; seed++) for (const { kind } of drawPlan(seed, 2).steps) kinds.add(kind);
    expect([...kinds].toSorted()).toEqual([
      "ban",
      "broken-webhook",
      "crash",
      "delete-webhook",
      "errors",
      "lower-limit",
      "lying-headers",
      "move",
      "notify",
      "outage",
      "pause",
      "silence",
      "store-fails",
      "store-slow",
      "store-unopenable",
      "store-unreadable",
    ]);
  });
});
