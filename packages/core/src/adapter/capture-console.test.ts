import { expect, it, vi } from "vitest";
import { createVirtualClock } from "../../testing/virtual-clock.ts";
import type { NotificationInput } from "../notification/notification.ts";
import { createConsoleLogger } from "../notifier/logging.ts";
import { type CaptureConsoleOptions, captureConsole } from "./capture-console.ts";

function captured(options: Partial<CaptureConsoleOptions> = {}) {
  const told: NotificationInput[] = [];
  const written: unknown[][] = [];
  const write = (...args: unknown[]): void => void written.push(args);
  const own = { error: write, warn: write, info: write, log: write };
  const notifier = { notify: (input: NotificationInput) => told.push(input) };
  const release = captureConsole({ notifier, console: own, clock: createVirtualClock(), ...options });
  return { own, told, written, write, release, titles: () => told.map(({ title }) => title) };
}

it("writes as before, and tells what was formatted, with the error and where it happened", () => {
  const { own, told, written } = captured();
  const error = new TypeError("no file");
  own.error("import of %s failed:", "a.csv", error);
  expect(written).toEqual([["import of %s failed:", "a.csv", error]]);
  expect(told).toMatchObject([
    { severity: "error", title: "import of a.csv failed: no file", key: expect.stringContaining("TypeError") },
  ]);
  expect(told[0]?.blocks).toMatchObject([{ text: expect.stringContaining("capture-console.test.ts") }]);
});

it("tells the methods that were asked for", () => {
  const { own, told } = captured({ methods: ["error", "warn"] });
  own.log("a");
  own.warn("b");
  own.error("c");
  expect(told.map(({ title, severity }) => [title, severity])).toEqual([
    ["b", "warning"],
    ["c", "error"],
  ]);
});

it("does not tell what a notifier writes of itself, nor what is written while it is told", () => {
  const error = vi.spyOn(console, "error").mockImplementation(() => {});
  const told: NotificationInput[] = [];
  const notifier = {
    notify(input: NotificationInput) {
      told.push(input);
      console.error("while telling");
    },
  };
  const release = captureConsole({ notifier, clock: createVirtualClock() });
  createConsoleLogger("info").error("webhook is disabled");
  expect(told).toEqual([]);
  console.error("mine");
  expect(told.map(({ title }) => title)).toEqual(["mine"]);
  expect(error).toHaveBeenCalledTimes(3);
  release();
  error.mockRestore();
});

it("never fails, whatever is written", () => {
  const { own, written } = captured();
  const nasty = {
    get [Symbol.toStringTag](): string {
      throw new Error("no");
    },
  };
  const loop: { self?: unknown } = {};
  loop.self = loop;
  for (const value of [nasty, loop, Symbol("x"), 1n, null, undefined, Object.create(null)]) own.error(value);
  own.error();
  expect(written).toHaveLength(8);
});

it("gives the console back, and tells what it has counted", () => {
  const { own, write, release, titles } = captured();
  own.error("no");
  own.error("no");
  release();
  expect(own.error).toBe(write);
  expect(titles()).toEqual(["no", "no"]);
});

it("leaves a console alone that somebody else has wrapped since, and tells no more of it", () => {
  const { own, told, written, release } = captured();
  const inner = own.error;
  own.error = (...args) => inner(...args);
  release();
  own.error("after");
  expect([told.length, written.length]).toEqual([0, 1]);
});
