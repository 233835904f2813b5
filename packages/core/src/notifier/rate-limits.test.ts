import { describe, expect, it } from "vitest";
import { createFakeChannel } from "../../testing/fake-channel.ts";
import { banned, delivered, rateLimited } from "../../testing/outcomes.ts";
import { createVirtualClock } from "../../testing/virtual-clock.ts";
import type { LimitPlan, LimitReport } from "../delivery/channel.ts";
import { quietNotifier } from "./notifier.fixture.ts";
import { rateLimitInfo } from "./rate-limits.ts";

/** 2026-01-01T00:00:00Z, where the virtual clock starts, as Discord counts. */
const START_S = 1_767_225_600;
const HASH = "80c17d2f203122d936070c88c8d10f33";

const plan = (id: string): LimitPlan => ({
  egress: { key: "discord:https://discord.com", spec: { limit: 50, intervalMs: 1_000 } },
  pool: { key: `channel-of-webhook:${id}`, spec: { limit: 30, intervalMs: 60_000 } },
  bucket: { key: `webhook:${id}`, spec: { limit: 5, intervalMs: 2_000 } },
});
const report = (limit: number, remaining: number, resetAfterMs: number): LimitReport => ({
  ...{ limit, remaining, resetAfterMs },
  bucket: HASH,
  poolKey: null,
});
const unlimited = { rateLimit: { limit: Number.POSITIVE_INFINITY }, batching: false };

function overWebhook(options = {}) {
  return quietNotifier({ ...unlimited, ...options }, { limits: plan("42"), latencyMs: 100 });
}

// C7
describe("getRateLimitInfo", () => {
  it("is empty before Discord has said anything: start values are not reported as its word", () => {
    expect(overWebhook().notifier.getRateLimitInfo()).toEqual({
      global_rate_limit: { active: false, reset_time: null, wait_time: 0 },
      buckets: {},
    });
  });

  // C5
  it("tells each bucket by Discord's name and the webhook's id, in seconds", async () => {
    const { notifier, channel, clock } = overWebhook();
    channel.answer(delivered("m", { limits: report(5, 4, 1_900) }));
    notifier.notify({ title: "1" });
    await clock.advance(350);
    const { buckets } = notifier.getRateLimitInfo();
    expect(buckets).toEqual({
      [`${HASH}:42`]: {
        limit: 5,
        remaining: 4,
        reset_time: START_S + 2,
        reset_after: 1.65,
        exhausted: false,
        wait_time: 0,
        last_updated: START_S + 0.1,
      },
    });
    await clock.advance(2_000);
    expect(notifier.getRateLimitInfo().buckets).toMatchObject({
      [`${HASH}:42`]: { limit: 5, remaining: 5, reset_time: null, reset_after: 0, last_updated: START_S + 0.1 },
    });
  });

  it("shows an exhausted bucket with the wait that is kept", async () => {
    const { notifier, channel, clock } = overWebhook();
    channel.answer(delivered("m", { limits: report(5, 0, 4_900) }));
    notifier.notify({ title: "1" });
    await clock.advance(1_000);
    expect(notifier.getRateLimitInfo().buckets).toEqual({
      [`${HASH}:42`]: {
        limit: 5,
        remaining: 0,
        reset_time: START_S + 5,
        reset_after: 4,
        exhausted: true,
        wait_time: 4,
        last_updated: START_S + 0.1,
      },
    });
  });

  it("shows the wait of a refusal, which overrides the count, also where no header came with it", async () => {
    const { notifier, channel, clock } = overWebhook();
    channel.answer(rateLimited(7_500));
    notifier.notify({ title: "1" });
    await clock.advance(600);
    expect(notifier.getRateLimitInfo()).toEqual({
      global_rate_limit: { active: false, reset_time: null, wait_time: 0 },
      buckets: {
        "webhook:42": {
          limit: null,
          remaining: 0,
          reset_time: START_S + 7.6,
          reset_after: 7,
          exhausted: true,
          wait_time: 7,
          last_updated: null,
        },
      },
    });
  });

  it("shows the limit that several webhooks share, while it is shut", async () => {
    const { notifier, channel, clock } = overWebhook();
    channel.answer(rateLimited(10_000, "pool"));
    notifier.notify({ title: "1" });
    await clock.advance(100);
    expect(Object.keys(notifier.getRateLimitInfo().buckets)).toEqual(["channel-of-webhook:42"]);
    await clock.advance(10_000);
    expect(notifier.getRateLimitInfo().buckets).toEqual({});
  });

  it.each([
    { name: "told to wait", outcome: rateLimited(2_500, "global"), ends: 2.6 },
    { name: "shut out", outcome: banned(1_000), ends: 900.1 },
  ])("has an active global limit while this address is $name", async ({ outcome, ends }) => {
    const { notifier, channel, clock } = overWebhook();
    channel.answer(outcome);
    notifier.notify({ title: "1" });
    await clock.advance(1_100);
    expect(notifier.getRateLimitInfo().global_rate_limit).toEqual({
      active: true,
      reset_time: START_S + ends,
      wait_time: Math.round((ends - 1.1) * 1_000) / 1_000,
    });
    await clock.advance(ends * 1_000);
    expect(notifier.getRateLimitInfo().global_rate_limit.active).toBe(false);
  });

  it("shows a told wait where the answer names the count's end as well", async () => {
    const { notifier, channel, clock } = overWebhook();
    channel.answer(rateLimited(60_000, "bucket", { limits: report(5, 4, 1_000) }));
    notifier.notify({ title: "1" });
    await clock.advance(100);
    expect(notifier.getRateLimitInfo().buckets).toMatchObject({
      [`${HASH}:42`]: { limit: 5, remaining: 0, exhausted: true, reset_time: START_S + 60.1, wait_time: 60 },
    });
  });

  it("counts what has been sent as well, where headers claim that all is left", async () => {
    const { notifier, channel, clock } = overWebhook();
    channel.answer(delivered("m", { limits: report(5, 5, 1_900) }));
    notifier.notify({ title: "1" });
    await clock.advance(100);
    expect(notifier.getRateLimitInfo().buckets).toMatchObject({ [`${HASH}:42`]: { limit: 5, remaining: 4 } });
  });

  it("is exact to the millisecond, however fine the clock is", async () => {
    const { notifier, channel, clock } = quietNotifier(
      unlimited,
      { limits: plan("42"), latencyMs: 100 },
      { startAt: START_S * 1_000 + 0.123_4 },
    );
    channel.answer(delivered("m", { limits: report(5, 4, 1_900) }));
    notifier.notify({ title: "1" });
    await clock.advance(350.5);
    expect(Object.values(notifier.getRateLimitInfo().buckets)).toMatchObject([
      { reset_time: START_S + 2, reset_after: 1.65, last_updated: START_S + 0.1 },
    ]);
  });

  it("has no wait below zero, where a moment has passed since the lanes were asked", async () => {
    const { notifier, channel, clock } = overWebhook();
    channel.answer(delivered("m", { limits: report(5, 0, 1_000) }));
    notifier.notify({ title: "1" });
    await clock.advance(100);
    const { buckets } = rateLimitInfo(notifier.status().destinations, clock.now() + 1_000.4);
    expect(Object.values(buckets)).toMatchObject([{ wait_time: 0, reset_after: 0 }]);
  });

  it("survives a trip through JSON unchanged", async () => {
    const { notifier, channel, clock } = overWebhook();
    channel.answer(delivered("m", { limits: report(1, 0, 4_900) }));
    notifier.notify({ title: "1" });
    await clock.advance(500);
    notifier.notify({ title: "2" });
    await clock.advance(5_000);
    const info = notifier.getRateLimitInfo();
    expect(JSON.parse(JSON.stringify(info))).toEqual(info);
  });

  it("is forgotten by resetRateLimits()", async () => {
    const { notifier, channel, clock } = overWebhook();
    channel.answer(rateLimited(60_000, "bucket", { limits: report(5, 0, 60_000) }));
    notifier.notify({ title: "1" });
    await clock.advance(100);
    notifier.resetRateLimits();
    expect(notifier.getRateLimitInfo().buckets).toEqual({});
    await clock.advance(200);
    expect(channel.sent).toHaveLength(2);
  });
});

// D1
describe("getRateLimitStatus", () => {
  it("tells what is left of the own limit by alert type, own types included", async () => {
    const clock = createVirtualClock();
    const errors = createFakeChannel({ clock });
    const { notifier } = quietNotifier({
      clock,
      webhooks: { error: errors, deploy: errors },
      severities: { critical: errors },
      rateLimit: { limit: 10 },
      batching: false,
    });
    for (let i = 0; i < 3; i++) notifier.notify({ type: "deploy" });
    notifier.notify({ type: "tracklist" });
    await clock.settle();
    const status = notifier.getRateLimitStatus();
    const left = Object.fromEntries(Object.entries(status).map(([type, { remaining }]) => [type, remaining]));
    expect(left).toEqual({
      general: 9,
      tracklist: 9,
      monitoring: 9,
      security: 9,
      error: 7,
      deploy: 7,
      critical: 7,
    });
    expect(status["deploy"]).toEqual({ destination: "error", limit: 10, remaining: 7, remote: null });
    await clock.advance(60_002);
    expect(notifier.getRateLimitStatus()["deploy"]?.remaining).toBe(10);
  });

  it("counts a token bucket by its burst", async () => {
    const rateLimit = { algorithm: "token-bucket", limit: 60, intervalMs: 60_000, burst: 4 } as const;
    const { notifier, clock } = quietNotifier({ rateLimit, batching: false });
    for (let i = 0; i < 3; i++) notifier.notify({});
    await clock.settle();
    expect(notifier.getRateLimitStatus()["general"]).toMatchObject({ limit: 4, remaining: 1 });
    await clock.advance(2_000);
    expect(notifier.getRateLimitStatus()["general"]).toMatchObject({ limit: 4, remaining: 3 });
  });

  it("adds what the headers say, once they do", async () => {
    const { notifier, channel, clock } = overWebhook();
    expect(notifier.getRateLimitStatus()["general"]).toEqual({
      destination: "default",
      limit: null,
      remaining: null,
      remote: null,
    });
    channel.answer(delivered("m", { limits: report(5, 2, 1_900) }));
    notifier.notify({});
    await clock.advance(100);
    expect(notifier.getRateLimitStatus()["general"]?.remote).toEqual({
      limit: 5,
      remaining: 2,
      resetAt: START_S * 1_000 + 2_000,
    });
  });

  it("names no destination where there is none", () => {
    const { notifier } = quietNotifier({ webhookUrl: "" });
    expect(notifier.getRateLimitStatus()["error"]).toEqual({
      destination: null,
      limit: null,
      remaining: null,
      remote: null,
    });
  });
});
