import { afterEach, describe, expect, it, vi } from "vitest";
import type { DeliveryEvent } from "./delivery/events.ts";
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
