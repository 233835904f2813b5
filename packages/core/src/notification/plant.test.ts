import { describe, expect, it } from "vitest";
import { deviceOfflineNotification, plantThresholdNotification } from "./plant.ts";

const MEASURED_AT = Date.UTC(2026, 0, 2, 3, 4, 5);
const violation = {
  plantName: "Monstera",
  metric: "soil_moisture",
  value: 15.2,
  direction: "min",
  limit: 20,
  measuredAt: MEASURED_AT,
} as const;

describe("plantThresholdNotification", () => {
  it("has the words, colour and labels of row A1", () => {
    expect(plantThresholdNotification({ ...violation, labels: { room: "kitchen" } })).toEqual({
      type: "monitoring",
      severity: "warning",
      title: "Plant Alert: Monstera",
      message: "Soil Moisture is 15.2, threshold min 20.0",
      color: 15_158_332,
      fields: [
        { name: "Metric", value: "soil_moisture" },
        { name: "Current", value: "15.2" },
        { name: "Threshold", value: "min 20.0" },
      ],
      footer: null,
      timestamp: MEASURED_AT,
      labels: { room: "kitchen", plant: "Monstera", metric: "soil_moisture", direction: "min" },
    });
  });

  it.each([
    { value: 10, shown: "10.0" },
    { value: -3, shown: "-3.0" },
    { value: 0, shown: "0.0" },
    { value: 15.25, shown: "15.25" },
    { value: 0.1 + 0.2, shown: "0.3" },
    { value: 1_000_000, shown: "1000000.0" },
    { value: 1e21, shown: "1e+21" },
    { value: Number.POSITIVE_INFINITY, shown: "Infinity" },
  ])("shows $value as $shown", ({ value, shown }) => {
    expect(plantThresholdNotification({ ...violation, metric: "t", value, direction: "max" }).message).toBe(
      `T is ${shown}, threshold max 20.0`,
    );
  });

  it.each([
    { metric: "co2", shown: "Co2" },
    { metric: "air-temperature_2m", shown: "Air Temperature 2m" },
    { metric: "luftfeuchte_übrig", shown: "Luftfeuchte Übrig" },
    { metric: "pH", shown: "PH" },
  ])("writes the metric $metric as $shown", ({ metric, shown }) => {
    expect(plantThresholdNotification({ ...violation, metric }).message).toMatch(new RegExp(`^${shown} is `));
  });
});

describe("deviceOfflineNotification", () => {
  const now = MEASURED_AT;
  const offline = { deviceId: "device-abc", plantName: "Monstera", lastSeenAt: now - 300_000, now };

  it("has the words, colour and labels of row A2", () => {
    expect(deviceOfflineNotification(offline)).toEqual({
      type: "monitoring",
      severity: "warning",
      title: "Device Offline",
      message: "Device device-abc has gone offline",
      color: 16_776_960,
      fields: [
        { name: "Device ID", value: "device-abc" },
        { name: "Plant", value: "Monstera" },
        { name: "Last Seen", value: "5 minutes ago" },
      ],
      footer: null,
      timestamp: now,
      labels: { device: "device-abc", plant: "Monstera" },
    });
  });

  it("says so when there is no plant and never was a sign of life", () => {
    const { fields, labels } = deviceOfflineNotification({ ...offline, plantName: null, lastSeenAt: null });
    expect(fields).toContainEqual({ name: "Plant", value: "Unassigned" });
    expect(fields).toContainEqual({ name: "Last Seen", value: "Never" });
    expect(labels).toEqual({ device: "device-abc" });
  });

  it.each([
    { elapsedMs: -5_000, words: "just now" },
    { elapsedMs: 999, words: "just now" },
    { elapsedMs: 1_000, words: "1 second ago" },
    { elapsedMs: 59_999, words: "59 seconds ago" },
    { elapsedMs: 60_000, words: "1 minute ago" },
    { elapsedMs: 180_000, words: "3 minutes ago" },
    { elapsedMs: 3_599_999, words: "59 minutes ago" },
    { elapsedMs: 3_600_000, words: "1 hour ago" },
    { elapsedMs: 86_400_000, words: "1 day ago" },
    { elapsedMs: 864_000_000, words: "10 days ago" },
  ])("tells $elapsedMs ms as $words", ({ elapsedMs, words }) => {
    expect(deviceOfflineNotification({ ...offline, lastSeenAt: now - elapsedMs }).fields).toContainEqual({
      name: "Last Seen",
      value: words,
    });
  });
});
