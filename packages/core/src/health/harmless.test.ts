/** What a tracker never does: cost anything where nothing is configured, stall or break its program, hold up its end. */
import { describe, expect, it, vi } from "vitest";
import { createSystemClock } from "../clock/system-clock.ts";
import { quietNotifier } from "../notifier/notifier.fixture.ts";
import { quietTracker, START } from "./tracker.fixture.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

// E5
it("silence means healthy: nothing is ever told of what works, and no timer runs", async () => {
  const { tracker, channel, clock } = quietTracker({ components: { a: {}, b: {} } });
  for (let day = 0; day < 30; day++) {
    tracker.recordSuccess("a");
    await clock.advance(24 * HOUR);
  }
  expect(channel.sent).toHaveLength(0);
  expect(clock.pending).toBe(0);
});

// E7
describe("not configured", () => {
  it.each([
    { name: "no destination", options: { webhookUrl: "" } },
    { name: "notifications are off", options: { enabled: false } },
  ])("means no monitoring and no cost: $name", async ({ options }) => {
    const { tracker, clock, logger, notifier } = quietTracker({ defaults: { failuresBeforeAlert: 1 } }, options);
    const notify = vi.spyOn(notifier, "notify");
    tracker.started({ a: 1 });
    for (let n = 0; n < 10; n++) tracker.recordFailure("a", "down");
    tracker.recordSuccess("a");
    tracker.warning("a");
    expect(await tracker.watch("a", async () => 42)()).toBe(42);
    await tracker.stopping("end");
    expect(tracker.status()).toEqual([]);
    expect(notify).not.toHaveBeenCalled();
    expect(clock.pending).toBe(0);
    expect(logger.error).not.toHaveBeenCalled();
  });

  it("monitors where only its own type has a destination", async () => {
    const { tracker } = quietTracker(
      {},
      { webhookUrl: "", env: { DISCORD_WEBHOOK_MONITORING: "https://discord.com/api/webhooks/1/x" } },
    );
    tracker.recordSuccess("a");
    expect(tracker.status()).toHaveLength(1);
  });
});

// E8
describe("watching a program", () => {
  it("wraps a function: arguments, result and error pass through", async () => {
    const { tracker } = quietTracker();
    const double = tracker.watch("a", async (n: number) => n * 2);
    expect(await double(21)).toBe(42);
    expect(tracker.status()).toMatchObject([{ component: "a", lastSuccessAt: START }]);
    const error = new Error("down");
    const failing = tracker.watch("a", () => {
      throw error;
    });
    await expect(failing()).rejects.toBe(error);
    expect(tracker.status()).toMatchObject([{ consecutiveFailures: 1 }]);
  });

  it("throws nothing, whatever is reported", async () => {
    const { tracker, clock, told } = quietTracker({ defaults: { failuresBeforeAlert: 1 } });
    const unreadable = new Proxy(new Error("x"), {
      get: () => {
        throw new Error("get");
      },
      getPrototypeOf: () => {
        throw new Error("getPrototypeOf");
      },
      ownKeys: () => {
        throw new Error("ownKeys");
      },
    });
    const odd: unknown[] = [
      undefined,
      null,
      0,
      "",
      Symbol("x"),
      { a: 1n },
      unreadable,
      () => {},
      new AggregateError([]),
    ];
    for (const [n, error] of odd.entries()) tracker.recordFailure(`a${n}`, error);
    for (const name of [undefined, null, Symbol("x"), {}, "__proto__", "@everyone **x**", "n".repeat(1e6)]) {
      tracker.recordFailure(name as never, "down");
      tracker.recordSuccess(name as never);
    }
    tracker.started(unreadable);
    tracker.warning(undefined as never, unreadable as never);
    await clock.advance(MINUTE);
    expect(told().length).toBeGreaterThan(odd.length);
  });

  it("goes on when the notifier's clock or the logger fails", () => {
    const { tracker, clock, logger } = quietTracker();
    vi.spyOn(clock, "now").mockImplementation(() => {
      throw new Error("no time");
    });
    expect(() => tracker.recordFailure("a", "down")).not.toThrow();
    expect(logger.error).toHaveBeenCalledWith("health tracking failed: Error: no time");
    logger.error.mockImplementation(() => {
      throw new Error("no log");
    });
    expect(() => tracker.recordFailure("a", "down")).not.toThrow();
  });

  it("sends nothing in the caller's turn", () => {
    const { tracker, channel } = quietTracker({ defaults: { failuresBeforeAlert: 1 } });
    tracker.recordFailure("a", "down");
    expect(channel.sent).toHaveLength(0);
  });

  it("stops its timers with the notifier", async () => {
    const { tracker, notifier, clock } = quietTracker({ defaults: { failuresBeforeAlert: 1 } });
    tracker.recordFailure("a", "down");
    await clock.settle();
    expect(clock.pending).toBe(1);
    await notifier.close();
    tracker.recordSuccess("a");
    tracker.recordFailure("b", "down");
    expect(clock.pending).toBe(0);
    expect(tracker.status()).toMatchObject([{ component: "a", alerting: true }]);
  });

  it("keeps no process alive for a reminder", async () => {
    const holding = () => process.getActiveResourcesInfo().filter((kind) => kind === "Timeout").length;
    const before = holding();
    const { tracker, notifier } = quietTracker(
      { defaults: { failuresBeforeAlert: 1 } },
      { clock: createSystemClock() },
    );
    tracker.recordFailure("a", "down");
    await notifier.flush();
    expect(holding()).toBe(before);
    await notifier.close();
  });

  it("takes 100,000 made-up names and no more", () => {
    const { tracker, logger } = quietTracker();
    for (let n = 0; n < 100_010; n++) tracker.recordSuccess(`request ${n}`);
    expect(tracker.status()).toHaveLength(100_000);
    expect(logger.warn).toHaveBeenCalledTimes(1);
  });
});

// E9
describe("the last message", () => {
  it("is waited for until it is told, and then nothing more is tracked", async () => {
    const { tracker, clock, told } = quietTracker({ defaults: { failuresBeforeAlert: 1 } });
    tracker.recordFailure("a", "down");
    await tracker.stopping("SIGTERM");
    expect(clock.pending).toBe(0);
    tracker.recordFailure("b", "closed");
    tracker.started();
    await clock.advance(HOUR);
    expect(told()).toEqual([
      [0, "Error: a"],
      [0, "Wall display Stopped"],
    ]);
    expect(clock.pending).toBe(0);
  });

  it("goes before what has time", async () => {
    const { notifier, clock, channel } = quietNotifier({ batching: false }, { latencyMs: 100 });
    for (const title of ["under way", "waits"]) notifier.notify({ title });
    await clock.settle();
    void notifier.health({ program: "Kiosk" }).stopping();
    await clock.advance(1_000);
    const titles = channel.sent.map(({ request }) => request.notifications[0].title);
    expect(titles).toEqual(["under way", "Kiosk Stopped", "waits"]);
  });

  it("is waited for no longer than 2 s, and never fails", async () => {
    const { notifier, clock } = quietNotifier({}, { latencyMs: HOUR });
    const tracker = notifier.health();
    const done = vi.fn();
    void tracker.stopping().then(done);
    await clock.advance(1_999);
    expect(done).not.toHaveBeenCalled();
    await clock.advance(1);
    expect(done).toHaveBeenCalledOnce();
  });

  it("resolves on a notifier that is closed already", async () => {
    const { tracker, notifier } = quietTracker();
    await notifier.close();
    await expect(tracker.stopping("late")).resolves.toBeUndefined();
  });
});
