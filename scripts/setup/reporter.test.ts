import { describe, expect, it } from "vitest";
import { createReporter, elapsed } from "./reporter.mjs";

describe("elapsed", () => {
  it.each([
    [40, "0.0 s"],
    [9_940, "9.9 s"],
    [9_960, "10 s"],
    [59_400, "59 s"],
    [59_600, "1 min 0 s"],
    [125_000, "2 min 5 s"],
  ])("shows %i ms as %s", (ms, text) => {
    expect(elapsed(ms)).toBe(text);
  });
});

describe("createReporter", () => {
  const record = () => {
    let text = "";
    const stream = {
      write: (part: string) => {
        text += part;
      },
    };
    return { stream, text: () => text.replaceAll(/\d+\.\d s/g, "N s") };
  };

  it("frames a step with a line before and one after, where there is no terminal", async () => {
    const { stream, text } = record();
    expect(await createReporter(stream).during("Doing", async () => 7)).toBe(7);
    expect(text()).toBe("set-up: Doing …\nset-up: Doing: done in N s\n");
  });

  it("says that a step failed, and passes the failure on", async () => {
    const { stream, text } = record();
    const failing = createReporter(stream).during("Doing", () => Promise.reject(new Error("no")));
    await expect(failing).rejects.toThrow("no");
    expect(text()).toBe("set-up: Doing …\nset-up: Doing: failed after N s\n");
  });

  it("rewrites its line on a terminal", async () => {
    const { stream, text } = record();
    await createReporter({ ...stream, isTTY: true }).during("Doing", async () => {});
    expect(text()).toBe("\r\u001b[2Kset-up: Doing …\r\u001b[2Kset-up: Doing: done in N s\n");
  });
});
