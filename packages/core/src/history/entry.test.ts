import { describe, expect, it } from "vitest";
import { aNotification } from "../../testing/notifications.ts";
import { entryMatches, recordedAttempts, recordedNotification } from "./entry.ts";
import type { HistoryEntry, RecordedAttempt } from "./history.ts";

const attempt = (startedAt: number, endedAt: number): Omit<RecordedAttempt, "waitMs" | "durationMs"> => ({
  attempt: 1,
  startedAt,
  endedAt,
  outcome: "delivered",
  error: null,
  status: 200,
  bucket: null,
  messageId: null,
});

describe("recordedAttempts", () => {
  it("counts a wait from acceptance, then from the end of the try before", () => {
    const tries = recordedAttempts(1_000, [attempt(1_250, 1_300), attempt(2_300, 2_310)]);
    expect(tries.map(({ waitMs, durationMs }) => [waitMs, durationMs])).toEqual([
      [250, 50],
      [1_000, 10],
    ]);
  });

  it("knows no negative time", () => {
    expect(recordedAttempts(1_000, [attempt(900, 800)])[0]).toMatchObject({ waitMs: 0, durationMs: 0 });
  });
});

describe("entryMatches", () => {
  const labels = { site: "berlin" };
  const notification = recordedNotification(aNotification({ labels, createdAt: 1_000.5 }));
  const entry: HistoryEntry = { notification, status: "skipped", skipped: "disabled", deliveries: [] };

  it("takes the time up to, but not at, its end", () => {
    expect(entryMatches(entry, { from: 1_000.5, to: 1_000.6 })).toBe(true);
    expect(entryMatches(entry, { to: 1_000.5 })).toBe(false);
    expect(entryMatches(entry, { from: 1_000.6 })).toBe(false);
  });

  it("does not take what every object has for a label", () => {
    expect(entryMatches(entry, { labels: { toString: String(Object.prototype.toString) } })).toBe(false);
    expect(entryMatches(entry, { labels })).toBe(true);
  });

  it("finds nothing for an empty list", () => {
    expect(entryMatches(entry, { types: [] })).toBe(false);
    expect(entryMatches(entry, { destinations: [] })).toBe(false);
  });
});
