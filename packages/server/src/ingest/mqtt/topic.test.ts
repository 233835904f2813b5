import { expect, it } from "vitest";
import { isOwnFilter, parseTopic } from "./topic.ts";

it.each([
  ["devices/device-abc/telemetry", { deviceId: "device-abc", kind: "telemetry" }],
  ["devices/device-abc/heartbeat", { deviceId: "device-abc", kind: "heartbeat" }],
  ["devices/ä b/telemetry", { deviceId: "ä b", kind: "telemetry" }],
])("%s is a device's", (topic, expected) => {
  expect(parseTopic(topic)).toEqual(expected);
});

it.each([
  "devices//telemetry",
  "devices/a",
  "devices/a/telemetry/",
  "devices/a/telemetry/x",
  "devices/a/Telemetry",
  "/devices/a/telemetry",
  "device/a/telemetry",
  "$SYS/a/telemetry",
  "",
])("%j is none of ours", (topic) => {
  expect(parseTopic(topic)).toBeNull();
});

it.each([
  ["devices/a/telemetry", true],
  ["devices/a/#", true],
  ["devices/a/+", true],
  ["devices/ab/telemetry", false],
  ["devices/+/telemetry", false],
  ["devices/#", false],
  ["#", false],
  ["$SYS/#", false],
])("device a may subscribe to %s: %s", (filter, allowed) => {
  expect(isOwnFilter(filter, "a")).toBe(allowed);
});
