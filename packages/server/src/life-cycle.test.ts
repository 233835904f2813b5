import { createVirtualClock } from "@tocsin/core/testing";
import { expect, it } from "vitest";
import { createTestLogger } from "../testing/test-logger.ts";
import { createLifeCycle } from "./life-cycle.ts";

function setUp() {
  const clock = createVirtualClock();
  const { logger, lines } = createTestLogger();
  const lifeCycle = createLifeCycle({ clock, logger });
  const ended: string[] = [];
  const part = (name: string, stop: () => unknown = () => undefined) =>
    lifeCycle.onStop(name, () => {
      ended.push(name);
      return stop();
    });
  return { clock, lines, lifeCycle, ended, part };
}

it("ends parts in reverse, one after the other", async () => {
  const { clock, lifeCycle, ended, part } = setUp();
  part("first");
  part("second", () => clock.sleep(100));
  part("third");
  const stopping = lifeCycle.stop({ timeoutMs: 1_000 });
  await clock.advance(99);
  expect(ended).toEqual(["third", "second"]);
  await clock.advance(1);
  await stopping;
  expect(ended).toEqual(["third", "second", "first"]);
  expect(clock.pending).toBe(0);
});

it("ends the others when one fails, and logs it", async () => {
  const { lifeCycle, ended, part, lines } = setUp();
  part("first");
  part("second", () => {
    throw new Error("stuck");
  });
  part("third", () => Promise.reject(new Error("stuck too")));
  await lifeCycle.stop({ timeoutMs: 1_000 });
  expect(ended).toEqual(["third", "second", "first"]);
  expect(lines.map(({ msg, part: which }) => `${which}: ${msg}`)).toEqual([
    "third: Failed to end",
    "second: Failed to end",
  ]);
});

it("does not let one part take the time of all", async () => {
  const { clock, lifeCycle, ended, part, lines } = setUp();
  part("first");
  part("second", () => new Promise(() => undefined));
  const stopping = lifeCycle.stop({ timeoutMs: 1_000 });
  await clock.advance(600);
  await stopping;
  expect(ended).toEqual(["second", "first"]);
  expect(lines).toMatchObject([{ part: "second", msg: "Did not end in time" }]);
});

it("ends each part once", async () => {
  const { lifeCycle, ended, part } = setUp();
  part("first");
  await lifeCycle.stop({ timeoutMs: 1_000 });
  await lifeCycle.stop({ timeoutMs: 1_000 });
  expect(ended).toEqual(["first"]);
});
