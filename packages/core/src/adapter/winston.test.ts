import { expect, it } from "vitest";
import winston from "winston";
import { createVirtualClock } from "../../testing/virtual-clock.ts";
import type { NotificationInput } from "../notification/notification.ts";
import { TocsinTransport, type WinstonTransportOptions } from "./winston.ts";

function loggerWith(options: Partial<WinstonTransportOptions> = {}, logger: winston.LoggerOptions = {}) {
  const told: NotificationInput[] = [];
  const clock = createVirtualClock();
  const transport = new TocsinTransport({ notifier: { notify: (input) => told.push(input) }, clock, ...options });
  const log = winston.createLogger({ level: "silly", ...logger, transports: [transport] });
  return { told, clock, log };
}

it("tells errors with their class, stack and details, and nothing below", () => {
  const { told, log } = loggerWith({}, { format: winston.format.errors({ stack: true }) });
  log.info("begins");
  log.warn("slow");
  log.error("Import failed", { file: "a.csv", service: "importer" });
  log.error(new RangeError("row 7"));
  expect(told).toMatchObject([
    { type: "error", title: "Import failed", fields: { Source: "importer", file: "a.csv" }, blocks: [] },
    { title: "row 7", blocks: [{ kind: "code", text: expect.stringContaining("winston.test.ts") }] },
  ]);
});

it("keeps the class of an error that was logged with a text", () => {
  const { told, log } = loggerWith();
  log.error("Import failed:", new RangeError("row 7"));
  expect(told[0]?.title).toBe("Import failed: row 7");
  expect(told[0]?.key).toContain("RangeError");
});

it("shows nothing that a format has redacted", () => {
  const hide = winston.format((info) => ({ ...info, pin: "[hidden]" }));
  const { told, log } = loggerWith({}, { format: hide() });
  log.error("no", { pin: "hunter2" });
  expect(told[0]?.fields).toEqual({ pin: "[hidden]" });
});

it("understands syslog's levels, and a least severity of its own", () => {
  const { told, log } = loggerWith({ severity: "warning" }, { levels: winston.config.syslog.levels, level: "debug" });
  for (const level of ["emerg", "crit", "error", "warning", "notice"]) log.log(level, level);
  expect(told.map(({ severity }) => severity)).toEqual(["critical", "critical", "error", "warning"]);
});

it("makes few messages of many equal lines, and tells the rest when the logger is closed", async () => {
  const { told, log } = loggerWith();
  for (let n = 0; n < 1_000; n++) log.error(`job ${n} failed`);
  expect(told).toHaveLength(1);
  log.close();
  expect(told.map(({ title }) => title)).toEqual(["job 0 failed", "job 999 failed (×999)"]);
});
