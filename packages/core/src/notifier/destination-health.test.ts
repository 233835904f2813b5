import { describe, expect, it } from "vitest";
import { limitedTo } from "../../testing/engine-bench.ts";
import { createFakeChannel } from "../../testing/fake-channel.ts";
import { banned, misconfigured, rateLimited, unavailable } from "../../testing/outcomes.ts";
import { createVirtualClock } from "../../testing/virtual-clock.ts";
import type { ChannelCheck } from "../delivery/channel.ts";
import { healthOf } from "./destination-health.ts";
import { quietNotifier } from "./notifier.fixture.ts";

const EGRESS = limitedTo({ limit: 50, intervalMs: 1_000 }, "egress");
const gone = { code: "discord-10015", message: "The webhook has been deleted.", status: 404 };

// D1
describe("healthCheck", () => {
  it("shows what is paused, and does not call it ill (A12)", async () => {
    const { notifier } = quietNotifier();
    await notifier.pause({ by: "Ann", reason: "maintenance" });
    expect(await notifier.healthCheck()).toMatchObject({
      healthy: true,
      destinations: [{ usable: true, pause: { of: "all", by: "Ann", reason: "maintenance", untilAt: null } }],
    });
    expect(notifier.isHealthy()).toBe(true);
  });

  it("asks every destination, says which is usable and why another is not, and posts nothing", async () => {
    const clock = createVirtualClock();
    const good = createFakeChannel({ clock, label: "good" });
    const bad = createFakeChannel({
      clock,
      label: "bad",
      check: () => ({ ok: false, kind: "misconfigured", error: gone }),
    });
    const { notifier } = quietNotifier({ clock, webhookUrl: good, webhooks: { error: bad } });
    expect(await notifier.healthCheck()).toEqual({
      healthy: false,
      enabled: true,
      destinations: [
        { destination: "default", label: "good", pause: null, usable: true, detail: "good" },
        { destination: "error", label: "bad", pause: null, usable: false, error: gone },
      ],
      problems: [],
    });
    expect([good.checks, bad.checks, good.sent.length, bad.sent.length]).toEqual([1, 1, 0, 0]);
    expect(clock.pending).toBe(0);
  });

  it("learns from the answer which hidden limit a destination shares", async () => {
    const { notifier } = quietNotifier(
      {},
      {
        limits: limitedTo({ limit: 30, intervalMs: 60_000 }, "pool", "webhook:1" as never),
        check: () => ({ ok: true, detail: "there", poolKey: "channel:7" }),
      },
    );
    await notifier.healthCheck();
    expect(notifier.status().destinations[0]?.pool?.key).toBe("channel:7");
  });

  it("is healthy when all are usable, and heals a destination that has come back", async () => {
    let check: ChannelCheck = { ok: false, kind: "misconfigured", error: gone };
    const { notifier } = quietNotifier({}, { check: () => check });
    expect((await notifier.healthCheck()).healthy).toBe(false);
    expect(notifier.isHealthy()).toBe(false);
    check = { ok: true, detail: "there", poolKey: null };
    expect(await notifier.healthCheck()).toMatchObject({ healthy: true, destinations: [{ detail: "there" }] });
    expect(notifier.isHealthy()).toBe(true);
  });

  it.each([
    {
      name: "throws",
      check: (): never => {
        throw new Error("no network");
      },
    },
    { name: "rejects", check: () => Promise.reject(new Error("no network")) },
  ])("never rejects, even where a channel $name", async ({ check }) => {
    const clock = createVirtualClock();
    const channel = { ...createFakeChannel({ clock }), check };
    const { notifier } = quietNotifier({ clock, webhookUrl: channel });
    expect(await notifier.healthCheck()).toMatchObject({
      healthy: false,
      destinations: [{ usable: false, error: { code: "check-failed", message: "It could not be asked: no network." } }],
    });
  });

  it("does not wait for ever for a channel that never answers", async () => {
    const clock = createVirtualClock();
    const channel = { ...createFakeChannel({ clock }), check: () => new Promise<never>(() => {}) };
    const { notifier } = quietNotifier({ clock, webhookUrl: channel, timeoutMs: 5_000 });
    const examined = notifier.healthCheck();
    await clock.advance(6_000);
    expect(await examined).toMatchObject({ destinations: [{ usable: false, error: { code: "timeout" } }] });
    expect(clock.pending).toBe(0);
  });

  it.each([
    { name: "shut it out", outcome: banned(60_000) },
    { name: "told it to wait", outcome: rateLimited(60_000, "global") },
  ])("asks nobody who has $name, because asking would lengthen the wait", async ({ outcome }) => {
    const { notifier, channel, clock } = quietNotifier({}, { limits: EGRESS });
    channel.answer(outcome);
    notifier.notify({ title: "1" });
    await clock.settle();
    expect(await notifier.healthCheck()).toMatchObject({
      healthy: false,
      destinations: [
        { usable: false, error: { code: "shut-out", message: expect.stringContaining("2026-01-01T00:") } },
      ],
    });
    expect(channel.checks).toBe(0);
  });

  // C8
  it("asks nobody while notifications are off, which is no illness", async () => {
    const { notifier, channel } = quietNotifier({ env: { DISCORD_NOTIFICATIONS_ENABLED: "false" } });
    expect(await notifier.healthCheck()).toEqual({ healthy: true, enabled: false, destinations: [], problems: [] });
    expect([notifier.isHealthy(), notifier.enabled, channel.checks]).toEqual([true, false, 0]);
  });
});

// C7
describe("isHealthy", () => {
  it("tells at once, without asking anybody", () => {
    const { notifier, channel } = quietNotifier();
    expect([notifier.isHealthy(), notifier.enabled, channel.checks]).toEqual([true, true, 0]);
  });

  it("is healthy with nothing configured, as is a program that needs no alerts", () => {
    expect(quietNotifier({ webhookUrl: "" }).notifier.isHealthy()).toBe(true);
  });

  it("is ill while a destination is disabled", async () => {
    const { notifier, channel, clock } = quietNotifier();
    channel.answer(misconfigured());
    notifier.notify({ title: "1" });
    await clock.settle();
    expect(notifier.isHealthy()).toBe(false);
  });

  it("is ill from the breaker's opening until an answer comes", async () => {
    const { notifier, channel, clock } = quietNotifier({
      breaker: { failureThreshold: 2, openForMs: 60_000 },
      retry: { maxAttempts: 9, jitter: 0 },
    });
    channel.answer(unavailable(), unavailable());
    notifier.notify({ title: "1" });
    await clock.settle();
    expect(notifier.isHealthy()).toBe(true);
    await clock.advance(1_000);
    expect(notifier.isHealthy()).toBe(false);
    await clock.advance(60_000);
    expect(notifier.isHealthy()).toBe(true);
  });

  it("is ill while this address is shut out, not while it is only told to wait", async () => {
    const shutOut = quietNotifier({ banGuard: { minBanMs: 1_000 } }, { limits: EGRESS });
    shutOut.channel.answer(banned(1_000));
    shutOut.notifier.notify({ title: "1" });
    await shutOut.clock.settle();
    expect(shutOut.notifier.isHealthy()).toBe(false);
    await shutOut.clock.advance(1_000);
    expect(shutOut.notifier.isHealthy()).toBe(true);

    const waiting = quietNotifier({}, { limits: EGRESS });
    waiting.channel.answer(rateLimited(1_000, "global"));
    waiting.notifier.notify({ title: "1" });
    await waiting.clock.settle();
    expect(waiting.notifier.isHealthy()).toBe(true);
  });

  it("is ill when a destination that was configured is of no use", async () => {
    const { notifier } = quietNotifier({ webhooks: { error: "https://evil.example/api/webhooks/1/x" } });
    expect(notifier.isHealthy()).toBe(false);
    expect((await notifier.healthCheck()).problems).toEqual([expect.stringMatching(/^The destination for error /)]);
  });

  it("is ill while the store fails", () => {
    const status = { enabled: true, store: { error: "STORE_FULL: no room" }, destinations: [] };
    const report = healthOf({ status, isClosed: false, lost: [], checks: new Map() });
    expect(report).toMatchObject({
      healthy: false,
      problems: ["The store fails, notifications are kept in memory: STORE_FULL: no room"],
    });
  });

  it("is ill once closed, and asks nobody then", async () => {
    const { notifier, channel } = quietNotifier();
    await notifier.close();
    expect(notifier.isHealthy()).toBe(false);
    expect(await notifier.healthCheck()).toMatchObject({
      healthy: false,
      problems: ["The notifier has been closed."],
    });
    expect(channel.checks).toBe(0);
  });
});

// C7
describe("getQueueSize", () => {
  it("counts what is accepted and not concluded, from the call on", async () => {
    const { notifier, channel, clock } = quietNotifier({ batching: false, retry: { jitter: 0 } });
    channel.answer(unavailable());
    notifier.notify({ title: "1" });
    notifier.notify({ title: "2" });
    expect([notifier.getQueueSize(), notifier.status().open]).toEqual([2, 2]);
    await clock.settle();
    expect(notifier.getQueueSize()).toBe(2);
    await clock.advance(1_000);
    expect(notifier.getQueueSize()).toBe(0);
  });
});
