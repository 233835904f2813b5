import { describe, expect, it } from "vitest";
import { checkFileText } from "./file-check.ts";

const TOKEN = "x7Qe-Wm_3TfPz0aLs9dKcVbNq2RgHyUjIoX5t8E1wYk4vZn6MpBrGhFiCuDlAsOJ_-9Z";
const DISCORD = `https://discord.com/api/webhooks/1403872946109284352/${TOKEN}`;

describe("a check of tocsin.yaml", () => {
  it("tells of wrong settings, wrong addresses and names that lead nowhere at once, in their order", async () => {
    const text = `
time_zone: Europe/Berlim
destinations:
  ops: "console:"
  ops two: https://evil.example/api/webhooks/1403872946109284352/${TOKEN}
  later: \${LATER}
routes:
  - macthers: severity>=warning
    to: [ops, ops two, opps, later]
  - to: nobody
    quiet_hours: 22-7
    fallback: "file:"
inhibt: []
`;
    const problems = await checkFileText(text, {});
    expect(problems.map((problem) => problem.replace(/(is no destination).*/, "$1"))).toEqual([
      "time_zone (line 2): must be an IANA name, e.g. Europe/Berlin, or UTC",
      expect.stringMatching(/^destinations\.ops two \(line 5\) \w/),
      "destinations.later (line 6): the environment variable LATER is not set",
      "routes[0].macthers (line 8): there is no such setting; did you mean matchers?",
      'routes[0].to[2] (line 9): "opps" is no destination',
      'routes[1].to (line 10): "nobody" is no destination',
      expect.stringMatching(/^routes\[1\]\.quiet_hours \(line 11\): "22-7"/),
      expect.stringMatching(/^routes\[1\]\.fallback \(line 12\) names no file/),
      "inhibt (line 13): there is no such setting; did you mean inhibit?",
    ]);
    expect(problems.join()).not.toContain(TOKEN);
  });

  it("knows the names of types that variables set, and leaves mistakes of the variables to others", async () => {
    const env = { DISCORD_WEBHOOK_CRITICAL: DISCORD, DISCORD_WEBHOOK_ERRORS: "nonsense" };
    expect(await checkFileText("routes: [{ to: critical }]", env)).toEqual([]);
    expect(await checkFileText("routes: [{ to: critical }]", {})).toHaveLength(1);
  });

  it.each([
    [
      "routes: [{ name: a, to: 'console:' }, { name: a, to: 'console:' }]",
      'routes (line 1): "a" is the name of several',
    ],
    ["x: 1\nroutes:\n  - to: 'console:'\n    quiet_hours: 00:00-24:00", "x (line 1): there is no such setting"],
    [
      "routes:\n  - to: 'console:'\n    quiet_hours: 00:00-24:00",
      "routes[0].quiet_hours (line 3): they never end, so that nothing would ever be told",
    ],
    ["inhibit:\n  - source: []\n    target: a=b", "inhibit[0].source (line 2): "],
    ["routes: [", "line 1, column "],
    ["- ops", "the file: "],
  ])("of %j tells what only all of it shows", async (text, says) => {
    const problems = await checkFileText(text, {}).catch((error: { problems: readonly string[] }) => error.problems);
    expect(problems[0]).toContain(says);
  });
});
