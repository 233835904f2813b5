import { describe, expect, it } from "vitest";
import { createLogFilter, createLogWording, type LogRecord, reviveError, severityByName } from "./log-record.ts";
import { OTHERS } from "./reporter.ts";

const record = (about: Partial<LogRecord> = {}): LogRecord => ({
  severity: "error",
  source: null,
  text: "Import failed",
  error: undefined,
  details: {},
  ...about,
});

describe("what a line is told as", () => {
  const { matterOf, notificationOf } = createLogWording({});
  const told = (about: Partial<LogRecord>) => notificationOf(record(about), "m", null);

  it("has its text as the title, and its details as fields", () => {
    expect(told({ details: { file: "a.csv", rows: 3 }, source: "importer" })).toEqual({
      type: "error",
      severity: "error",
      title: "Import failed",
      message: undefined,
      fields: { Source: "importer", file: "a.csv", rows: "3" },
      blocks: [],
      key: "log m",
      labels: { source: "importer" },
    });
  });

  it("keeps the whole of a long text, its first line as the title", () => {
    expect(told({ text: "First\nsecond" })).toMatchObject({ title: "First", message: "First\nsecond" });
    const long = "x".repeat(201);
    expect(told({ text: long })).toMatchObject({ title: "x".repeat(200), message: long });
  });

  it("adds what an error says beyond the text, and where it happened", () => {
    const error = reviveError({
      name: "TypeError",
      message: "no file",
      stack: "TypeError: no file\n    at read (a.ts:1:2)",
    });
    expect(told({ error })).toMatchObject({
      message: "TypeError: no file",
      blocks: [{ kind: "code", text: "at read (a.ts:1:2)" }],
    });
    expect(told({ error, text: "Import failed: no file" }).message).toBeUndefined();
    expect(told({ error, text: "" }).title).toBe("TypeError");
    expect(told({ text: "" }).title).toBe("A line without text was logged");
  });

  it("shows no secret of text, error or details", () => {
    const text = "cannot reach postgres://app:hunter2@db/main with password=hunter3";
    const input = told({
      text,
      error: new Error("Bearer abcdefghijkl was refused"),
      details: { apiKey: "hunter4", webhook: "https://discord.com/api/webhooks/123456789012345678/hunter5_hunter5" },
    });
    expect(JSON.stringify(input)).not.toMatch(/hunter|abcdefghijkl/);
  });

  it("shows no more than ten details", () => {
    const details = Object.fromEntries(Array.from({ length: 30 }, (_, n) => [`d${n}`, n]));
    expect(Object.keys(told({ details }).fields ?? {})).toHaveLength(10);
  });

  it("counts repetitions in the title", () => {
    const repeats = { count: 37, since: Date.UTC(2026, 0, 1) };
    expect(notificationOf(record(), "m", repeats)).toMatchObject({
      title: "Import failed (×37)",
      message: "37 times since 2026-01-01T00:00:00.000Z, the last one:",
    });
    expect(notificationOf(record(), OTHERS, repeats).title).toBe("Many other lines are logged (×37)");
  });

  it("is one matter where only numbers, ids and quoted values differ", () => {
    const [one, same, other] = ["job 17 of 'a' failed", "job 9 of 'b' failed", "job 17 was late"].map((text) =>
      matterOf(record({ text })),
    );
    expect([one === same, one === other]).toEqual([true, false]);
    expect(matterOf(record({ source: "b" }))).not.toBe(matterOf(record()));
    expect(matterOf(record({ error: new TypeError("x") }))).not.toBe(matterOf(record()));
  });

  it.each([
    ["critical", "critical"],
    ["error", "error"],
    ["warning", "general"],
    ["info", "general"],
  ] as const)("of severity %s is of type %s, unless a type is set", (severity, type) => {
    expect(told({ severity }).type).toBe(type);
    expect(createLogWording({ type: "security" }).notificationOf(record({ severity }), "m", null).type).toBe(
      "security",
    );
  });
});

it("lets through what is severe enough, errors and worse by default", () => {
  const through = (settings: Parameters<typeof createLogFilter>[0]) =>
    (["info", "warning", "error", "critical"] as const).filter(createLogFilter(settings));
  expect(through({})).toEqual(["error", "critical"]);
  expect(through({ severity: "info" })).toHaveLength(4);
  expect(() => createLogFilter({ severity: "fatal" as "error" })).toThrow(
    /one of info, warning, error, critical, got fatal/,
  );
});

it.each([
  ["fatal", "critical"],
  ["emerg", "critical"],
  ["ERROR", "error"],
  ["warn", "warning"],
  ["warning", "warning"],
  ["http", "info"],
  ["constructor", "info"],
])("takes the level %s for %s", (level, severity) => {
  expect(severityByName(level)).toBe(severity);
});
