import { runInNewContext } from "node:vm";
import { describe, expect, it } from "vitest";
import { summariseError } from "./error-summary.ts";

describe("summariseError", () => {
  it("shows the frames of the program, at most eight, and says how many more there are", () => {
    const error = new RangeError("too far");
    const own = Array.from({ length: 10 }, (_, n) => `    at step${n} (/app/src/steps.ts:${n + 1}:1)`);
    error.stack = ["RangeError: too far", ...own, "    at node:internal/process/task_queues:95:5"].join("\n");
    const { name, message, stack } = summariseError(error);
    expect([name, message]).toEqual(["RangeError", "too far"]);
    expect(stack?.split("\n")).toEqual([
      ...Array.from({ length: 8 }, (_, n) => `at step${n} (/app/src/steps.ts:${n + 1}:1)`),
      "… 2 more",
    ]);
  });

  it("takes secrets out of message and stack", () => {
    const error = new Error("GET /x?key=abc123 with password=hunter2");
    error.stack = `Error\n    at load (https://app:hunter2@cdn.example/x.js?key=abc123)`;
    expect(JSON.stringify(summariseError(error))).not.toMatch(/abc123|hunter2/);
  });

  it("names a subclass that has set no name", () => {
    class QuotaError extends Error {}
    expect(summariseError(new QuotaError("full")).name).toBe("QuotaError");
  });

  it("takes an error of another realm, as test runners and vm contexts throw them", () => {
    const { name, message, stack } = summariseError(runInNewContext('new TypeError("far away")'));
    expect([name, message]).toEqual(["TypeError", "far away"]);
    expect(stack).toMatch(/^at /);
  });

  it("is quick for a message of ten million characters, and still shows where it happened", () => {
    const error = new Error("x".repeat(10_000_000));
    const began = performance.now();
    const { message, stack } = summariseError(error);
    expect(performance.now() - began).toBeLessThan(1_000);
    expect(message.length).toBeLessThanOrEqual(1_000);
    expect(stack).toContain("error-summary.test.ts");
  });

  it.each([null, undefined, 7, "text", Symbol("s"), { a: 1 }, () => {}])(
    "takes %o, though it is no error",
    (thrown) => {
      expect(summariseError(thrown)).toMatchObject({ name: "Error", message: expect.any(String), stack: null });
    },
  );

  it("takes an error that cannot be read", () => {
    const evil = new Error("x");
    for (const name of ["name", "message", "stack"] as const) {
      Object.defineProperty(evil, name, {
        get() {
          throw new Error("no");
        },
      });
    }
    expect(summariseError(evil)).toEqual({ name: "Error", message: "", stack: null });
  });
});
