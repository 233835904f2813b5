import { describe, expect, it } from "vitest";
import { closingLine } from "./summary.mjs";

const file = (status: string, ...tests: readonly string[]) => ({
  status,
  assertionResults: tests.map((test) => ({ status: test })),
});

describe("closingLine", () => {
  it("adds up the tests of all files", () => {
    const report = { testResults: [file("passed", "passed", "passed"), file("failed", "passed", "failed")] };
    expect(closingLine(report, 1)).toBe("3 passed, 1 failed");
  });

  it("counts a file that could not be loaded, or whose hook failed, as one failure", () => {
    const report = { testResults: [file("passed", "passed"), file("failed"), file("failed", "passed")] };
    expect(closingLine(report, 1)).toBe("2 passed, 2 failed");
  });

  it("counts a runner that failed although no test did", () => {
    expect(closingLine({ testResults: [file("passed", "passed")] }, 1)).toBe("1 passed, 1 failed");
  });

  it("counts a missing report as a failure, whatever the exit code", () => {
    expect(closingLine(null, 0)).toBe("0 passed, 1 failed");
  });

  it("names skipped tests only when there are any", () => {
    expect(closingLine({ testResults: [file("passed", "passed", "skipped", "todo")] }, 0)).toBe(
      "1 passed, 0 failed, 2 skipped",
    );
  });
});
