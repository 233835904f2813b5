import { describe, expect, it } from "vitest";
import { normaliseNotification } from "../notification/normalise.ts";
import { createBook } from "./book.ts";
import { createMemoryOutbox, type DeliveryRecord } from "./outbox.ts";
import type { DeliveryResult } from "./result.ts";
import type { Tracker } from "./tracker.ts";

const NOW = 1_700_000_000_000;

function setUp() {
  const notification = normaliseNotification({ title: "x" }, { id: "ntf_1", now: NOW });
  const told: DeliveryResult[] = [];
  const listener = { settle: (result: DeliveryResult) => void told.push(result), isAwaited: () => true, letGo() {} };
  const tracker: Tracker = { id: "ntf_1", missing: 2, results: [], listener };
  const recordFor = (lane: string): DeliveryRecord => ({
    id: `dlv_${lane}`,
    lane,
    notification,
    enqueuedAt: NOW,
    attempts: 1,
    failures: 0,
    notBefore: 0,
    degrade: [],
    possibleRepeat: false,
    alone: false,
    edited: 0,
    matters: [],
    elsewhere: [],
  });
  const book = createBook(createMemoryOutbox(), () => {});
  const conclude = (delivery: DeliveryRecord): void => {
    const { lane: destination } = delivery;
    const result = { destination, status: "delivered", attempts: 1, messageId: "7", possibleRepeat: false } as const;
    void book.conclude([{ delivery, result, attempt: null, settledAt: NOW }]);
  };
  return { book, told, tracker, recordFor, conclude };
}

describe("the book", () => {
  it("tells whoever waits once, when all destinations have concluded", () => {
    const { book, told, tracker, recordFor, conclude } = setUp();
    const [a, b] = [recordFor("a"), recordFor("b")];
    for (const record of [a, b]) book.enter(record, tracker);
    conclude(b);
    expect([told, book.open]).toEqual([[], 1]);
    conclude(a);
    expect(told).toMatchObject([{ status: "delivered", attempts: 2, messageId: "7" }]);
    expect(told[0]!.destinations.map(({ destination }) => destination)).toEqual(["b", "a"]);
    expect(book.open).toBe(0);
  });

  it("lets go of what it has told: its own tables may outlive it", () => {
    const { book, tracker, recordFor, conclude } = setUp();
    for (const record of [recordFor("a"), recordFor("b")]) book.enter(record, tracker);
    for (const record of [recordFor("a"), recordFor("b")]) conclude(record);
    expect(tracker).toEqual({ id: "ntf_1", missing: 0, results: [], listener: null });
  });
});
