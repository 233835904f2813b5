import { describe, expect, it } from "vitest";
import { HELP } from "./help.ts";
import { readCommandLine } from "./options.ts";

const textOf = (args: readonly string[]): string => {
  const read = readCommandLine(args);
  return read.kind === "mistake" ? read.text : read.kind;
};

describe("the command line", () => {
  it("without arguments runs for ever, in colours, on the usual ports", () => {
    const options = { forMs: null, measuredMsPerSecond: null, color: true, freePorts: false };
    expect(readCommandLine([])).toEqual({ kind: "run", options });
  });

  it("takes every option", () => {
    const options = { forMs: 60_000, measuredMsPerSecond: 43_200_000, color: false, freePorts: true };
    const args = ["--for", "60s", "--speed=12h", "--no-color", "--free-ports"];
    expect(readCommandLine(args)).toEqual({ kind: "run", options });
  });

  it.each([["--help"], ["-h"], ["--for", "never", "--help"]])("helps when asked with %j", (...args) => {
    expect(readCommandLine(args)).toEqual({ kind: "help" });
  });

  it.each([
    { args: ["--for", "14s"], says: '--for takes a duration from 15 s, such as 60s or 2m; got "14s".' },
    { args: ["--for", "soon"], says: 'got "soon".' },
    { args: ["--speed", "30s"], says: 'from 1m to 30d, such as 12h; got "30s".' },
    { args: ["--speed", "31d"], says: 'got "31d".' },
    { args: ["--fast"], says: "Unknown option '--fast'. --help" },
    { args: ["60s"], says: "'60s'" },
    { args: ["--for"], says: "'--for <value>'" },
  ])("says what is wrong with $args", ({ args, says }) => {
    expect(textOf(args)).toContain(says);
    expect(textOf(args)).toMatch(/--help lists what there is\.$/);
  });

  it("is described whole by its help", () => {
    for (const option of ["--for", "--speed", "--free-ports", "--no-color", "--help"]) expect(HELP).toContain(option);
    expect(HELP).toContain("from 15s");
    expect(Math.max(...HELP.split("\n").map((line) => line.length))).toBeLessThanOrEqual(120);
  });
});
