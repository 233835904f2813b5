import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ConfigError } from "@tocsin/core/stages";
import { describe, expect, it } from "vitest";
import { parseConfigFile, readConfigFile } from "./file.ts";

const FILE = `
time_zone: Europe/Berlin
destinations:
  ops: \${OPS_WEBHOOK}
routes:
  - name: nights
    matchers: severity>=warning, device=~"gw-*"
    to: [ops, critical]
    quiet_hours: "22:00-07:00"
    continue: true
  - to: ops
inhibit:
  - { source: type=gateway, target: [type=device], equal: [gateway] }
maintenance:
  - { name: new roof, from: 2026-05-04T08:00:00+02:00, until: 2026-05-04T16:00:00+02:00, matchers: site=lab }
`;

describe("tocsin.yaml", () => {
  it("becomes options of the notifier, with secrets out of the environment", () => {
    expect(parseConfigFile(FILE, { OPS_WEBHOOK: "console:" }).options).toEqual({
      timeZone: "Europe/Berlin",
      destinations: { ops: "console:" },
      routes: [
        {
          name: "nights",
          matchers: 'severity>=warning, device=~"gw-*"',
          to: ["ops", "critical"],
          quietHours: "22:00-07:00",
          continue: true,
        },
        { to: "ops" },
      ],
      inhibit: [{ source: "type=gateway", target: ["type=device"], equal: ["gateway"] }],
      maintenance: [
        {
          name: "new roof",
          from: "2026-05-04T08:00:00+02:00",
          until: "2026-05-04T16:00:00+02:00",
          matchers: "site=lab",
        },
      ],
    });
  });

  it("may be empty, and need not be there", () => {
    expect(parseConfigFile("", {}).options).toEqual({});
    expect(readConfigFile(null, {})).toEqual({});
  });

  it("is read from the file that the variable names", () => {
    const folder = mkdtempSync(join(tmpdir(), "tocsin-file-"));
    const path = join(folder, "tocsin.yaml");
    writeFileSync(path, "time_zone: UTC\n");
    expect(readConfigFile(path, {})).toEqual({ timeZone: "UTC" });
    rmSync(folder, { recursive: true });
    expect(() => readConfigFile(path, {})).toThrow(/cannot be read \(ENOENT\)/);
    expect(() => readConfigFile(path, {})).toThrow(ConfigError);
  });

  it("tells all its mistakes with their places, and no value of a variable", () => {
    const text = `
time_zone: Europe/Berlim
destination: {}
destinations:
  ops: \${MISSING}
  bad: 7
routes:
  - matchers: severity>=bad
    quiet_hours: [22-7, "mon 08:00-18:00"]
maintenance:
  - { from: 2026-05-04T08:00:00, until: tomorrow }
  - { from: 2026-05-04T08:00:00Z, until: 2026-05-04T08:00:00Z, matchers: nonsense, why: roof }
`;
    const { options, problems } = parseConfigFile(text, { SECRET: "hunter2" });
    expect(options).toBeNull();
    for (const says of [
      /time_zone \(line 2\): must be an IANA name/,
      /destination \(line 3\): there is no such setting; did you mean destinations\?/,
      /destinations\.ops \(line 5\): the environment variable MISSING is not set/,
      /destinations\.bad \(line 6\): /,
      /routes\[0\]\.matchers \(line 8\): severity>=bad: a severity is one of/,
      /routes\[0\]\.quiet_hours \(line 9\): "22-7": write days/,
      /routes\[0\]\.to \(line 8\): /,
      /maintenance\[0\]\.from \(line 11\): must be an instant with its offset/,
      /maintenance\[0\]\.until \(line 11\): must be an instant/,
      /maintenance\[1\]\.matchers \(line 12\): /,
      /maintenance\[1\]\.why \(line 12\): there is no such setting; there are name, from, until, matchers/,
    ])
      expect(problems).toContainEqual(expect.stringMatching(says));
  });

  it.each([
    ["inhibt: []", "inhibt (line 1): there is no such setting; did you mean inhibit?"],
    [
      "routes:\n  - to: ops\n    macthers: a=b",
      "routes[0].macthers (line 3): there is no such setting; did you mean matchers?",
    ],
    [
      "routes:\n  - { to: ops, Quiet-Hours: sun }",
      "routes[0].Quiet-Hours (line 2): there is no such setting; did you mean quiet_hours?",
    ],
    ["Port: 8000", "Port (line 1): is set by the environment variable PORT"],
    ["database: x.db", "database (line 1): is set by the environment variable DATABASE_URL"],
    ["routes: ops", "routes (line 1): Invalid input: expected array, received string"],
    ["- ops", "the file: Invalid input: expected object, received array"],
  ])("that says %j is told what may have been meant", (text, says) => {
    expect(parseConfigFile(text, {}).problems).toEqual([expect.stringContaining(says)]);
  });

  it("that is no YAML is told with the line", () => {
    expect(() => parseConfigFile("routes:\n  - to: [ops\nx: y: z", {})).toThrow(/line 3, column \d+: \w/);
  });
});
