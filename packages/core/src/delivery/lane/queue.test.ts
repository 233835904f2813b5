import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { aDelivery } from "../../../testing/deliveries.ts";
import { aNotification } from "../../../testing/notifications.ts";
import type { DeliveryRecord } from "../outbox.ts";
import { createLaneQueue } from "./queue.ts";

function delivery(n: number, priority = 0): DeliveryRecord {
  return aDelivery(String(n).padStart(6, "0"), { enqueuedAt: n, notification: aNotification({ priority }) });
}

describe("lane queue", () => {
  it("always gives the highest priority first, and the longest waiting of it", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 3 })), (priorities) => {
        const queue = createLaneQueue();
        const all = priorities.map((priority, n) => delivery(n, priority));
        for (const one of all) queue.push(one);
        const taken = all.map(() => queue.take());
        const sorted = all.toSorted(
          (a, b) => b.notification.priority - a.notification.priority || a.enqueuedAt - b.enqueuedAt,
        );
        expect(taken).toEqual(sorted);
        expect(queue.take()).toBe(null);
        expect(queue.size).toBe(0);
      }),
    );
  });

  it("puts back in front", () => {
    const queue = createLaneQueue();
    queue.push(delivery(1));
    queue.push(delivery(2));
    const first = queue.take()!;
    queue.putBack(first);
    expect(queue.head()).toBe(first);
    expect(queue.size).toBe(2);
  });

  it("finds the oldest over all priorities, and the lowest", () => {
    const queue = createLaneQueue();
    for (const one of [delivery(2, 30), delivery(1, 10), delivery(3, 0), delivery(4, 0)]) queue.push(one);
    expect(queue.takeOldest()?.enqueuedAt).toBe(1);
    expect(queue.lowestPriority()).toBe(0);
    expect(queue.takeLowest()?.enqueuedAt).toBe(3);
    expect(queue.size).toBe(2);
  });

  it("stays quick with a hundred thousand waiting", () => {
    const queue = createLaneQueue();
    for (let n = 0; n < 100_000; n++) queue.push(delivery(n));
    for (let n = 0; n < 100_000; n++) expect(queue.take()?.enqueuedAt).toBe(n);
  });
});
