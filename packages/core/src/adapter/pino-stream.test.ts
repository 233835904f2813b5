import { pino } from "pino";
import { describe, expect, it } from "vitest";
import { createVirtualClock } from "../../testing/virtual-clock.ts";
import type { NotificationInput } from "../notification/notification.ts";
import { createPinoReader, readPinoLine } from "./pino-line.ts";
import { createPinoStream, type PinoStreamOptions } from "./pino-stream.ts";

function streamWith(options: Partial<PinoStreamOptions> = {}) {
  const told: NotificationInput[] = [];
  const clock = createVirtualClock();
  const stream = createPinoStream({ notifier: { notify: (input) => told.push(input) }, clock, ...options });
  return { told, clock, stream };
}

describe("a stream for pino", () => {
  it("tells errors and worse with their class, details and source, and nothing below", () => {
    const { told, stream } = streamWith();
    const log = pino({ name: "importer" }, stream);
    log.info("begins");
    log.warn("slow");
    log.error({ err: new RangeError("row 7"), file: "a.csv" }, "Import failed");
    log.fatal("gives up");
    expect(told).toMatchObject([
      {
        type: "error",
        severity: "error",
        title: "Import failed",
        message: "RangeError: row 7",
        fields: { Source: "importer", file: "a.csv" },
      },
      { type: "critical", severity: "critical", title: "gives up", fields: { Source: "importer" } },
    ]);
    expect(told[0]?.blocks).toMatchObject([{ kind: "code", text: expect.stringContaining("pino-stream.test.ts") }]);
    expect(Object.keys(told[0]?.fields ?? {})).toEqual(["Source", "file"]);
  });

  it("shows nothing that pino has redacted", () => {
    const { told, stream } = streamWith();
    pino({ redact: ["user.pin"] }, stream).error({ user: { pin: "hunter2" } }, "no");
    expect(JSON.stringify(told)).toContain("[Redacted]");
    expect(JSON.stringify(told)).not.toContain("hunter2");
  });

  it("makes two messages of 10,000 equal lines", async () => {
    const { told, clock, stream } = streamWith();
    const log = pino(stream);
    for (let n = 0; n < 10_000; n++) log.error(`job ${n} failed`);
    expect(told.map(({ title }) => title)).toEqual(["job 0 failed"]);
    await clock.advance(60_000);
    expect(told[1]?.title).toBe("job 9999 failed (×9999)");
    expect(told).toHaveLength(2);
  });

  it("reads a line again unless it differs in its time alone", () => {
    const read = createPinoReader();
    const line = (level: number, time: number, rest: object): string => JSON.stringify({ level, time, ...rest });
    const first = read(line(50, 1, { msg: "no", row: 7 }));
    expect(first).toMatchObject({ severity: "error", text: "no", details: { row: 7 } });
    expect(read(line(50, 2, { msg: "no", row: 7 }))).toBe(first);
    expect(read(line(60, 2, { msg: "no", row: 7 }))).toMatchObject({ severity: "critical" });
    expect(read(line(60, 2, { msg: "no", row: 8 }))).toMatchObject({ details: { row: 8 } });
    const timeInside = (time: number): string => JSON.stringify({ level: 50, msg: "no", job: { time } });
    expect(read(timeInside(1))).toMatchObject({ details: { job: { time: 1 } } });
    expect(read(timeInside(2))).toMatchObject({ details: { job: { time: 2 } } });
  });

  it("tells what it has counted when it ends, and says so when that is done", async () => {
    const ends: string[] = [];
    const { told, stream } = streamWith({ onEnd: async () => ends.push("ended") });
    const log = pino(stream);
    log.error("no");
    log.error("no");
    await new Promise<void>((resolve) => stream.end(resolve));
    expect([told.length, ends]).toEqual([2, ["ended"]]);
  });

  it("takes lines as they come: in pieces, many at once, the last without its end", async () => {
    const { told, stream } = streamWith({ severity: "info" });
    const lines = ["ä", "b", "c"].map((msg) => JSON.stringify({ level: 30, msg }));
    const bytes = Buffer.from(`${lines.join("\n")}`);
    for (let at = 0; at < bytes.length; at += 3) stream.write(bytes.subarray(at, at + 3));
    await new Promise<void>((resolve) => stream.end(resolve));
    expect(told.map(({ title }) => title)).toEqual(["ä", "b", "c"]);
  });

  it("passes over what is no line of pino, and what never ends", async () => {
    const { told, stream } = streamWith({ severity: "info" });
    for (const line of ["hello", "{", "null", "[]", "{}", '{"level":null}']) stream.write(`${line}\n`);
    for (let n = 0; n < 3; n++) stream.write("x".repeat(900_000));
    stream.write('\n{"level":60,"msg":"after"}\n');
    expect(told.map(({ title }) => title)).toEqual(["after"]);
  });
});

it.each([
  [10, "info"],
  [39, "info"],
  [40, "warning"],
  [49, "warning"],
  [50, "error"],
  [60, "critical"],
  ["fatal", "critical"],
])("takes pino's level %s for %s", (level, severity) => {
  expect(readPinoLine(JSON.stringify({ level, msg: "x" }))?.severity).toBe(severity);
});
