import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { MAX_METRIC_NAME_CHARS, readMetrics } from "./metrics.ts";

describe("readMetrics", () => {
  it("takes every finite number, zero and negatives included", () => {
    expect(readMetrics(JSON.parse('{"soil_moisture": 10.0, "temperature": -3, "lux": 0}'))).toEqual({
      accepted: [
        { name: "soil_moisture", value: 10 },
        { name: "temperature", value: -3 },
        { name: "lux", value: 0 },
      ],
      refused: [],
    });
  });

  it.each([
    { json: "[]", reason: "not-an-object" },
    { json: "null", reason: "not-an-object" },
    { json: "12", reason: "not-an-object" },
    { json: '"soil"', reason: "not-an-object" },
    { json: "{}", reason: "no-metrics" },
  ])("refuses $json as a whole: $reason", ({ json, reason }) => {
    expect(readMetrics(JSON.parse(json))).toEqual({ accepted: [], refused: [{ metric: null, reason }] });
  });

  it.each([
    { json: '{"a": "10"}', metric: "a", reason: "not-a-number" },
    { json: '{"a": null}', metric: "a", reason: "not-a-number" },
    { json: '{"a": true}', metric: "a", reason: "not-a-number" },
    { json: '{"a": {"b": 1}}', metric: "a", reason: "not-a-number" },
    { json: '{"a": 1e999}', metric: "a", reason: "not-finite" },
    { json: '{"a": -1e999}', metric: "a", reason: "not-finite" },
    { json: '{"": 1}', metric: "", reason: "name-empty" },
    { json: '{"  ": 1}', metric: "  ", reason: "name-empty" },
    { json: '{"a\\nb": 1}', metric: "a\nb", reason: "name-unprintable" },
    { json: '{"a\\u202eb": 1}', metric: "a\u202eb", reason: "name-unprintable" },
    { json: '{"\\ud800": 1}', metric: "\ud800", reason: "name-unprintable" },
  ])("refuses $json and keeps its neighbour", ({ json, metric, reason }) => {
    const report = { ...JSON.parse(json), good: 1 };
    expect(readMetrics(report)).toEqual({ accepted: [{ name: "good", value: 1 }], refused: [{ metric, reason }] });
  });

  it("takes a name of 64 characters and shortens a longer one in its report", () => {
    const report = readMetrics({ [`${"x".repeat(64)}`]: 1, [`${"y".repeat(65)}`]: 1 });
    expect(report.accepted).toEqual([{ name: "x".repeat(64), value: 1 }]);
    expect(report.refused).toEqual([{ metric: "y".repeat(64), reason: "name-too-long" }]);
  });

  it("takes names that are special to JavaScript as names like any other", () => {
    const report = readMetrics(JSON.parse('{"__proto__": 1, "constructor": 2, "Erdfeuchte 🌱": 3}'));
    expect(report.accepted.map(({ name }) => name)).toEqual(["__proto__", "constructor", "Erdfeuchte 🌱"]);
  });

  it("takes 64 metrics and refuses 65", () => {
    const many = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, i) => [`m${i}`, i]));
    expect(readMetrics(many(64)).accepted).toHaveLength(64);
    expect(readMetrics(many(65))).toEqual({ accepted: [], refused: [{ metric: null, reason: "too-many-metrics" }] });
  });

  it("never throws, and whatever it takes is finite and named", () => {
    fc.assert(
      fc.property(fc.anything(), (input) => {
        for (const { name, value } of readMetrics(input).accepted) {
          expect(Number.isFinite(value)).toBe(true);
          expect(name.length).toBeLessThanOrEqual(MAX_METRIC_NAME_CHARS);
        }
      }),
    );
  });
});
