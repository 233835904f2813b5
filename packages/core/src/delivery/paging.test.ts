import { describe, expect, it } from "vitest";
import { engineBench as bench, titles } from "../../testing/engine-bench.ts";
import { misconfigured } from "../../testing/outcomes.ts";
import { createDurableDisk } from "../../testing/simulator/durable-store.ts";
import { createVirtualClock } from "../../testing/virtual-clock.ts";
import type { Listener } from "./tracker.ts";

const paging = { mostHeld: 10, fewestHeld: 4, pageSize: 5 };

/** An engine over a store, of which at most ten deliveries are held in memory. */
function setUp(options: Partial<Parameters<typeof bench>[0]> = {}) {
  const clock = createVirtualClock();
  const disk = createDurableDisk({ faults: [], startAt: clock.now() });
  const engine = bench({ clock, ...disk.open(clock), queueSize: 1_000, batching: false, paging, ...options });
  const a = engine.channel("a", { latencyMs: 100 });
  return { ...engine, a, disk };
}

describe("a long lane", () => {
  it("is told whole and in order, although only its front is held", async () => {
    const { send, clock, a, engine } = setUp();
    for (let n = 0; n < 100; n++) send(String(n));
    await clock.advance(50);
    expect(engine.status()[0]).toMatchObject({ waiting: 99 });
    expect(engine.book.open).toBe(100);
    await clock.advance(60_000);
    expect(titles(a)).toEqual(Array.from({ length: 100 }, (_, n) => String(n)));
    expect(engine.book.open).toBe(0);
  });

  it("lets what is more important through at once, wherever the rest is", async () => {
    const { send, clock, a } = setUp();
    for (let n = 0; n < 100; n++) send(String(n));
    await clock.advance(50);
    send("fire", { priority: 30 });
    await clock.advance(60_000);
    expect(titles(a).slice(0, 3)).toEqual(["0", "fire", "1"]);
    expect(titles(a)).toHaveLength(101);
  });

  it("is as long as it may be, wherever the rest is", async () => {
    const { send, clock, a, engine } = setUp({ queueSize: 30, overflow: "reject" });
    for (let n = 0; n < 100; n++) send(String(n));
    await clock.advance(50);
    expect(engine.status()[0]).toMatchObject({ waiting: 30 });
    await clock.advance(60_000);
    expect(titles(a)).toEqual(Array.from({ length: 31 }, (_, n) => String(n)));
  });

  it("is held in shorter pieces when many lanes are long", async () => {
    const clock = createVirtualClock();
    const { outbox, memory } = createDurableDisk({ faults: [], startAt: clock.now() }).open(clock);
    const read: string[] = [];
    const counting = {
      ...outbox,
      page: (...args: Parameters<typeof outbox.page>) => {
        read.push(args[0]);
        return outbox.page(...args);
      },
    };
    const limits = { ...paging, mostHeld: 100, mostHeldInAll: 20 };
    const engine = bench({ clock, outbox: counting, memory, queueSize: 1_000, batching: false, paging: limits });
    const [a, b] = [engine.channel("a", { latencyMs: 100 }), engine.channel("b", { latencyMs: 100 })];
    for (let n = 0; n < 20; n++) engine.send(String(n), { lanes: ["a"] });
    await clock.advance(50);
    expect(read).toEqual([]);
    for (let n = 0; n < 20; n++) engine.send(String(n), { lanes: ["b"] });
    await clock.advance(60_000);
    expect(new Set(read)).toEqual(new Set(["b"]));
    for (const { sent } of [a, b]) expect(sent).toHaveLength(20);
    expect(titles(b)).toEqual(Array.from({ length: 20 }, (_, n) => String(n)));
  });

  it("becomes a digest at its bound, even where nothing of what is held could be told in one", async () => {
    const { send, clock, a, engine } = setUp({ queueSize: 30, overflow: "digest" });
    for (let n = 0; n < 11; n++) send(`fire ${n}`, { priority: 30 });
    for (let n = 0; n < 60; n++) send(`storm ${n}`);
    await clock.advance(50);
    // Ten critical ones and twenty others, and the digest of forty beside them.
    expect(engine.status()[0]).toMatchObject({ waiting: 31 });
    await clock.advance(60_000);
    expect(titles(a).filter((title) => title?.startsWith("storm"))).toHaveLength(20);
    const [digest] = a.sent.flatMap(({ request }) => request.notifications).filter(({ files }) => files.length > 0);
    expect(digest?.title).toBe("40 alerts within 1 min");
  });

  it("ends whole when its destination is gone, even where the rest cannot be read at once", async () => {
    const clock = createVirtualClock();
    const disk = createDurableDisk({ faults: [], startAt: clock.now() });
    const { outbox, memory } = disk.open(clock);
    let isTorn = true;
    const page = (...asked: Parameters<typeof outbox.page>) => {
      if (isTorn) throw new Error("damaged");
      return outbox.page(...asked);
    };
    const { send, engine, channel } = bench({ clock, outbox: { ...outbox, page }, memory, queueSize: 1_000, paging });
    channel("a", { latencyMs: 100 }).answer(misconfigured());
    for (let n = 0; n < 100; n++) send(String(n));
    await clock.advance(10_000);
    expect((await disk.records()).waiting.length).toBeGreaterThan(80);
    isTorn = false;
    await clock.advance(10_000);
    expect((await disk.records()).waiting).toEqual([]);
    expect(engine.book.open).toBe(0);
  });

  it("goes on after a restart without reading more than a page", async () => {
    const { send, clock, engine, disk } = setUp();
    for (let n = 0; n < 100; n++) send(String(n));
    await clock.advance(500);
    engine.close();
    const { outbox, memory } = disk.open(clock);
    const pages: number[] = [];
    const counting = {
      ...outbox,
      page: (...args: Parameters<typeof outbox.page>) => {
        const page = outbox.page(...args);
        pages.push(page.length);
        return page;
      },
    };
    const next = bench({ clock, outbox: counting, memory, queueSize: 1_000, batching: false, paging });
    const a = next.channel("a", { latencyMs: 100 });
    next.engine.restore();
    expect(pages).toEqual([5]);
    await clock.advance(60_000);
    const told = titles(a);
    expect(told).toEqual(Array.from({ length: told.length }, (_, n) => String(n + 100 - told.length)));
    expect((await disk.records()).waiting).toEqual([]);
  });

  it("tells whoever has asked, and forgets whom nobody asked for", async () => {
    const { clock, engine, results } = setUp();
    const letGo: string[] = [];
    const { aNotification } = await import("../../testing/notifications.ts");
    for (let n = 0; n < 50; n++) {
      const notification = aNotification({ id: `ntf_${n}`, title: String(n) });
      const listener: Listener = {
        settle: (result) => void results.set(String(n), result),
        isAwaited: () => n % 2 === 0,
        letGo: () => void letGo.push(String(n)),
      };
      void engine.enqueue([{ notification, lanes: ["a"], listener }]);
    }
    await clock.advance(60_000);
    const told = new Set(results.keys());
    expect(letGo.length).toBeGreaterThan(10);
    for (let n = 0; n < 50; n++) expect(told.has(String(n))).toBe(!letGo.includes(String(n)));
    expect(letGo.every((name) => Number(name) % 2 === 1)).toBe(true);
  });
});
