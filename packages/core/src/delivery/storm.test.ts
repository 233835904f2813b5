import { describe, expect, it } from "vitest";
import { engineBench as bench, titles } from "../../testing/engine-bench.ts";
import { ambiguous, delivered } from "../../testing/outcomes.ts";

/** Ten may wait; a send takes 100 ms. */
function setUp() {
  const engine = bench({ queueSize: 10, overflow: "digest" });
  const a = engine.channel("a", { latencyMs: 100 });
  return { ...engine, a };
}

describe("a storm that a lane cannot carry", () => {
  it("becomes a digest, in which nothing is missing", async () => {
    const { a, send, clock, results } = setUp();
    for (let n = 0; n < 500; n++) send(`storm ${n}`);
    await clock.advance(60_000);
    const digest = a.sent.map(({ request }) => request.notifications[0]).find(({ files }) => files.length > 0)!;
    const list = new TextDecoder().decode(digest.files[0]!.data);
    const told = titles(a);
    for (let n = 0; n < 500; n++) expect(told.includes(`storm ${n}`) || list.includes(`storm ${n}\n`)).toBe(true);
    expect(a.sent.length).toBeLessThan(15);
    expect([...results.values()].every(({ success }) => success)).toBe(true);
    expect(results.size).toBe(500);
  });

  it("leaves critical ones out: each is told on its own, and first", async () => {
    const { a, send, clock } = setUp();
    send("under way");
    for (let n = 0; n < 20; n++) send(`storm ${n}`);
    send("fire", { priority: 30 });
    for (let n = 20; n < 40; n++) send(`storm ${n}`);
    await clock.advance(60_000);
    expect(titles(a)[1]).toBe("fire");
  });

  it("loses neither a critical one nor the digest when the queue is full of criticals", async () => {
    const { a, send, clock, results } = setUp();
    send("under way");
    for (let n = 0; n < 12; n++) send(`storm ${n}`);
    for (let n = 0; n < 10; n++) send(`fire ${n}`, { priority: 30 });
    for (let n = 12; n < 20; n++) send(`storm ${n}`);
    await clock.advance(60_000);
    const list = a.sent.flatMap(({ request }) => request.notifications.flatMap(({ files }) => files));
    const lines = list.map(({ data }) => new TextDecoder().decode(data)).join("");
    for (let n = 0; n < 20; n++) expect(titles(a).includes(`storm ${n}`) || lines.includes(`storm ${n}\n`)).toBe(true);
    for (let n = 0; n < 10; n++) expect(titles(a)).toContain(`fire ${n}`);
    expect([...results.values()].every(({ success }) => success)).toBe(true);
  });

  it("lists the newest criticals together when there are more than may wait: first of all, and none is lost", async () => {
    const { a, send, clock, results } = setUp();
    send("under way");
    for (let n = 0; n < 12; n++) send(`storm ${n}`);
    for (let n = 0; n < 14; n++) send(`fire ${n}`, { priority: 30, severity: "critical" });
    await clock.advance(60_000);
    const told = titles(a);
    for (let n = 0; n < 9; n++) expect(told).toContain(`fire ${n}`);
    const listing = a.sent.flatMap(({ request }) => request.notifications).filter(({ files }) => files.length > 0);
    const lists = listing.map(({ files: [file] }) => new TextDecoder().decode(file!.data));
    expect(listing.map(({ severity }) => severity)).toEqual(["critical", "info"]);
    for (const missing of ["fire 9", "fire 10", "fire 11", "fire 12", "fire 13"])
      expect(lists[0]!.includes(missing) || told.includes(missing)).toBe(true);
    expect([...results.values()].every(({ success }) => success)).toBe(true);
  });

  it("gives up the oldest, as a last resort, where nothing can be listed: files do not fit into a digest", async () => {
    const { send, clock, results } = setUp();
    const files = [{ name: "a.txt", data: new Uint8Array(1), contentType: null }];
    send("under way");
    for (let n = 0; n < 11; n++) send(`fire ${n}`, { priority: 30, files });
    await clock.advance(60_000);
    expect(results.get("fire 0")).toMatchObject({ status: "dropped", reason: "dropped-for-newer" });
  });

  it("has room for criticals beside any number of digests", async () => {
    const { a, send, clock, results } = setUp();
    send("under way");
    for (let n = 0; n < 9_000; n++) send(`storm ${n}`);
    for (let n = 0; n < 10; n++) send(`fire ${n}`, { priority: 30 });
    await clock.advance(60_000);
    for (let n = 0; n < 10; n++) expect(titles(a)).toContain(`fire ${n}`);
    expect([...results.values()].every(({ success }) => success)).toBe(true);
  });

  it("starts another digest when one is full", async () => {
    const { a, send, clock } = setUp();
    for (let n = 0; n < 4_500; n++) send(`storm ${n}`);
    await clock.advance(60_000);
    const digests = a.sent.filter(({ request }) => request.notifications[0].files.length > 0);
    expect(digests.map(({ request }) => request.notifications[0].title)).toHaveLength(3);
  });

  it("adds nothing to a digest that may have arrived: under one id always the same is told", async () => {
    const { a, send, clock } = setUp();
    a.answer(delivered(), ...Array.from({ length: 12 }, () => ambiguous()));
    for (let round = 0; round < 40; round++) {
      for (let n = 0; n < 20; n++) send(`storm ${round}.${n}`);
      await clock.advance(200);
    }
    await clock.advance(600_000);
    const told = new Map<string, Set<string>>();
    for (const { id, title, labels } of a.sent.flatMap(({ request }) => request.notifications)) {
      told.set(id, (told.get(id) ?? new Set()).add(JSON.stringify([title, labels])));
    }
    expect(a.sent.length).toBeGreaterThan(told.size);
    expect([...told.values()].filter((contents) => contents.size > 1)).toEqual([]);
  });
});

describe("beginnings and ends of matters in a storm", () => {
  const firing = (n: number) => ({ key: `k${n}`, phase: "firing" }) as const;
  const resolved = (n: number) => ({ key: `k${n}`, phase: "resolved" }) as const;

  it("are told in the digest, and an end with its beginning while that still waits", async () => {
    const { a, send, clock, results } = setUp();
    for (let n = 0; n < 20; n++) send(`down ${n}`, firing(n));
    send("up 3", resolved(3));
    await clock.advance(5_000);
    const lists = a.sent.flatMap(({ request }) => request.notifications[0].files);
    expect(lists.map(({ data }) => new TextDecoder().decode(data)).join("")).toMatch(
      /down 3 {2}firing\n[\s\S]*up 3 {2}resolved\n/,
    );
    expect(results.get("up 3")).toMatchObject({ success: true, status: "folded" });
  });

  it("are known afterwards: an end that comes later is told, once", async () => {
    const { a, send, clock, results } = setUp();
    for (let n = 0; n < 20; n++) send(`down ${n}`, firing(n));
    send("up 3", resolved(3));
    await clock.advance(5_000);
    for (const n of [3, 4]) send(`later ${n}`, resolved(n));
    await clock.advance(5_000);
    expect(results.get("later 3")).toMatchObject({ reason: "nothing-to-resolve" });
    expect(results.get("later 4")).toMatchObject({ status: "delivered" });
    expect(a.sent.at(-1)!.request.notifications[0].title).toBe("later 4");
  });
});
