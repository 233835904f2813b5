import { describe, expect, it } from "vitest";
import { engineBench as bench, limitedTo, offsets, START, titles } from "../../testing/engine-bench.ts";
import { misconfigured, unavailable } from "../../testing/outcomes.ts";
import { createVirtualClock } from "../../testing/virtual-clock.ts";
import type { Memory } from "./outbox.ts";

const HOUR_MS = 3_600_000;

/** Remembers as a durable store does, beyond the engine that told it. */
function lastingMemory(): Memory & { readonly facts: ReadonlyMap<string, unknown> } {
  const facts = new Map<string, string>();
  const recall = () => new Map([...facts].map(([key, json]) => [key, JSON.parse(json) as unknown]));
  return {
    get facts() {
      return recall();
    },
    recall,
    remember: async (key, value) => void facts.set(key, JSON.stringify(value)),
    forget: async (key) => void facts.delete(key),
  };
}

// A12
describe("a paused destination", () => {
  it("gets nothing, not even what is critical, and after the resumption everything in order and within the limits", async () => {
    const { channel, send, clock, engine, results } = bench({ batching: false });
    const a = channel("a", { limits: limitedTo({ limit: 2, intervalMs: 1_000 }) });
    expect(await engine.pauses.pause({ destination: "a" })).toBe("done");
    for (const title of ["1", "2", "3", "4"]) send(title);
    send("critical", { priority: 30, severity: "critical" });
    await clock.advance(HOUR_MS);
    expect(a.sent).toEqual([]);
    expect(engine.book.open).toBe(5);
    await engine.pauses.resume({ destination: "a" });
    await clock.advance(10_000);
    expect(titles(a)).toEqual(["critical", "1", "2", "3", "4"]);
    const [first, second, third] = offsets(a);
    expect([first, second]).toEqual([HOUR_MS, HOUR_MS]);
    expect(third).toBeGreaterThanOrEqual(HOUR_MS + 1_000);
    expect(results.get("4")).toMatchObject({ status: "delivered", attempts: 1 });
  });

  it("does not hold up another", async () => {
    const { channel, send, clock, engine } = bench();
    const [a, b] = [channel("a"), channel("b")];
    void engine.pauses.pause({ destination: "a" });
    send("both", { lanes: ["a", "b"] });
    await clock.advance(HOUR_MS);
    expect([titles(a), titles(b)]).toEqual([[], ["both"]]);
  });

  it("finishes what is under way, and waits with its retry", async () => {
    const { channel, send, clock, engine } = bench();
    const a = channel("a", { latencyMs: 100 });
    a.answer(unavailable());
    send("1");
    await clock.advance(50);
    void engine.pauses.pause({ destination: "a" });
    await clock.advance(HOUR_MS);
    expect(a.sent.map(({ outcome }) => outcome?.kind)).toEqual(["unavailable"]);
    void engine.pauses.resume({ destination: "a" });
    await clock.advance(1_000);
    expect(offsets(a)).toEqual([0, HOUR_MS + 50]);
  });

  it("obeys the overflow rule as ever", async () => {
    const { channel, send, clock, engine, results } = bench({ queueSize: 2, overflow: "reject" });
    channel("a");
    void engine.pauses.pause({});
    for (const title of ["1", "2", "3"]) send(title);
    await clock.advance(0);
    expect(results.get("3")).toMatchObject({ reason: "queue-full" });
    expect(results.has("1")).toBe(false);
  });

  it("lets what expires expire in time", async () => {
    const { channel, send, clock, engine, results } = bench();
    channel("a");
    void engine.pauses.pause({});
    send("1", { expiresAt: START + 5_000 });
    await clock.advance(4_999);
    expect(results.has("1")).toBe(false);
    await clock.advance(1);
    expect(results.get("1")).toMatchObject({ status: "expired" });
  });

  it("leaves nothing to its fallback, however long it is silent", async () => {
    const { channel, send, clock, engine } = bench({ fallback: { divertAfterMs: 30_000 } });
    const a = channel("a", { respond: () => unavailable(), fallback: "b" });
    const b = channel("b");
    for (const title of ["1", "2", "3", "4", "5", "6"]) send(title, { atMostOnce: false });
    // Five failures open the breaker; the pause comes after them.
    await clock.advance(20_000);
    expect(engine.status()[0]?.breaker).toBe("open");
    const told = b.sent.length;
    void engine.pauses.pause({ destination: "a" });
    await clock.advance(HOUR_MS);
    expect(b.sent).toHaveLength(told);
    expect(engine.status()[0]?.waiting).toBeGreaterThan(0);
    expect(a.sent.length).toBeGreaterThan(0);
  });

  it("is shown with who paused it and why, and with what it waits for", async () => {
    const { channel, send, engine, clock } = bench();
    channel("a").answer(unavailable());
    send("1");
    await clock.settle();
    const untilAt = START + HOUR_MS;
    await engine.pauses.pause({ destination: "a", untilAt, by: "Ann", reason: "maintenance" });
    expect(engine.status()).toMatchObject([
      {
        mode: "waiting",
        waiting: 1,
        wait: { because: "paused", until: untilAt },
        pause: { of: "destination", since: START, untilAt, by: "Ann", reason: "maintenance" },
      },
    ]);
    expect(engine.pauses.ofAll).toBeNull();
  });
});

describe("the pause of all", () => {
  it("and that of a destination are lifted each for itself", async () => {
    const { channel, send, clock, engine } = bench();
    const [a, b] = [channel("a"), channel("b")];
    void engine.pauses.pause({ by: "Ann" });
    void engine.pauses.pause({ destination: "a", by: "Bob" });
    send("1", { lanes: ["a", "b"] });
    expect(engine.status().map(({ pause }) => [pause?.of, pause?.by])).toEqual([
      ["destination", "Bob"],
      ["all", "Ann"],
    ]);
    void engine.pauses.resume({});
    await clock.advance(0);
    expect([a.sent.length, b.sent.length]).toEqual([0, 1]);
    void engine.pauses.resume({ destination: "a" });
    await clock.advance(0);
    expect(a.sent).toHaveLength(1);
  });
});

describe("a pause with an expiry", () => {
  it("ends by itself at that instant, with and without anything that waits", async () => {
    const { channel, send, clock, engine, events } = bench();
    const a = channel("a");
    channel("b");
    void engine.pauses.pause({ untilAt: START + HOUR_MS });
    send("1");
    await clock.advance(HOUR_MS - 1);
    expect(a.sent).toEqual([]);
    await clock.advance(1);
    expect(offsets(a)).toEqual([HOUR_MS]);
    expect(engine.pauses.ofAll).toBeNull();
    expect(events.filter(({ type }) => type === "paused" || type === "resumed")).toMatchObject([
      { type: "paused", destination: null, at: START },
      { type: "resumed", destination: null, at: START + HOUR_MS, because: "expired" },
    ]);
    expect(clock.pending).toBe(0);
  });

  it("gives way to a later order, whichever ends first", async () => {
    const { channel, send, clock, engine } = bench();
    const a = channel("a");
    void engine.pauses.pause({ destination: "a", untilAt: START + 1_000 });
    void engine.pauses.pause({ destination: "a" });
    send("1");
    await clock.advance(HOUR_MS);
    expect(a.sent).toEqual([]);
  });

  it.each([START, START - 1, Number.NaN])(
    "that is not in the future (%d) is refused, and changes nothing",
    async (untilAt) => {
      const { channel, engine } = bench();
      channel("a");
      expect(await engine.pauses.pause({ untilAt })).toBe("expired-already");
      expect(engine.pauses.ofAll).toBeNull();
    },
  );
});

describe("over a restart", () => {
  it("pauses stay in force, and those whose time has passed meanwhile do not", async () => {
    const clock = createVirtualClock({ startAt: START });
    const memory = lastingMemory();
    const first = bench({ clock, memory });
    for (const name of ["a", "b", "c"]) first.channel(name);
    void first.engine.pauses.pause({ destination: "a", by: "Ann" });
    void first.engine.pauses.pause({ destination: "b", untilAt: START + 1_000 });
    void first.engine.pauses.pause({ destination: "c", untilAt: START + HOUR_MS });
    await clock.settle();
    first.engine.close();
    await clock.advance(2_000);
    expect(clock.pending).toBe(0);

    const second = bench({ clock, memory });
    const [a, b, c] = [second.channel("a"), second.channel("b"), second.channel("c")];
    second.engine.restore();
    second.send("1", { lanes: ["a", "b", "c"] });
    await clock.advance(0);
    expect([a, b, c].map(({ sent }) => sent.length)).toEqual([0, 1, 0]);
    expect(second.engine.status()[0]?.pause).toMatchObject({ by: "Ann", since: START });
    await clock.advance(HOUR_MS);
    expect([a, b, c].map(({ sent }) => sent.length)).toEqual([0, 1, 1]);
    await second.engine.pauses.resume({ destination: "a" });
    await clock.settle();
    expect([...memory.facts.keys()].filter((key) => key.startsWith("pause:"))).toEqual([]);
  });

  it("what a store of another version remembers of pauses is passed over", () => {
    const memory = { ...lastingMemory(), recall: () => new Map<string, unknown>([["pause:all", "yes"]]) };
    const { engine, channel } = bench({ memory });
    channel("a");
    engine.restore();
    expect(engine.pauses.ofAll).toBeNull();
  });
});

describe("an order", () => {
  it("for a destination that there is not is refused", async () => {
    const { engine } = bench();
    expect(await engine.pauses.pause({ destination: "x" })).toBe("unknown-destination");
    expect(await engine.pauses.resume({ destination: "x" })).toBe("unknown-destination");
  });

  it("that the store cannot keep is in force, and says so", async () => {
    const failing = { ...lastingMemory(), remember: () => Promise.reject(new Error("disk full")) };
    const { engine, channel } = bench({ memory: failing });
    channel("a");
    expect(await engine.pauses.pause({})).toBe("not-kept");
    expect(engine.pauses.ofAll).not.toBeNull();
  });

  it("to resume what is not paused changes nothing", async () => {
    const { engine, channel, events } = bench();
    channel("a");
    expect(await engine.pauses.resume({})).toBe("done");
    expect(events).toEqual([]);
  });

  it("does not enable a destination that is misconfigured", async () => {
    const { engine, channel, send, clock } = bench();
    channel("a").answer(misconfigured());
    send("1");
    await clock.advance(0);
    await engine.pauses.pause({});
    await engine.pauses.resume({});
    expect(engine.status()[0]?.mode).toBe("disabled");
  });
});
