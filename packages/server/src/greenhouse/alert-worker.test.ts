import type { DeliveryEvent, DeliveryResult, PreparedNotification, RouteDecision } from "@tocsin/core";
import type { HistoryDetail } from "@tocsin/core/sqlite";
import type { NotificationId, NotificationInput } from "@tocsin/core/stages";
import { createVirtualClock } from "@tocsin/core/testing";
import { describe, expect, it } from "vitest";
import { createRecordingJournal } from "../../testing/recording-journal.ts";
import { aMessage, anAlert, MANNER, T } from "../../testing/samples.ts";
import { createTestLogger } from "../../testing/test-logger.ts";
import type { AlertRecord, AlertRecordId } from "./alert.ts";
import { composeAlert } from "./alert-text.ts";
import { createAlertWorker } from "./alert-worker.ts";

const GOES: RouteDecision = { to: ["default"], deferred: [], because: "default", withheld: null, evaluations: [] };

/** What a notifier was asked for, as words in order: `prepare`, `admit`, `withdraw`, each with the alert's label. */
function setUp({ rows = [] as readonly AlertRecord[], goesNowhere = false, tellsEnds = false } = {}) {
  const clock = createVirtualClock({ startAt: T });
  const journal = createRecordingJournal();
  const { logger, lines } = createTestLogger();
  const said: string[] = [];
  const alertOf = new Map<NotificationId, AlertRecordId>(rows.map(({ id, notificationId }) => [notificationId!, id]));
  const history = new Map<NotificationId, Partial<HistoryDetail>>();
  const explained: { decision: RouteDecision } = { decision: GOES };
  const disk = { broken: false, closed: false, flushed: Promise.resolve() };
  let n = 0;

  function prepare({ labels }: NotificationInput): PreparedNotification {
    const id = `ntf_${++n}` as const;
    const alert = labels?.["alert"] as string;
    said.push(`prepare ${alert}`);
    alertOf.set(id, alert.replace("alr_", "ale_") as AlertRecordId);
    const message = aMessage({ id, records: goesNowhere ? [] : [{} as PreparedNotification["records"][number]] });
    return {
      ...message,
      admit: () => {
        said.push(`admit ${alert}`);
        return message.admit();
      },
      withdraw: () => void said.push(`withdraw ${alert}`),
    };
  }

  const worker = createAlertWorker({
    clock,
    logger,
    notifier: { prepare, explain: () => explained.decision },
    tellsEnds,
    journal: { ...journal, flush: () => disk.flushed },
    store: {
      idOf: (id) => {
        if (disk.closed) throw new Error("statement has been finalized");
        return alertOf.get(id) ?? null;
      },
      untold: async ({ after, limit }) => rows.filter(({ id }) => id > after).slice(0, limit),
    },
    history: {
      find: async (id) => {
        if (disk.broken) throw new Error("disk I/O error");
        return (history.get(id) as HistoryDetail | undefined) ?? null;
      },
    },
  });
  const outcomes = () => Object.fromEntries([...journal.batch.outcomes].map(([id, { delivery }]) => [id, delivery]));
  return { clock, journal, worker, explained, history, disk, said, lines, outcomes };
}

const ABOUT = { at: T, destination: "default", deliveryId: "dlv_1" } as const;

function concluded(notificationId: NotificationId): DeliveryEvent {
  const result = { destination: "default", status: "delivered", attempts: 1, messageId: "1", possibleRepeat: false };
  return { type: "concluded", ...ABOUT, notificationId, result } as DeliveryEvent;
}

function settled(notificationId: NotificationId, parts: Partial<DeliveryResult> = {}): DeliveryEvent {
  const verdict = { success: true, status: "delivered", id: notificationId, attempts: 1, destinations: [] } as const;
  return { type: "settled", at: T, notificationId, result: { ...verdict, ...parts } };
}

/** As history keeps one that was tried at one destination. */
function entry(status: HistoryDetail["status"], result: object | null = null): Partial<HistoryDetail> {
  const deliveries = [{ result, sequel: null, settledAt: T + 7.5 }] as unknown as HistoryDetail["deliveries"];
  return { status, skipped: null, deliveries, notification: { createdAt: T } as HistoryDetail["notification"] };
}

function aQueued(i: number): AlertRecord {
  return anAlert({ id: `ale_${String(i).padStart(4, "0")}`, notificationId: `ntf_q${i}` });
}

describe("the alert worker (A5)", () => {
  it("makes the message when the alert is found, and sends it when both are committed", () => {
    const { worker, said } = setUp();
    const alert = worker.prepare(anAlert(), MANNER);
    expect(alert.record.notificationId).toBe("ntf_1");
    expect(said).toEqual(["prepare alr_1"]);
    worker.committed([alert]);
    expect(said).toEqual(["prepare alr_1", "admit alr_1"]);
  });

  it("says of one that waits for the end of quiet hours that it does, and that it is a beginning", () => {
    const { worker, explained } = setUp();
    explained.decision = {
      ...GOES,
      to: [],
      deferred: [{ destination: "default", until: T, by: "notification" }],
      because: "deferred",
    };
    expect(worker.prepare(anAlert(), MANNER).record.delivery).toBe("deferred");
    explained.decision = { ...explained.decision, to: ["duty"] };
    expect(worker.prepare(anAlert(), MANNER).record.delivery).toBe("queued");
  });

  it("leaves alone what is held back", () => {
    const { worker, said } = setUp();
    worker.committed([{ record: anAlert({ delivery: "not-sent" }), message: null }]);
    expect(said).toEqual([]);
  });

  it("notes what became of an alert, and nothing of other notifications", () => {
    const { worker, journal } = setUp();
    worker.committed([worker.prepare(anAlert(), MANNER), worker.prepare(anAlert({ id: "ale_2" }), MANNER)]);
    worker.onEvent(concluded("ntf_1"));
    worker.onEvent(settled("ntf_1"));
    worker.onEvent(settled("ntf_2", { status: "failed", error: "Unknown Webhook" }));
    worker.onEvent(settled("ntf_of_an_application"));
    expect(Object.fromEntries(journal.batch.outcomes)).toEqual({
      ale_1: { delivery: "delivered", error: null, settledAt: T },
      ale_2: { delivery: "failed", error: "Unknown Webhook", settledAt: T },
    });
  });

  it("notes that there was nowhere to send it (A4)", async () => {
    const { worker, outcomes, clock } = setUp({ goesNowhere: true });
    worker.committed([worker.prepare(anAlert(), MANNER)]);
    await clock.settle();
    expect(outcomes()).toEqual({ ale_1: "skipped" });
  });

  it("does not take an end of the server for the end of an alert", () => {
    const { worker, outcomes } = setUp();
    worker.committed([worker.prepare(anAlert(), MANNER)]);
    worker.onEvent(settled("ntf_1", { status: "failed", reason: "closed" }));
    expect(outcomes()).toEqual({});
  });
});

describe("what an earlier process has left", () => {
  it("is looked up at the start: what it ended without noting, what still waits, and what nobody knows any more", async () => {
    const rows = Array.from({ length: 450 }, (_, i) => aQueued(i));
    const { worker, history, journal, outcomes } = setUp({ rows });
    for (const { notificationId } of rows) history.set(notificationId!, entry("delivered"));
    const refused = { reason: "attempts-exhausted", error: { message: "No answer." } };
    history.set("ntf_q1", entry("failed", refused));
    history.set("ntf_q2", entry("waiting"));
    history.set("ntf_q3", entry("expired", { reason: "expired", error: null }));
    history.set("ntf_q4", { ...entry("skipped"), deliveries: [], skipped: "no-destination" });
    history.delete("ntf_q5");
    await worker.start();
    const found = outcomes();
    expect(Object.keys(found)).toHaveLength(449);
    expect([0, 1, 2, 3, 4, 5, 449].map((i) => found[aQueued(i).id])).toEqual([
      "delivered",
      "failed",
      undefined,
      "expired",
      "skipped",
      "failed",
      "delivered",
    ]);
    expect(journal.batch.outcomes.get(aQueued(0).id)).toEqual({ delivery: "delivered", error: null, settledAt: T + 7 });
    expect([1, 3, 4, 5].map((i) => journal.batch.outcomes.get(aQueued(i).id)?.error)).toEqual([
      "No answer.",
      expect.stringMatching(/no longer worth sending/),
      expect.stringMatching(/No destination is configured/),
      "Its notification is not in the history any more.",
    ]);
  });

  it("is noted when this process ends it, which delivery does not call settled", async () => {
    const { worker, history, outcomes, clock } = setUp({ rows: [aQueued(1)] });
    history.set("ntf_q1", entry("waiting"));
    worker.onEvent(concluded("ntf_q1"));
    await clock.settle();
    expect(outcomes()).toEqual({});
    history.set("ntf_q1", entry("delivered"));
    worker.onEvent(concluded("ntf_q1"));
    await clock.settle();
    expect(outcomes()).toEqual({ [aQueued(1).id]: "delivered" });
  });

  it("stays as it is when it cannot be read, with a word in the log", async () => {
    const { worker, disk, lines, outcomes } = setUp({ rows: [aQueued(1)] });
    disk.broken = true;
    await worker.start();
    expect([outcomes(), lines.length]).toEqual([{}, 1]);
  });

  it("stays as it is when the database has been closed before delivery says what became of it", async () => {
    const { worker, disk, lines, outcomes, clock } = setUp({ rows: [aQueued(1)] });
    disk.closed = true;
    worker.onEvent(concluded("ntf_q1"));
    worker.onEvent(concluded("ntf_q1"));
    worker.onEvent(settled("ntf_q1"));
    await clock.settle();
    worker.onEvent(concluded("ntf_q1"));
    await clock.settle();
    expect([outcomes(), lines.length]).toEqual([{}, 2]);
  });
});

describe("stopping", () => {
  it("still hands over what can be committed, and leaves the rest in the outbox for the next start", async () => {
    const { worker, disk, said, clock } = setUp();
    const flushed = Promise.withResolvers<void>();
    disk.flushed = flushed.promise;
    const [first, second] = [worker.prepare(anAlert(), MANNER), worker.prepare(anAlert({ id: "ale_2" }), MANNER)];
    const stopping = worker.stop({ timeoutMs: 1_000 });
    worker.committed([first]);
    flushed.resolve();
    await stopping;
    worker.committed([second]);
    worker.committed([worker.prepare(anAlert({ id: "ale_3" }), MANNER)]);
    expect(said).toEqual([
      "prepare alr_1",
      "prepare alr_2",
      "admit alr_1",
      "withdraw alr_2",
      "prepare alr_3",
      "withdraw alr_3",
    ]);
    expect(clock.pending).toBe(0);
  });

  it("takes no longer than it may", async () => {
    const { worker, disk, clock } = setUp();
    disk.flushed = new Promise(() => undefined);
    const stopping = worker.stop({ timeoutMs: 1_000 });
    await clock.advance(1_000);
    await stopping;
  });
});

describe("what an alert says", () => {
  it("of a threshold is the exact shape of A1", () => {
    expect(composeAlert(anAlert(), MANNER)).toMatchObject({
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
    expect(composeAlert(anAlert({ finding, plantId: null, plantName: null }), MANNER)).toMatchObject({
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
    expect(composeAlert(anAlert({ finding: never }), MANNER).fields).toContainEqual({
      name: "Last Seen",
      value: "Never",
    });
  });

  it("pings nobody, whatever the plant is called", () => {
    const input = composeAlert(anAlert({ plantName: "@everyone" }), MANNER);
    expect(input).toMatchObject({ title: "Plant Alert: @everyone" });
    expect([input.mentions, input.content, input.format]).toEqual([undefined, undefined, undefined]);
  });
});
