import { afterEach, describe, expect, it, vi } from "vitest";
import type { DeliveryEvent } from "../delivery/events.ts";
import { createConsoleLogger, createDiscreetLogger, type Logger, logEvent } from "./logging.ts";

const attempt = {
  ...{ type: "attempt", at: 0, destination: "default", deliveryId: "dlv_1", notificationId: "ntf_1", attempt: 1 },
  ...{ outcome: "delivered", status: 200, error: null, durationMs: 1.6 },
} as unknown as DeliveryEvent;

function recordingLogger(isLevelEnabled?: Logger["isLevelEnabled"]) {
  const lines: string[] = [];
  const write = (line: string): void => void lines.push(line);
  const logger: Logger = { debug: write, info: write, warn: write, error: write };
  return { lines, logger: createDiscreetLogger(isLevelEnabled === undefined ? logger : { ...logger, isLevelEnabled }) };
}

afterEach(() => {
  vi.restoreAllMocks();
});

describe("a line about an attempt", () => {
  it("is written for a logger that wants it, or that does not say", () => {
    for (const { lines, logger } of [recordingLogger(() => true), recordingLogger()]) {
      logEvent(logger, attempt);
      expect(lines).toEqual(["attempt 1 for ntf_1 to default: delivered in 2 ms"]);
    }
  });

  it("is not even put together for a logger that does not want it", () => {
    const { lines, logger } = recordingLogger((level) => level !== "debug");
    const unread = new Proxy(attempt, {
      get: (event, key) => {
        if (key !== "type") throw new Error(`${String(key)} was read`);
        return Reflect.get(event, key);
      },
    });
    logEvent(logger, unread);
    expect(lines).toEqual([]);
  });
});

it("a pause is told with who ordered it, until when and why, and so is its end (A12)", () => {
  const { lines, logger } = recordingLogger();
  const pause = { since: 0, untilAt: 3_600_000, by: "Ann", reason: "maintenance" };
  logEvent(logger, { type: "paused", at: 0, destination: "critical", pause });
  logEvent(logger, {
    type: "paused",
    at: 0,
    destination: null,
    pause: { since: 0, untilAt: null, by: null, reason: null },
  });
  logEvent(logger, { type: "resumed", at: 0, destination: "critical", because: "expired" });
  logEvent(logger, { type: "resumed", at: 0, destination: null, because: "order" });
  expect(lines).toEqual([
    "critical is paused until 1970-01-01T01:00:00.000Z by Ann: maintenance",
    "every destination is paused",
    "critical goes on: the pause is over",
    "every destination goes on: resumed",
  ]);
});

it("the logger over the console says which levels it writes, and writes those", () => {
  for (const method of ["debug", "info", "warn", "error"] as const) {
    vi.spyOn(console, method).mockImplementation(() => {});
  }
  const logger = createConsoleLogger("warn");
  const levels = ["debug", "info", "warn", "error"] as const;
  expect(levels.filter((level) => logger.isLevelEnabled!(level))).toEqual(["warn", "error"]);
  for (const level of levels) logger[level](level);
  expect(levels.filter((level) => vi.mocked(console[level]).mock.calls.length > 0)).toEqual(["warn", "error"]);
});
