import { describe, expect, it } from "vitest";
import { downloadedFrom, leaksIn, switchedOffIn } from "./leaks.ts";

/** Put together here, so that this file does not contain them. */
const said = (...parts: readonly string[]) => parts.join("");

describe("leaksIn", () => {
  it.each([
    ["a package registry", said("curl https://regis", "try.npmjs.org/x")],
    ["a package registry", said("http://regis", "try.example.net")],
    ["a package registry", said("http://deb", ".debian.org/debian")],
    ["a machine's path", said('open("', "/wo", 'rk/main/x")')],
    ["a machine's path", said("/ho", "me/ann/x")],
    ["a machine's path", said("cat /tmp/bash", "_jobs.0/x")],
  ])("sees %s", (what, line) => {
    expect(leaksIn(`fine\n${line}`)).toEqual([`2: ${what}`]);
  });

  it("allows relative paths, addresses of documents, and system paths", () => {
    expect(leaksIn("src/work/x.ts https://discord.com/home/x /usr/bin/x /tmp/tocsin-x $HOME/x /api/work/x")).toEqual(
      [],
    );
  });
});

describe("switchedOffIn", () => {
  it.each([
    said("// biome", "-ignore lint: x"),
    said("// @ts", "-ignore"),
    said("// @ts", "-nocheck"),
    said("// TO", "DO: x"),
  ])("sees %s", (line) => expect(switchedOffIn(`fine\n${line}\nfine`)).toEqual([2]));

  it("allows an error that a type test expects", () => {
    expect(switchedOffIn("// @ts-expect-error: a plant is no device")).toEqual([]);
  });
});

describe("downloadedFrom", () => {
  it("names packages with an address, not workspaces", () => {
    const lock = {
      packages: { "": {}, a: { resolved: "https://example.net/a.tgz" }, b: { resolved: "packages/b", link: true } },
    };
    expect(downloadedFrom(JSON.stringify(lock))).toEqual(["a"]);
  });
});
