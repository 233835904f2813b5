import { describe, expect, it } from "vitest";
import { engineBench as bench, limitedTo, offsets, START, titles } from "../../testing/engine-bench.ts";
import { ambiguous, banned, delivered, misconfigured, rejected, unavailable } from "../../testing/outcomes.ts";

const MINUTE_MS = 60_000;

// B8
describe("fallback", () => {
  it("takes over for a destination that is gone, for all that waits and all that comes", async () => {
    const { channel, send, clock, results } = bench();
    const a = channel("a", { fallback: "b", latencyMs: 10 });
    const b = channel("b");
    a.answer(misconfigured());
    send("1");
    send("2");
    await clock.advance(100);
    send("3");
    await clock.advance(100);
    expect(titles(a)).toEqual(["1"]);
    expect(titles(b)).toEqual(["1", "2", "3"]);
    expect(results.get("1")).toMatchObject({
      success: true,
      destinations: [{ destination: "b", status: "delivered" }],
    });
  });

  it("takes over for one message that failed for good, and only for that", async () => {
    const { channel, send, clock, results } = bench();
    const a = channel("a", { fallback: "b" });
    const b = channel("b");
    a.answer(rejected());
    send("bad");
    send("good");
    await clock.advance(100);
    expect(titles(a)).toEqual(["bad", "good"]);
    expect(titles(b)).toEqual(["bad"]);
    expect(results.get("bad")).toMatchObject({ success: true });
  });

  it("takes over for a destination that has been silent for five minutes, and gives back when it answers", async () => {
    const { channel, send, clock } = bench();
    const a = channel("a", { fallback: "b", respond: () => unavailable() });
    const b = channel("b");
    // Three attempts each: the fifth failure opens the breaker at 4 s.
    send("1");
    send("2");
    send("3");
    await clock.advance(5 * MINUTE_MS);
    expect(titles(b)).toEqual(["1"]);
    await clock.advance(4_000);
    expect(titles(b)).toEqual(["1", "2", "3"]);
    a.answer(delivered());
    await clock.advance(MINUTE_MS);
    send("4");
    await clock.advance(100);
    expect(titles(a).at(-1)).toBe("4");
    expect(titles(b)).toHaveLength(3);
  });

  it("does not take over where it is told later anyway, when quiet hours end", async () => {
    const { channel, send, clock, results } = bench();
    channel("a", { fallback: "b" }).answer(misconfigured());
    const b = channel("b");
    const deferred = [{ destination: "b", until: START + MINUTE_MS, by: "route" }] as const;
    const routing = { to: ["a"], deferred, because: "routes", withheld: null, evaluations: [] } as const;
    send("1", { routing });
    await clock.advance(100);
    expect(titles(b)).toEqual([]);
    expect(results.get("1")).toMatchObject({ success: false, reason: "destination-disabled" });
  });

  it("tells nobody in quiet hours what was only to change a message", async () => {
    const held: [lane: string, until: number][] = [];
    const { channel, send, clock } = bench({ holdBack: ({ lane }, until) => held.push([lane, until]) });
    const a = channel("a", { fallback: "b", inPlace: ["edit"], recovery: "edit" });
    const b = channel("b");
    const matter = { key: "db", phase: "firing" } as const;
    send("down", matter);
    await clock.advance(100);
    a.answer(misconfigured());
    const until = START + MINUTE_MS;
    const quietly = [{ destination: "a", until, by: "notification" }] as const;
    const routing = {
      to: ["a"],
      deferred: [],
      quietly,
      because: "beginning",
      withheld: null,
      evaluations: [],
    } as const;
    send("up", { ...matter, phase: "resolved", routing });
    await clock.advance(100);
    expect(a.sent).toHaveLength(2);
    expect(titles(b)).toEqual([]);
    expect(held).toEqual([["b", until]]);
  });

  it("takes over at once during a long ban when it leaves by another way", async () => {
    const { channel, send, clock } = bench();
    const limits = limitedTo({ limit: 50, intervalMs: 1_000 }, "egress", "discord" as never);
    const a = channel("a", { limits, fallback: "mail" });
    channel("c", { limits, fallback: "mail" });
    const mail = channel("mail");
    a.answer(banned(60 * MINUTE_MS));
    send("1", { lanes: ["a"] });
    await clock.advance(1);
    send("2", { lanes: ["c"] });
    await clock.advance(1);
    expect(titles(mail)).toEqual(["1", "2"]);
    expect(offsets(mail)).toEqual([0, 1]);
  });

  it("never sends a message to the same destination twice, however the fallbacks are linked", async () => {
    const { channel, send, clock, results } = bench();
    const a = channel("a", { fallback: "b", respond: () => rejected() });
    const b = channel("b", { fallback: "a", respond: () => rejected() });
    send("1");
    await clock.advance(MINUTE_MS);
    expect([a.sent.length, b.sent.length]).toEqual([1, 1]);
    expect(results.get("1")).toMatchObject({ success: false, reason: "rejected" });
  });

  it("leaves alone what was not to be sent twice", async () => {
    const { channel, send, clock, results } = bench();
    channel("a", { fallback: "b" }).answer(ambiguous());
    const b = channel("b");
    send("1", { atMostOnce: true });
    await clock.advance(MINUTE_MS);
    expect(b.sent).toHaveLength(0);
    expect(results.get("1")).toMatchObject({ reason: "ambiguous-at-most-once" });
  });
});
