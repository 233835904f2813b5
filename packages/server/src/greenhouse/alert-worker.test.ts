import type { DeliveryResult } from "@tocsin/core/stages";
import { createVirtualClock } from "@tocsin/core/testing";
import { describe, expect, it } from "vitest";
import { createRecordingJournal } from "../../testing/recording-journal.ts";
import { createRecordingSink, result } from "../../testing/recording-sink.ts";
import { anAlert, T } from "../../testing/samples.ts";
import { createTestLogger } from "../../testing/test-logger.ts";
import type { AlertId, AlertRecord, AlertStore } from "./alert.ts";
import type { AlertSink } from "./alert-sink.ts";
import { composeAlert } from "./alert-text.ts";
import { createAlertWorker } from "./alert-worker.ts";

/** A table of queued alerts, of which the worker's outcomes take the rows away. */
function setUp({ rows = 0, sink = createRecordingSink() as AlertSink }: { rows?: number; sink?: AlertSink } = {}) {
  const clock = createVirtualClock({ startAt: T });
  const journal = createRecordingJournal();
  const { logger, lines } = createTestLogger();
  const table: AlertRecord[] = Array.from({ length: rows }, (_, i) => anAlert({ id: idOf(i) }));
  const looks = { count: 0, broken: false };
  const store: Pick<AlertStore, "queued"> = {
    queued: async ({ after, limit }) => {
      looks.count++;
      if (looks.broken) throw new Error("database is locked");
      return table.filter(({ id }) => id > after && !journal.batch.outcomes.has(id)).slice(0, limit);
    },
  };
  const worker = createAlertWorker({ clock, logger, journal, sink, store: store as AlertStore, compose: composeAlert });
  const outcomes = () => [...journal.batch.outcomes].map(([id, { delivery }]) => [id, delivery]);
  return { clock, journal, worker, table, looks, lines, outcomes };
}

function idOf(i: number): AlertId {
  return `alr_${String(i).padStart(4, "0")}`;
}

/** Settles when the test says so. */
function createHeldSink() {
  const held: PromiseWithResolvers<DeliveryResult>[] = [];
  const sink = createRecordingSink(() => {
    const answer = Promise.withResolvers<DeliveryResult>();
    held.push(answer);
    return answer.promise;
  });
  return { sink, held };
}

describe("the alert worker (A5)", () => {
  it("sends what is queued and notes what became of it", async () => {
    const { worker, clock, outcomes, journal } = setUp({ rows: 2 });
    worker.wake();
    await clock.settle();
    expect(outcomes()).toEqual([
      [idOf(0), "delivered"],
      [idOf(1), "delivered"],
    ]);
    expect(journal.batch.outcomes.get(idOf(1))).toEqual({
      delivery: "delivered",
      notificationId: "ntf_2",
      error: null,
      settledAt: T,
    });
  });

  it("does nothing at all while nothing is queued", async () => {
    const { clock, looks } = setUp();
    await clock.advance(3_600_000);
    expect([looks.count, clock.pending]).toEqual([0, 0]);
  });

  it("has at most 32 under way, and takes the next ones as those settle", async () => {
    const { sink, held } = createHeldSink();
    const { worker, clock, outcomes } = setUp({ rows: 100, sink });
    worker.wake();
    await clock.settle();
    expect(sink.told).toHaveLength(32);
    held[0]!.resolve(result("delivered"));
    await clock.settle();
    expect(sink.told).toHaveLength(33);
    for (let i = 1; i < 100; i++) {
      held[i]!.resolve(result("delivered"));
      await clock.settle();
    }
    expect(outcomes()).toHaveLength(100);
    expect(sink.told).toHaveLength(100);
  });

  it("neither stops nor loses the next one when one fails, or when the notifier breaks its promise", async () => {
    let n = 0;
    const sink: AlertSink = {
      ...createRecordingSink(),
      notify: () => {
        n++;
        if (n === 1) throw new Error("broken");
        if (n === 2) return { id: "ntf_2", settled: Promise.reject(new Error("broken too")) };
        const settled = n === 3 ? result("failed", { error: "Unknown Webhook" }) : result("delivered");
        return { id: `ntf_${n}`, settled: Promise.resolve(settled) };
      },
    };
    const { worker, clock, outcomes, journal } = setUp({ rows: 4, sink });
    worker.wake();
    await clock.settle();
    expect(outcomes().map(([, delivery]) => delivery)).toEqual(["failed", "failed", "failed", "delivered"]);
    expect(journal.batch.outcomes.get(idOf(2))?.error).toBe("Unknown Webhook");
  });

  it("sends nothing twice when it is woken again while it looks", async () => {
    const sink = createRecordingSink();
    const { worker, clock, table } = setUp({ rows: 1, sink });
    worker.wake();
    table.push(anAlert({ id: idOf(1) }));
    worker.wake();
    worker.wake();
    await clock.settle();
    expect(sink.told).toHaveLength(2);
  });

  it("takes what was committed while it looked", async () => {
    const { sink } = createHeldSink();
    const { worker, clock, table } = setUp({ rows: 1, sink });
    worker.wake();
    table.push(anAlert({ id: idOf(1) }));
    worker.wake();
    await clock.settle();
    expect(sink.told).toHaveLength(2);
  });

  it("looks again later when the database cannot be read", async () => {
    const { worker, clock, looks, outcomes, lines } = setUp({ rows: 1 });
    looks.broken = true;
    worker.wake();
    await clock.settle();
    expect(lines).toHaveLength(1);
    looks.broken = false;
    await clock.advance(5_000);
    expect(outcomes()).toHaveLength(1);
  });

  it("takes nothing more when it stops, waits for what is under way, and no longer than it may", async () => {
    const { sink, held } = createHeldSink();
    const { worker, clock, table } = setUp({ rows: 1, sink });
    worker.wake();
    await clock.settle();
    let stopped = false;
    const stopping = worker.stop({ timeoutMs: 1_000 }).then(() => {
      stopped = true;
    });
    table.push(anAlert({ id: idOf(1) }));
    worker.wake();
    await clock.advance(500);
    expect([stopped, sink.told.length]).toEqual([false, 1]);
    held[0]!.resolve(result("delivered"));
    await stopping;
    expect(clock.pending).toBe(0);

    const other = setUp({ rows: 1, sink: createHeldSink().sink });
    other.worker.wake();
    await other.clock.settle();
    const late = other.worker.stop({ timeoutMs: 1_000 });
    await other.clock.advance(1_000);
    await late;
  });

  it("leaves queued what was not sent because the server ended", async () => {
    const sink = createRecordingSink(() => result("failed", { reason: "closed" }));
    const { worker, clock, outcomes } = setUp({ rows: 1, sink });
    worker.wake();
    await clock.settle();
    expect(outcomes()).toEqual([]);
  });
});

describe("what an alert says", () => {
  it("of a threshold is the exact shape of A1", () => {
    expect(composeAlert(anAlert())).toMatchObject({
      title: "Plant Alert: Monstera",
      message: "Soil Moisture is 15.2, threshold min 20.0",
      color: 15158332,
      fields: [
        { name: "Metric", value: "soil_moisture" },
        { name: "Current", value: "15.2" },
        { name: "Threshold", value: "min 20.0" },
      ],
      timestamp: T,
      footer: null,
    });
  });

  it("of a silent device is the exact shape of A2, as of when it was found", () => {
    const finding = { kind: "offline", lastSeenAt: T - 5 * 60_000 } as const;
    expect(composeAlert(anAlert({ finding, plantId: null, plantName: null }))).toMatchObject({
      title: "Device Offline",
      message: "Device device-abc has gone offline",
      color: 16776960,
      fields: [
        { name: "Device ID", value: "device-abc" },
        { name: "Plant", value: "Unassigned" },
        { name: "Last Seen", value: "5 minutes ago" },
      ],
      timestamp: T,
    });
    const never = { kind: "offline", lastSeenAt: null } as const;
    expect(composeAlert(anAlert({ finding: never })).fields).toContainEqual({ name: "Last Seen", value: "Never" });
  });

  it("pings nobody, whatever the plant is called", () => {
    const input = composeAlert(anAlert({ plantName: "@everyone" }));
    expect(input).toMatchObject({ title: "Plant Alert: @everyone" });
    expect([input.mentions, input.content, input.format]).toEqual([undefined, undefined, undefined]);
  });
});
