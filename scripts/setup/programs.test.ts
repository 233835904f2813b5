import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { missingPrograms, planFor, programFolders } from "./programs.mjs";

const redis = { file: "redis-server", packageName: "redis-server", why: "history", service: "redis-server" };
const BOOKWORM = 'PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\nID=debian\n';

describe("planFor", () => {
  const machine = { osRelease: BOOKWORM, isRoot: false, sudoWorks: false };

  it.each([
    { case: "root", machine: { ...machine, isRoot: true }, prefix: [] },
    { case: "somebody with sudo", machine: { ...machine, sudoWorks: true }, prefix: ["sudo", "-n"] },
    {
      case: "a derivative of Debian",
      machine: { ...machine, osRelease: "ID=raspbian\nID_LIKE=debian\n", isRoot: true },
      prefix: [],
    },
  ])("installs as $case", ({ machine, prefix }) => {
    expect(planFor([redis], machine)).toEqual({ how: "install", prefix });
  });

  it("tells somebody without root's rights the exact command", () => {
    const plan = planFor([redis, { ...redis, packageName: "mosquitto" }], machine);
    expect(plan.how === "tell" && plan.lines.at(-1)?.trim()).toBe(
      "sudo apt-get update && sudo apt-get install -y --no-install-recommends redis-server mosquitto",
    );
  });

  it.each([
    ["Fedora", "ID=fedora\n"],
    ["Ubuntu, whose chromium is no package", 'ID=ubuntu\nID_LIKE="debian"\n'],
    ["a derivative of Ubuntu", 'ID=linuxmint\nID_LIKE="ubuntu debian"\n'],
    ["no os-release", ""],
  ])("lists what is missing on %s", (_name, osRelease) => {
    const plan = planFor([redis], { osRelease, isRoot: true, sudoWorks: true });
    expect(plan.how === "tell" && plan.lines).toContain("  redis-server: history (looked for redis-server)");
  });
});

describe("programFolders", () => {
  it("looks on PATH first, then in system folders, then at PostgreSQL from 15 on, newest first", () => {
    const folders = programFolders({ PATH: ["/a", "/b"].join(delimiter) }, ["9.6", "13", "15", "17"]);
    expect(folders.slice(0, 3)).toEqual(["/a", "/b", "/usr/sbin"]);
    expect(folders.slice(-2)).toEqual(["/usr/lib/postgresql/17/bin", "/usr/lib/postgresql/15/bin"]);
  });
});

describe("missingPrograms", () => {
  let folder = "";
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "tocsin-programs-"));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it("names what no folder has as a program, and files that are not there", () => {
    writeFileSync(join(folder, "redis-server"), "");
    chmodSync(join(folder, "redis-server"), 0o755);
    const font = { ...redis, file: join(folder, "font.ttf") };
    expect(missingPrograms([redis, { ...redis, file: "mosquitto-that-is-not" }, font], [folder])).toEqual([
      { ...redis, file: "mosquitto-that-is-not" },
      font,
    ]);
  });
});
