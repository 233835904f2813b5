import { createVirtualClock } from "@tocsin/core/testing";
import { describe, expect, it } from "vitest";
import { anAlert, aSeries, T, withMessage } from "../../testing/samples.ts";
import { createTestLogger } from "../../testing/test-logger.ts";
import type { NewAlert } from "./alert.ts";
import type { Batch } from "./batch.ts";
import { createJournal } from "./journal.ts";

const READING = { series: aSeries(), at: T, value: 1 };

function setUp() {
  const clock = createVirtualClock({ startAt: T });
  const { logger, lines } = createTestLogger();
  const written: Batch[] = [];
  const committed: NewAlert[] = [];
  const disk = {
    broken: false,
    /** How long a write takes. */
    writeMs: 0,
  };
  const journal = createJournal({
    clock,
    logger,
    write: async (batch) => {
      if (disk.writeMs > 0) await clock.sleep(disk.writeMs);
      if (disk.broken) throw new Error("disk full");
      written.push(batch);
    },
    onAlertsCommitted: (alerts) => void committed.push(...alerts),
  });
  return { clock, journal, written, disk, lines, committed };
}

/** Whether a promise has settled by now. */
async function isSettled(promise: Promise<unknown>): Promise<boolean> {
  const pending = Symbol("pending");
  await new Promise((resolve) => setImmediate(resolve));
  return (await Promise.race([promise, Promise.resolve(pending)])) !== pending;
}

describe("a journal", () => {
  it("gathers for 5 ms and writes together what came in that time", async () => {
    const { clock, journal, written } = setUp();
    journal.reading(READING);
    await clock.advance(4);
    journal.reading(READING);
    journal.seen("device-abc", T + 4);
    expect(written).toHaveLength(0);
    await clock.advance(1);
    expect(written).toHaveLength(1);
    expect(written[0]).toMatchObject({ readings: [READING, READING], seen: new Map([["device-abc", T + 4]]) });
  });

  it("has no timer while there is nothing to write", async () => {
    const { clock, journal } = setUp();
    expect(clock.pending).toBe(0);
    journal.reading(READING);
    await clock.advance(5);
    expect(clock.pending).toBe(0);
  });

  it("does not wait when 5,000 rows have come", async () => {
    const { clock, journal, written } = setUp();
    for (let i = 0; i < 5_000; i++) journal.reading(READING);
    await clock.settle();
    expect(written).toHaveLength(1);
  });

  it("writes one batch at a time; the next fills meanwhile", async () => {
    const { clock, journal, written, disk } = setUp();
    disk.writeMs = 50;
    journal.reading(READING);
    await clock.advance(10);
    journal.reading(READING);
    await clock.advance(44);
    expect(written).toHaveLength(0);
    await clock.advance(1);
    expect(written).toHaveLength(1);
    // As long as the last write took, then the write itself.
    await clock.advance(99);
    expect(written).toHaveLength(1);
    await clock.advance(1);
    expect(written).toHaveLength(2);
  });

  it("tells when what was handed in is committed, not before", async () => {
    const { clock, journal, disk } = setUp();
    disk.writeMs = 50;
    expect(await isSettled(journal.committed())).toBe(true);
    journal.reading(READING);
    const first = journal.committed();
    await clock.advance(10);
    journal.reading(READING);
    const second = journal.committed();
    await clock.advance(45);
    expect([await isSettled(first), await isSettled(second)]).toEqual([true, false]);
    await clock.advance(100);
    expect(await isSettled(second)).toBe(true);
  });

  it("tells which alerts have been committed, and not before they are (A5)", async () => {
    const { clock, journal, committed, disk } = setUp();
    const alert = withMessage(anAlert());
    disk.broken = true;
    journal.alert(alert);
    await clock.advance(1_000);
    expect(committed).toEqual([]);
    disk.broken = false;
    await clock.advance(15_000);
    expect(committed).toEqual([alert]);
  });

  it("tries again what could not be written, in order, and loses nothing", async () => {
    const { clock, journal, written, disk, lines } = setUp();
    disk.broken = true;
    journal.reading(READING);
    const committed = journal.committed();
    await clock.advance(5);
    journal.reading({ ...READING, value: 2 });
    await clock.advance(60_000);
    expect([written.length, journal.failing, await isSettled(committed)]).toEqual([0, true, false]);
    disk.broken = false;
    await clock.advance(15_000);
    expect(written.map(({ readings }) => readings.map(({ value }) => value))).toEqual([[1], [2]]);
    expect([journal.failing, await isSettled(committed)]).toEqual([false, true]);
    expect(lines[0]).toMatchObject({ msg: expect.stringMatching(/^Cannot write the database; nothing is lost yet/) });
    // After 0.25, 0.5, 1, 2, 4, 8 and then every 15 seconds.
    expect(lines.length).toBe(9);
  });

  it("writes all that is left when it is closed", async () => {
    const { clock, journal, written, disk } = setUp();
    disk.writeMs = 50;
    journal.reading(READING);
    await clock.advance(5);
    journal.reading(READING);
    const closing = journal.close({ timeoutMs: 1_000 });
    await clock.advance(100);
    expect(await isSettled(closing)).toBe(true);
    expect(written).toHaveLength(2);
    expect(clock.pending).toBe(0);
  });

  it("gives up at the deadline of its closing, and says so", async () => {
    const { clock, journal, disk, lines } = setUp();
    disk.broken = true;
    journal.reading(READING);
    const closing = journal.close({ timeoutMs: 1_000 });
    await clock.advance(999);
    expect(await isSettled(closing)).toBe(false);
    await clock.advance(1);
    expect(await isSettled(closing)).toBe(true);
    expect(lines.at(-1)?.msg).toMatch(/could not be written; they are lost/);
    const logged = lines.length;
    await clock.advance(100_000);
    expect(lines.length).toBe(logged);
  });

  it("writes nothing more once it is closed", async () => {
    const { clock, journal, written } = setUp();
    await journal.close({ timeoutMs: 1_000 });
    journal.reading(READING);
    expect(clock.pending).toBe(0);
    expect(written).toHaveLength(0);
  });
});
