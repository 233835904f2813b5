import { describe, expect, it } from "vitest";
import { aptProgress, explainAptFailure } from "./apt.mjs";

describe("aptProgress", () => {
  it.each([
    ["dlstatus:1:32.4103:Retrieving file 2 of 9", { downloading: true, text: "downloading 32 %" }],
    ["pmstatus:redis-server:50.0000:Unpacking redis-server (amd64)", { downloading: false, text: "unpacking 50 %" }],
    ["Unpacking redis-server ...", null],
    ["media-change: Please insert", null],
  ])("reads %s", (line, progress) => {
    expect(aptProgress(line)).toEqual(progress);
  });
});

describe("explainAptFailure", () => {
  it.each(["W: Failed to fetch x  Temporary failure resolving 'y'", "E: Failed to fetch x  Could not connect to y"])(
    "names the network for %s",
    (output) => {
      expect(explainAptFailure(output)[0]).toContain("servers cannot be reached");
    },
  );

  it("otherwise shows apt's last words without its progress", () => {
    expect(explainAptFailure("dlstatus:1:32.4:x\nE: Unable to locate package mosquito\n")).toEqual([
      "apt-get failed. Its last words:",
      "  E: Unable to locate package mosquito",
    ]);
  });
});
