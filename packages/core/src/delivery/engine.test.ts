import { describe, expect, it } from "vitest";
import { engineBench as bench, limitedTo, offsets, START, titles } from "../../testing/engine-bench.ts";
import {
  ambiguous,
  banned,
  delivered,
  misconfigured,
  rateLimited,
  rejected,
  unavailable,
} from "../../testing/outcomes.ts";

describe("order", () => {
  it("sends one at a time, first in first out", async () => {
    const { channel, send, clock } = bench();
    const a = channel("a", { latencyMs: 100 });
    for (const title of ["1", "2", "3"]) send(title);
    await clock.advance(1_000);
    expect(titles(a)).toEqual(["1", "2", "3"]);
    expect(offsets(a)).toEqual([0, 100, 200]);
    expect(a.mostInFlight).toBe(1);
  });

  it("lets higher priority overtake what waits, and keeps the order within a priority", async () => {
    const { channel, send, clock } = bench();
    const a = channel("a", { latencyMs: 100 });
    send("info 1");
    send("info 2");
    send("critical 1", { priority: 30 });
    send("critical 2", { priority: 30 });
    await clock.advance(1_000);
    expect(titles(a)).toEqual(["info 1", "critical 1", "critical 2", "info 2"]);
  });

  it("keeps a delivery that is tried again in front of its lane", async () => {
    const { channel, send, clock } = bench();
    const a = channel("a");
    a.answer(unavailable());
    send("1");
    send("2");
    await clock.advance(5_000);
    expect(titles(a)).toEqual(["1", "1", "2"]);
    expect(offsets(a)).toEqual([0, 1_000, 1_000]);
  });

  it("keeps lanes apart: one that fails does not hold up another", async () => {
    const { channel, send, clock, results } = bench();
    channel("a", { respond: () => unavailable() });
    channel("b");
    send("1", { lanes: ["a", "b"] });
    await clock.advance(0);
    send("2", { lanes: ["b"] });
    await clock.advance(0);
    expect(results.get("2")).toMatchObject({ success: true, status: "delivered" });
    await clock.advance(10_000);
    expect(results.get("1")).toMatchObject({ success: false, status: "partial", attempts: 4 });
  });
});

// B4, D5
describe("retry", () => {
  it("gives up after three attempts at 0, 1 and 3 seconds", async () => {
    const { channel, send, clock, results } = bench();
    const a = channel("a", { respond: () => unavailable() });
    send("1");
    await clock.advance(60_000);
    expect(offsets(a)).toEqual([0, 1_000, 3_000]);
    expect(results.get("1")).toMatchObject({ status: "failed", attempts: 3, reason: "attempts-exhausted" });
  });

  it("resends after an ambiguous outcome and says that it may be a repeat", async () => {
    const { channel, send, clock, results } = bench();
    channel("a").answer(ambiguous());
    send("1");
    await clock.advance(60_000);
    expect(results.get("1")!.destinations).toMatchObject([{ status: "delivered", attempts: 2, possibleRepeat: true }]);
  });

  it("does not resend after an ambiguous outcome when at most once was asked for", async () => {
    const { channel, send, clock, results } = bench();
    const a = channel("a");
    a.answer(ambiguous());
    send("1", { atMostOnce: true });
    await clock.advance(60_000);
    expect(a.sent).toHaveLength(1);
    expect(results.get("1")).toMatchObject({ status: "failed", reason: "ambiguous-at-most-once" });
  });

  it("degrades a refused message step by step, and gives up when a step comes back", async () => {
    const { channel, send, clock, results } = bench();
    const a = channel("a");
    a.answer(rejected("without-links"), rejected("text-only"), rejected("text-only"));
    send("1");
    send("2");
    await clock.advance(0);
    expect(a.sent.slice(0, 3).map(({ request }) => request.degrade)).toEqual([
      [],
      ["without-links"],
      ["without-links", "text-only"],
    ]);
    expect(results.get("1")).toMatchObject({ status: "failed", reason: "rejected", attempts: 3 });
    expect(results.get("2")).toMatchObject({ success: true });
  });

  it("survives a channel that breaks its promise and throws", async () => {
    const { channel, send, clock, results } = bench();
    const a = channel("a");
    a.send = () => Promise.reject(new Error("boom"));
    send("1");
    await clock.advance(60_000);
    expect(results.get("1")).toMatchObject({ status: "failed", error: "The channel failed unexpectedly: boom" });
  });
});

// B8, D5
describe("breaker", () => {
  it("opens after five failures in a row, probes after a minute, and a probe costs the message nothing", async () => {
    const { channel, send, clock, results, events } = bench();
    const a = channel("a", { respond: () => unavailable() });
    send("1");
    send("2");
    await clock.advance(3_000 + 1_000 + 120_000);
    // Three attempts for the first, two for the second; then a probe a minute after each failure.
    expect(offsets(a)).toEqual([0, 1_000, 3_000, 3_000, 4_000, 64_000, 124_000]);
    a.answer(delivered("m"));
    await clock.advance(60_000);
    expect(results.get("2")).toMatchObject({ success: true });
    expect(events.filter(({ type }) => type.startsWith("breaker")).map(({ type }) => type)).toEqual([
      "breaker-opened",
      "breaker-closed",
    ]);
  });

  it("does not open for refusals", async () => {
    const { channel, send, clock, engine } = bench();
    channel("a", { respond: () => rejected() });
    for (let i = 0; i < 10; i++) send(String(i));
    await clock.advance(0);
    expect(engine.status()[0]!.breaker).toBe("closed");
  });
});

describe("limits told by the remote", () => {
  it("waits exactly what a 429 names, and does not count it as a failed attempt", async () => {
    const { channel, send, clock, results } = bench();
    const a = channel("a", { limits: limitedTo({ limit: 100, intervalMs: 1_000 }) });
    a.answer(rateLimited(2_400), rateLimited(100), rateLimited(100), rateLimited(100));
    send("1");
    await clock.advance(60_000);
    // Refused again right after the told wait, it adds 1 s, 2 s and 4 s.
    expect(offsets(a)).toEqual([0, 2_400, 3_500, 5_600, 9_700]);
    expect(results.get("1")).toMatchObject({ success: true, attempts: 5 });
  });

  it("holds every lane of a pool when the pool is refused, and no other", async () => {
    const { channel, send, clock } = bench();
    const limits = limitedTo({ limit: 100, intervalMs: 1_000 }, "pool", "pool" as never);
    const a = channel("a", { limits });
    const b = channel("b", { limits });
    const c = channel("c");
    a.answer(rateLimited(40_000, "pool"));
    send("1", { lanes: ["a"] });
    await clock.advance(1);
    send("2", { lanes: ["b"] });
    send("3", { lanes: ["c"] });
    await clock.advance(50_000);
    expect(offsets(a)).toEqual([0, 40_000]);
    expect(offsets(b)).toEqual([40_000]);
    expect(offsets(c)).toEqual([1]);
  });

  it("learns from an answer which pool a lane shares, and counts that answer in it", async () => {
    const { channel, send, clock } = bench();
    const plan = (key: string) => limitedTo({ limit: 2, intervalMs: 10_000 }, "pool", key as never);
    const limits = { limit: null, remaining: null, resetAfterMs: null, bucket: null, poolKey: "channel:7" };
    const a = channel("a", { limits: plan("webhook:a"), respond: () => delivered("m", { limits }) });
    const b = channel("b", { limits: plan("webhook:b"), respond: () => delivered("m", { limits }) });
    send("1", { lanes: ["a"] });
    send("2", { lanes: ["b"] });
    await clock.advance(1);
    send("3", { lanes: ["a"] });
    await clock.advance(60_000);
    expect(offsets(a)).toEqual([0, 10_000.5]);
    expect(offsets(b)).toEqual([0]);
  });

  it("waits for the reset that headers tell before being refused", async () => {
    const { channel, send, clock } = bench();
    const limits = { limit: 5, remaining: 0, resetAfterMs: 1_870, bucket: null, poolKey: null };
    const a = channel("a", {
      limits: limitedTo({ limit: 5, intervalMs: 2_000 }),
      respond: () => delivered("m", { limits }),
    });
    send("1");
    send("2");
    await clock.advance(10_000);
    expect(offsets(a)).toEqual([0, 1_870]);
  });
});

describe("pacing", () => {
  it("fills a window of 5 per 2 s and no more, counting from the end of each request", async () => {
    const { channel, send, clock } = bench();
    const a = channel("a", { limits: limitedTo({ limit: 5, intervalMs: 2_000 }), latencyMs: 10 });
    for (let i = 0; i < 12; i++) send(String(i));
    await clock.advance(60_000);
    expect(offsets(a)).toEqual([0, 10, 20, 30, 40, 2_010.5, 2_020.5, 2_030.5, 2_040.5, 2_050.5, 4_021, 4_031]);
  });

  it("shares the egress by priority across lanes", async () => {
    const { channel, send, clock } = bench();
    const limits = limitedTo({ limit: 1, intervalMs: 1_000 }, "egress", "out" as never);
    const lanes = ["a", "b", "c"].map((name) => channel(name, { limits }));
    send("first", { lanes: ["a"] });
    send("info", { lanes: ["b"] });
    send("critical", { lanes: ["c"], priority: 30 });
    await clock.advance(5_000);
    expect(lanes.map((lane) => offsets(lane))).toEqual([[0], [2_001], [1_000.5]]);
  });

  it("holds no timer when nothing waits", async () => {
    const { channel, send, clock, engine } = bench();
    channel("a", { limits: limitedTo({ limit: 1, intervalMs: 1_000 }) });
    send("1");
    await clock.advance(0);
    expect(engine.book.open).toBe(0);
    expect(clock.pending).toBe(0);
  });
});

describe("destinations that are gone, addresses that are banned", () => {
  it("disables a misconfigured destination and tells everyone who waits for it", async () => {
    const { channel, send, clock, results, events } = bench();
    const a = channel("a", { latencyMs: 10 });
    a.answer(misconfigured());
    send("1");
    send("2");
    await clock.advance(1_000);
    send("3");
    await clock.advance(1_000);
    expect(a.sent).toHaveLength(1);
    for (const title of ["1", "2", "3"])
      expect(results.get(title)).toMatchObject({ status: "failed", reason: "destination-disabled" });
    expect(events.filter(({ type }) => type === "lane-disabled")).toHaveLength(1);
  });

  it("stops everything that leaves the banned address for at least 15 minutes, and nothing else", async () => {
    const { channel, send, clock, events } = bench();
    const limits = limitedTo({ limit: 50, intervalMs: 1_000 }, "egress", "discord" as never);
    const a = channel("a", { limits });
    const b = channel("b", { limits });
    const elsewhere = channel("console");
    a.answer(banned(3_000));
    send("1", { lanes: ["a"] });
    await clock.advance(1);
    send("2", { lanes: ["b", "console"] });
    await clock.advance(900_000);
    expect(offsets(a)).toEqual([0, 900_000]);
    expect(offsets(b)).toEqual([900_000]);
    expect(offsets(elsewhere)).toEqual([1]);
    expect(events.find(({ type }) => type === "banned")).toMatchObject({ until: START + 900_000 });
  });

  it("keeps to a longer ban than its own minimum", async () => {
    const { channel, send, clock } = bench();
    const a = channel("a", { limits: limitedTo({ limit: 50, intervalMs: 1_000 }, "egress") });
    a.answer(banned(66_271_000));
    send("1");
    await clock.advance(66_270_999);
    expect(a.sent).toHaveLength(1);
    await clock.advance(1);
    expect(a.sent).toHaveLength(2);
  });
});

// D4
describe("bounds", () => {
  const full = { queueSize: 2 } as const;

  it("refuses the newcomer when full, by default", async () => {
    const { channel, send, clock, results } = bench(full);
    channel("a", { latencyMs: 10 });
    for (const title of ["under way", "1", "2", "3"]) send(title);
    await clock.advance(1_000);
    expect(results.get("3")).toMatchObject({ status: "dropped", reason: "queue-full", attempts: 0 });
    expect([...results.values()].filter(({ success }) => success)).toHaveLength(3);
  });

  it("drops the oldest when told so", async () => {
    const { channel, send, clock, results } = bench({ ...full, overflow: "drop-oldest" });
    channel("a", { latencyMs: 10 });
    for (const title of ["under way", "1", "2", "3"]) send(title);
    await clock.advance(1_000);
    expect(results.get("1")).toMatchObject({ status: "dropped", reason: "dropped-for-newer" });
  });

  it("drops the lowest priority when told so, and refuses what is lower still", async () => {
    const { channel, send, clock, results } = bench({ ...full, overflow: "drop-lowest-priority" });
    channel("a", { latencyMs: 10 });
    send("under way");
    send("1", { priority: 10 });
    send("2", { priority: 20 });
    send("3", { priority: 30 });
    send("4", { priority: 0 });
    await clock.advance(1_000);
    expect(results.get("1")).toMatchObject({ reason: "dropped-for-higher-priority" });
    expect(results.get("4")).toMatchObject({ reason: "queue-full" });
  });

  it("tells of an expiry when it comes, not when the wait is over", async () => {
    const { channel, send, clock, results } = bench();
    const a = channel("a");
    a.answer(unavailable());
    send("1", { expiresAt: START + 500 });
    await clock.advance(500);
    expect(results.get("1")).toMatchObject({ status: "expired", attempts: 1 });
    await clock.advance(10_000);
    expect(a.sent).toHaveLength(1);
  });

  it("expires ten thousand at once without overflowing the stack", async () => {
    const { channel, send, clock, results } = bench({ queueSize: 10_001 });
    const a = channel("a");
    a.answer(unavailable());
    for (let i = 0; i < 10_000; i++) send(String(i), { expiresAt: START + 500 });
    await clock.advance(1_000);
    expect(results.size).toBe(10_000);
    expect(a.sent).toHaveLength(1);
  });
});

describe("closing", () => {
  it("ends what waits as closed and keeps no timer", async () => {
    const { channel, send, clock, results, engine } = bench();
    channel("a").answer(unavailable());
    send("1");
    send("2");
    await clock.advance(1);
    engine.close();
    await clock.settle();
    expect([...results.values()].map(({ reason }) => reason)).toEqual(["closed", "closed"]);
    expect(clock.pending).toBe(0);
    send("3");
    expect(results.get("3")).toMatchObject({ reason: "closed" });
  });

  it("resolves whenIdle once everything is concluded", async () => {
    const { channel, send, clock, engine } = bench();
    channel("a", { latencyMs: 100 });
    send("1");
    let idle = false;
    void engine.book.whenIdle().then(() => {
      idle = true;
    });
    await clock.advance(99);
    expect(idle).toBe(false);
    await clock.advance(1);
    expect(idle).toBe(true);
  });
});
