import { describe, expect, it } from "vitest";
import { createLimiter, type WebhookCall } from "./limiter.ts";
import { DEFAULT_LIMITS, NO_LIMITS } from "./limits.ts";

const NOW = Date.UTC(2026, 0, 1);
const one: WebhookCall = { webhookId: "1", channelId: "9", kind: "execute" };
const two: WebhookCall = { webhookId: "2", channelId: "9", kind: "execute" };

describe("passWebhook", () => {
  it("keeps a bucket per webhook and kind of call, all of one kind under one hash", () => {
    const limiter = createLimiter(DEFAULT_LIMITS);
    const first = limiter.passWebhook(one, NOW);
    const second = limiter.passWebhook(two, NOW);
    const edit = limiter.passWebhook({ ...one, kind: "message" }, NOW);
    expect([first, second, edit].map((verdict) => verdict.bucket?.remaining)).toEqual([4, 4, 4]);
    expect(second.bucket?.hash).toBe(first.bucket?.hash);
    expect(edit.bucket?.hash).not.toBe(first.bucket?.hash);
  });

  it("refuses for the channel while slots of the webhook remain, and takes none of them", () => {
    const limiter = createLimiter({ ...DEFAULT_LIMITS, channel: { limit: 3, intervalMs: 60_000 } });
    for (const call of [one, two, one]) limiter.passWebhook(call, NOW);
    expect(limiter.passWebhook(two, NOW + 500)).toEqual({
      kind: "limited",
      scope: "shared",
      retryAfterMs: 59_500,
      bucket: { hash: expect.any(String), limit: 5, remaining: 4, resetAfterMs: 1_500 },
    });
    expect(limiter.passWebhook({ ...two, kind: "message" }, NOW + 500).kind).toBe("pass");
    expect(limiter.passWebhook(two, NOW + 60_000).kind).toBe("pass");
  });

  it("lifts what is null", () => {
    const limiter = createLimiter(NO_LIMITS);
    for (let sent = 0; sent < 1_000; sent++)
      expect(limiter.passWebhook(one, NOW)).toEqual({ kind: "pass", bucket: null });
    for (let sent = 0; sent < 1_000; sent++) expect(limiter.passAddress("127.0.0.1", NOW).kind).toBe("pass");
    expect(limiter.takeOldEdit("9", NOW)).toBe(0);
  });

  it("when it punishes, lengthens the block with every request and names a shorter wait in the bucket", () => {
    const limiter = createLimiter({ ...DEFAULT_LIMITS, webhook: { limit: 1, intervalMs: 1_000 }, punish: true });
    limiter.passWebhook(one, NOW);
    const refused = (at: number) => {
      const verdict = limiter.passWebhook(one, NOW + at);
      return verdict.kind === "limited" && [verdict.retryAfterMs, verdict.bucket?.resetAfterMs];
    };
    expect(refused(400)).toEqual([1_600, 500]);
    expect(refused(900)).toEqual([2_100, 500]);
    // Whoever goes by the bucket never gets in; whoever waits as told gets in at once.
    expect(limiter.passWebhook(one, NOW + 2_999).kind).toBe("limited");
    expect(limiter.passWebhook(one, NOW + 4_000).kind).toBe("pass");
  });
});

describe("setLimits", () => {
  it("replaces the named limit and leaves the others and their counters alone", () => {
    const limiter = createLimiter(DEFAULT_LIMITS);
    for (let sent = 0; sent < 5; sent++) limiter.passWebhook(one, NOW);
    limiter.setLimits({ channel: null });
    expect(limiter.passWebhook(one, NOW).kind).toBe("limited");
    limiter.setLimits({ webhook: { limit: 2, intervalMs: 1_000 } });
    expect(limiter.passWebhook(one, NOW).bucket?.remaining).toBe(1);
  });

  it.each([
    { limits: { webhook: { limit: 0, intervalMs: 1 } }, says: /limits\.webhook\.limit .* got 0/ },
    { limits: { channel: { limit: 1.5, intervalMs: 1 } }, says: /limits\.channel\.limit .* got 1\.5/ },
    { limits: { channel: { limit: 1e9, intervalMs: 1 } }, says: /got 1000000000; null lifts the limit/ },
    { limits: { global: { limit: 1, intervalMs: 0 } }, says: /limits\.global\.intervalMs .* got 0/ },
    { limits: { invalid: { limit: 1, intervalMs: Number.NaN } }, says: /limits\.invalid\.intervalMs .* got NaN/ },
    { limits: { oldEdits: { limit: -1, intervalMs: 5 } }, says: /limits\.oldEdits\.limit .* got -1/ },
  ])("refuses $limits", ({ limits, says }) => {
    expect(() => createLimiter(DEFAULT_LIMITS).setLimits(limits)).toThrow(says);
  });
});
