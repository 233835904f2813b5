import { delimiter } from "node:path";
import { describe, expect, it } from "vitest";
import { explainNpmFailure, outdatedPackages, withoutLocalBin } from "./packages.mjs";

const LINUX = { os: "linux", cpu: "x64" };
const lock = (packages: Record<string, object>) => ({ packages: { "": {}, ...packages } });
const vitest = { version: "5.1.1", integrity: "sha512-a" };

describe("outdatedPackages", () => {
  it("is empty when npm's record says what the lock says", () => {
    const wanted = lock({ "node_modules/vitest": vitest, "packages/core": { version: "0.1.0" } });
    expect(outdatedPackages(wanted, lock({ "node_modules/vitest": vitest }), LINUX)).toEqual([]);
  });

  it.each([
    ["nothing is installed", null],
    ["a package is missing", lock({})],
    ["the version differs", lock({ "node_modules/vitest": { ...vitest, version: "5.0.0" } })],
    ["the content differs", lock({ "node_modules/vitest": { ...vitest, integrity: "sha512-b" } })],
    ["a link has become a copy", lock({ "node_modules/vitest": { ...vitest, link: true } })],
  ])("names the package when %s", (_case, installed) => {
    expect(outdatedPackages(lock({ "node_modules/vitest": vitest }), installed, LINUX)).toEqual([
      "node_modules/vitest",
    ]);
  });

  it.each([
    { case: "made for another system", entry: { os: ["darwin"], cpu: ["x64"], optional: true }, outdated: false },
    { case: "made for another processor", entry: { os: ["linux"], cpu: ["arm64"], optional: true }, outdated: false },
    { case: "optional for every machine", entry: { optional: true }, outdated: false },
    {
      case: "for one C library",
      entry: { os: ["linux"], cpu: ["x64"], libc: ["musl"], optional: true },
      outdated: false,
    },
    {
      case: "the native part for this machine",
      entry: { os: ["linux"], cpu: ["x64"], optional: true },
      outdated: true,
    },
  ])("a missing package that is $case: outdated is $outdated", ({ entry, outdated }) => {
    expect(outdatedPackages(lock({ "node_modules/native": entry }), lock({}), LINUX)).toHaveLength(outdated ? 1 : 0);
  });
});

describe("explainNpmFailure", () => {
  it("names the network when that is why", () => {
    const [first] = explainNpmFailure(
      "npm error code EAI_AGAIN\nnpm error request failed, reason: getaddrinfo EAI_AGAIN",
    );
    expect(first).toBe("The npm packages could not be downloaded: the registry cannot be reached (EAI_AGAIN).");
  });

  it("names a full disk", () => {
    expect(explainNpmFailure("npm error code ENOSPC")[0]).toContain("the disk is full");
  });

  it("otherwise shows npm's last lines", () => {
    const output = Array.from({ length: 40 }, (_, i) => `line ${i}`).join("\n");
    const shown = explainNpmFailure(output);
    expect(shown).toHaveLength(16);
    expect(shown.at(-1)).toBe("  line 39");
  });
});

describe("withoutLocalBin", () => {
  it("keeps npm away from the folder it replaces, and from the `npm run` around it", () => {
    const env = {
      PATH: ["/repo/node_modules/.bin", "/usr/bin"].join(delimiter),
      npm_lifecycle_event: "demo",
      npm_config_cache: "/cache",
      HOME: "/h",
    };
    expect(withoutLocalBin(env)).toEqual({ PATH: "/usr/bin", npm_config_cache: "/cache", HOME: "/h" });
  });
});
