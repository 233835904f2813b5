import fc from "fast-check";
import { describe, expect, it, onTestFinished } from "vitest";
import { openSqliteDatabase } from "./database.ts";
import { createPlaces, DRIFT_MS, placeOf } from "./place.ts";

function setUp() {
  const database = openSqliteDatabase({ path: ":memory:", now: 0 });
  onTestFinished(() => database.close());
  return inDatabase(database.handle);
}

function inDatabase(handle: ReturnType<typeof openSqliteDatabase>["handle"]) {
  const insert = handle.prepare(
    "insert into notifications (place, id, created_at, type, severity, body) values (?, ?, ?, 't', 's', '{}')",
  );
  let count = 0;
  /** As of a process that starts now. */
  const start = () => {
    const places = createPlaces(handle);
    return (createdAt: number) => {
      const place = places.next(createdAt);
      insert.run(place, `ntf_${++count}`, createdAt);
      return place;
    };
  };
  return { start };
}

describe("places", () => {
  it("follow time, and acceptance within a millisecond", () => {
    const put = setUp().start();
    expect([put(1_000), put(1_000.9), put(1_001), put(1_003)]).toEqual([
      1_000 * 1_024,
      1_000 * 1_024 + 1,
      1_001 * 1_024,
      1_003 * 1_024,
    ]);
  });

  it("move on into the next millisecond when one is full", () => {
    const put = setUp().start();
    const places = Array.from({ length: 3_000 }, () => put(5));
    expect(places).toEqual(Array.from({ length: 3_000 }, (_, n) => 5 * 1_024 + n));
    expect(put(6)).toBe(placeOf(5) + 3_000);
  });

  it("lie in the past when the clock was set back across a restart", () => {
    const { start } = setUp();
    const before = start();
    for (const at of [1_000_000, 2_000_000, 3_000_000]) before(at);
    const after = start();
    expect(after(1_000_000)).toBe(placeOf(1_000_000) + 1);
    expect(after(1_000_001)).toBe(placeOf(1_000_001));
    expect(after(3_000_000)).toBe(placeOf(3_000_000) + 1);
  });

  it("stay where they are when somebody had set the clock far ahead", () => {
    const { start } = setUp();
    start()(Date.UTC(2040, 0, 1));
    const put = start();
    expect(put(Date.UTC(2026, 0, 1))).toBe(placeOf(Date.UTC(2026, 0, 1)));
    expect(put(Date.UTC(2026, 0, 1))).toBe(placeOf(Date.UTC(2026, 0, 1)) + 1);
  });

  it("are never given twice, nor before their time, nor long after it", () => {
    const step = fc.record({
      byMs: fc.integer({ min: -50_000, max: 50_000 }),
      count: fc.integer({ min: 1, max: 1_200 }),
      restart: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 6 }), (steps) => {
        const { start } = setUp();
        const seen = new Set<number>();
        let put = start();
        let at = 1_000_000;
        for (const { byMs, count, restart } of steps) {
          if (restart) put = start();
          at += byMs;
          for (let n = 0; n < count; n++) {
            const place = put(at);
            expect(seen.has(place)).toBe(false);
            seen.add(place);
            expect(place).toBeGreaterThanOrEqual(placeOf(at));
            expect(place).toBeLessThan(placeOf(at + DRIFT_MS + 1));
          }
        }
      }),
      { numRuns: 30 },
    );
  });
});
