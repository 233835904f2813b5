import { setTimeout as sleep } from "node:timers/promises";
import { expect, it, onTestFinished } from "vitest";
import { watchEventLoop } from "./event-loop.ts";

/** Holds the thread. */
function hold(ms: number): void {
  const until = performance.now() + ms;
  while (performance.now() < until);
}

it("sees a thread that is held, also when asked before any timer has run, and tells it once", async () => {
  const delay = watchEventLoop();
  onTestFinished(() => delay.stop());
  hold(250);
  const worstMs = delay.takeWorstMs();
  expect(worstMs).toBeGreaterThanOrEqual(140);
  await sleep(0);
  expect(delay.takeWorstMs()).toBeLessThan(worstMs);
});
