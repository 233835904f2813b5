import { describe, expect, it } from "vitest";
import type { LimitReport } from "../channel.ts";
import { createGate } from "./gate.ts";

const report = (limit: number, remaining: number, resetAfterMs: number): LimitReport => ({
  limit,
  remaining,
  resetAfterMs,
  bucket: "abcd",
  poolKey: null,
});

function request(gate: ReturnType<typeof createGate>, now: number, answer?: LimitReport): void {
  gate.start(now);
  gate.finish(now);
  if (answer !== undefined) gate.learn(answer, now);
}

describe("gate", () => {
  it("waits for the told reset when nothing remains, even where its own window has room", () => {
    const gate = createGate("webhook:1", { limit: 5, intervalMs: 2_000 });
    request(gate, 0, report(5, 0, 4_900));
    expect(gate.nextAt(0)).toBe(4_900);
    expect(gate.nextAt(4_900)).toBe(4_900);
  });

  it("sends into the first slot that is free again, where headers that say when all are free tell nothing new", () => {
    const gate = createGate("webhook:1", { limit: 5, intervalMs: 2_000 });
    for (const [index, now] of [0, 300, 600, 900, 1_200].entries()) request(gate, now, report(5, 4 - index, 2_000));
    expect(gate.nextAt(1_200)).toBe(2_000.5);
  });

  it("does not take a slot that came free while the request travelled for one that others have used", () => {
    const gate = createGate("webhook:1", { limit: 2, intervalMs: 2_000 });
    for (const [index, now] of [0, 300].entries()) request(gate, now, report(2, 1 - index, 2_000));
    gate.start(2_100);
    gate.finish(2_400);
    gate.learn(report(2, 0, 1_900), 2_400);
    expect(gate.nextAt(2_400)).toBe(2_400);
  });

  it("counts a request from its arrival where the answer tells it, and from its end where that cannot be", () => {
    const nextAfter = (resetAfterMs: number) => {
      const gate = createGate("webhook:1", { limit: 1, intervalMs: 2_000 });
      gate.start(1_000);
      gate.finish(1_900);
      gate.learn(report(1, 0, resetAfterMs), 1_900);
      return gate.nextAt(1_900);
    };
    // A window of 2 s that is over 1.5 s after the answer has begun at 1,400; a millisecond for its rounding, half a one for ours.
    expect(nextAfter(1_500)).toBe(3_401.5);
    expect(nextAfter(1_099)).toBe(3_000.5);
    expect(nextAfter(1_098)).toBe(3_900.5);
    expect(nextAfter(2_000)).toBe(3_900.5);
  });

  it("lets go of what came before when an answer tells that a fixed window began with its request, until a refusal shows otherwise", () => {
    const gate = createGate("webhook:1", { limit: 3, intervalMs: 2_000 });
    const window = (from: number) => {
      for (const [index, now] of [from, from + 100, from + 600].entries())
        request(gate, now, report(3, 2 - index, 2_000 - (now - from)));
      return gate.nextAt(from + 600);
    };
    // Slots 2 and 3 are free with the first one, though they were used 100 and 600 ms later.
    expect(window(0)).toBe(2_000.5);
    request(gate, 2_100, report(3, 2, 2_000));
    expect(gate.remaining(2_100)).toBe(2);
    gate.refuse(500, 2_200);
    expect(window(4_000)).toBe(6_000.5);
    request(gate, 6_001, report(3, 2, 2_000));
    expect(gate.remaining(6_001)).toBe(0);
  });

  it("counts from the end what was not alone on its way", () => {
    const gate = createGate("webhook:1", { limit: 2, intervalMs: 2_000 });
    for (const now of [0, 100]) gate.start(now);
    gate.finish(500);
    gate.learn(report(2, 1, 1_700), 500);
    expect(gate.nextAt(500)).toBe(2_500.5);
  });

  it("waits for the told reset when others have used slots that it has not", () => {
    const gate = createGate("webhook:1", { limit: 5, intervalMs: 2_000 });
    for (const [index, now] of [0, 300, 600].entries()) request(gate, now, report(5, 2 - index, 1_700));
    expect(gate.nextAt(600)).toBe(2_300);
  });

  it("waits for the told reset of a limit that is counted over a longer time than its own window", () => {
    const gate = createGate("webhook:1", { limit: 5, intervalMs: 2_000 });
    // A fixed window of 3 s: at the last answer its end is nearer than ours, but the first answer told its length.
    for (const [index, now] of [0, 1_000, 1_100, 1_200, 1_300].entries())
      request(gate, now, report(5, 4 - index, 3_000 - now));
    expect(gate.nextAt(1_300)).toBe(3_000);
  });

  it("keeps a wait that an answer names without speaking of a limit, and learns nothing else from it", () => {
    const gate = createGate("webhook:1", { limit: 2, intervalMs: 2_000 });
    request(gate, 0, { ...report(2, 0, 10_000), limit: null });
    expect(gate.nextAt(0)).toBe(10_000);
    for (const [index, now] of [20_000, 20_500].entries()) request(gate, now, report(2, 1 - index, 2_000));
    expect(gate.nextAt(20_500)).toBe(22_000.5);
  });

  it("keeps to its own window where the headers claim more than anybody has", () => {
    const gate = createGate("webhook:1", { limit: 1, intervalMs: 2_000 });
    request(gate, 0, report(50_000, 49_999, 1_000));
    expect(gate.nextAt(0)).toBe(2_000.5);
  });

  it("adopts a limit that is believable", () => {
    const gate = createGate("webhook:1", { limit: 1, intervalMs: 2_000 });
    request(gate, 0, report(10, 9, 1_000));
    expect(gate.nextAt(0)).toBe(0);
  });

  it("keeps the first told wait exactly, then adds 1, 2, 4 … 60 seconds while it is still refused", () => {
    const gate = createGate("webhook:1", { limit: 100, intervalMs: 1 });
    const waits = [1, 2, 3, 4, 5, 6, 7, 8, 9].map(() => {
      const now = gate.blockedUntil;
      return gate.refuse(500, now) - now;
    });
    expect(waits).toEqual([500, 1_500, 2_500, 4_500, 8_500, 16_500, 32_500, 60_500, 60_500]);
    gate.accept();
    expect(gate.refuse(500, 1_000_000) - 1_000_000).toBe(500);
  });

  it("waits five seconds when it is not told how long", () => {
    expect(createGate("x", { limit: 1, intervalMs: 1 }).refuse(null, 1_000)).toBe(6_000);
  });

  it("never shortens a wait that it was told before", () => {
    const gate = createGate("x", { limit: 1, intervalMs: 1 });
    gate.refuse(60_000, 0);
    expect(gate.refuse(10, 0)).toBe(60_000);
  });

  it("forgets what the remote said when reset, but not its own window", () => {
    const gate = createGate("x", { limit: 1, intervalMs: 2_000 });
    request(gate, 0, report(5, 0, 60_000));
    gate.refuse(60_000, 0);
    gate.reset();
    const nothing = { id: null, limit: null, remaining: null, resetAt: null, updatedAt: null };
    expect(gate.status(0)).toEqual({ ...nothing, key: "x", available: 4, blockedUntil: null, nextAt: 0 });
    expect(gate.nextAt(0)).toBeLessThanOrEqual(2_000.5);
  });

  // C5, C7
  it("tells what the headers said, and when", () => {
    const gate = createGate("webhook:1", { limit: 5, intervalMs: 2_000 });
    request(gate, 100, report(5, 4, 1_900));
    expect(gate.status(150)).toEqual({
      key: "webhook:1",
      id: "abcd",
      limit: 5,
      remaining: 4,
      available: 4,
      resetAt: 2_000,
      updatedAt: 100,
      blockedUntil: null,
      nextAt: 150,
    });
    expect(gate.status(2_000)).toMatchObject({ id: "abcd", limit: 5, remaining: null, resetAt: null, updatedAt: 100 });
  });

  it("does not take an answer that only names the shared limit for news of its own", () => {
    const gate = createGate("webhook:1", { limit: 5, intervalMs: 2_000 });
    request(gate, 100, { limit: null, remaining: null, resetAfterMs: null, bucket: null, poolKey: "channel:7" });
    expect(gate.status(100).updatedAt).toBeNull();
  });

  it("cannot tell when the next may go while all that may are under way", () => {
    const gate = createGate("webhook:1", { limit: 1, intervalMs: 2_000 });
    gate.start(0);
    expect(gate.status(0)).toMatchObject({ available: 0, nextAt: null });
  });

  it("has available what the stricter of headers and window leaves, and nothing while it is told to wait", () => {
    const gate = createGate("webhook:1", { limit: 5, intervalMs: 2_000 });
    request(gate, 0);
    expect(gate.remaining(0)).toBe(4);
    request(gate, 0, report(5, 1, 2_000));
    expect(gate.remaining(0)).toBe(1);
    gate.start(0);
    expect(gate.remaining(0)).toBe(0);
    gate.finish(0);
    gate.refuse(500, 0);
    expect(gate.status(499)).toMatchObject({ available: 0, blockedUntil: 500, nextAt: 2_000 });
    // The headers' word has run out by then, and so have the requests of the window.
    expect(gate.status(2_000.5)).toMatchObject({ available: 5, blockedUntil: null });
  });
});
