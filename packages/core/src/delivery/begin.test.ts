import { expect, it } from "vitest";
import { engineBench as bench, titles } from "../../testing/engine-bench.ts";
import { createForgetfulMemory } from "./outbox.ts";

it("nothing is sent before it is kept that the process has begun: what it sends has to count for the next one", async () => {
  const kept = Promise.withResolvers<void>();
  const { engine, channel, send, clock } = bench({
    memory: { ...createForgetfulMemory(), remember: (key) => (key === "starts" ? kept.promise : undefined) },
  });
  const a = channel("a");
  engine.restore();
  send("1");
  await clock.advance(60_000);
  expect(titles(a)).toEqual([]);
  kept.resolve();
  await clock.settle();
  expect(titles(a)).toEqual(["1"]);
});
