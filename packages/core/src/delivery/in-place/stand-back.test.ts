import { describe, expect, it } from "vitest";
import { engineBench as bench, type EngineBench } from "../../../testing/engine-bench.ts";
import type { FakeChannel, FakeChannelOptions } from "../../../testing/fake-channel.ts";
import { delivered, rejected } from "../../../testing/outcomes.ts";

const firing = (key: string) => ({ key, phase: "firing", priority: 10 }) as const;
const resolved = (key: string) => ({ key, phase: "resolved", priority: 10 }) as const;

/** Five may wait; a send takes 100 ms; each of the first alerts has a message of its own. */
async function setUp(alerts: number, channel: Pick<FakeChannelOptions, "respond"> = {}) {
  const engine = bench({ queueSize: 5, overflow: "digest" });
  const a = engine.channel("a", { recovery: "edit", inPlace: ["edit", "answer"], latencyMs: 100, ...channel });
  for (let n = 1; n <= alerts; n++) {
    engine.send(`down ${n}`, firing(`k${n}`));
    await engine.clock.advance(200);
  }
  return { ...engine, a };
}

/** What came after the first so many requests. */
function told({ sent }: FakeChannel, after: number): readonly string[] {
  return sent.slice(after).map(({ request: { edit, notifications } }) => {
    const names = notifications.map(({ title, files }) => (files.length > 0 ? "digest" : title)).join(" + ");
    return edit === undefined ? names : `edit ${edit.id}: ${names}`;
  });
}

function endAll({ send }: Pick<EngineBench, "send">, from: number, to: number): void {
  for (let n = from; n <= to; n++) send(`up ${n}`, resolved(`k${n}`));
}

describe("ends in a storm, of what was told before it", () => {
  it("still change the messages of their beginnings, behind everything that is new", async () => {
    const { a, send, clock, results } = await setUp(4);
    send("under way");
    endAll({ send }, 1, 4);
    for (let n = 1; n <= 20; n++) send(`news ${n}`, { priority: 0 });
    await clock.advance(60_000);
    const after = told(a, 4);
    expect(after[0]).toBe("under way");
    expect(after.slice(-4)).toEqual([1, 2, 3, 4].map((n) => `edit message-${n}: Resolved: down ${n}`));
    expect(after.slice(1, -4)).toContain("digest");
    expect(results.get("up 1")).toMatchObject({
      status: "delivered",
      destinations: [{ inPlace: { how: "edit", because: "as-configured" } }],
    });
  });

  it("are no more than may wait otherwise: the rest is in the digest, as history says of each", async () => {
    const { a, send, clock, results } = await setUp(20);
    send("under way");
    endAll({ send }, 1, 20);
    await clock.advance(60_000);
    const after = told(a, 20);
    // Five have stood back. Of the others six at a time were one too many; the last two found room.
    expect(after.filter((one) => one.startsWith("edit"))).toHaveLength(7);
    expect(after.filter((one) => one === "digest")).toHaveLength(1);
    const fates = Array.from({ length: 20 }, (_, n) => results.get(`up ${n + 1}`)?.status);
    expect(fates.filter((fate) => fate === "delivered")).toHaveLength(7);
    expect(fates.filter((fate) => fate === "folded")).toHaveLength(13);
  });

  it("take turns with four seconds between them, so that what comes meanwhile finds room", async () => {
    const { a, send, clock } = await setUp(4);
    send("under way");
    endAll({ send }, 1, 4);
    for (let n = 1; n <= 8; n++) send(`news ${n}`, { priority: 0 });
    await clock.advance(3_000);
    expect(told(a, 4).filter((one) => one.startsWith("edit"))).toHaveLength(1);
    send("fire", { priority: 30 });
    await clock.advance(100);
    expect(told(a, 4).at(-1)).toBe("fire");
    await clock.advance(12_000);
    expect(told(a, 4).filter((one) => one.startsWith("edit"))).toHaveLength(4);
  });

  it("of one message are one change of it, whatever stands between them", async () => {
    const engine = bench({ queueSize: 5, overflow: "digest" });
    const a = engine.channel("a", { recovery: "edit", inPlace: ["edit", "answer"], latencyMs: 100 });
    a.fits = (notifications) => notifications.length <= 2;
    engine.send("busy");
    for (const n of [1, 2, 3, 4]) engine.send(`down ${n}`, firing(`k${n}`));
    await engine.clock.advance(1_000);
    engine.send("under way");
    for (const n of [1, 3, 2, 4]) engine.send(`up ${n}`, resolved(`k${n}`));
    for (let n = 1; n <= 8; n++) engine.send(`news ${n}`, { priority: 0 });
    await engine.clock.advance(60_000);
    expect(told(a, 3).filter((one) => one.startsWith("edit"))).toEqual([
      "edit message-2: Resolved: down 1 + Resolved: down 2",
      "edit message-3: Resolved: down 3 + Resolved: down 4",
    ]);
  });

  it("that cannot be changed any more are told in messages of their own, last of all", async () => {
    const { a, send, clock, results } = await setUp(1, {
      respond: ({ edit }, n) =>
        edit === undefined
          ? delivered(`${n}`, { address: { id: `message-${n}`, channelId: null, threadId: null } })
          : rejected("anew"),
    });
    send("under way");
    endAll({ send }, 1, 1);
    for (let n = 1; n <= 8; n++) send(`news ${n}`, { priority: 0 });
    await clock.advance(60_000);
    expect(told(a, 1).slice(-2)).toEqual(["edit message-1: Resolved: down 1", "up 1"]);
    expect(results.get("up 1")).toMatchObject({ destinations: [{ inPlace: { because: "refused-in-place" } }] });
  });

  it("what begins again is told after its end", async () => {
    const { a, send, clock } = await setUp(1);
    send("under way");
    endAll({ send }, 1, 1);
    for (let n = 1; n <= 6; n++) send(`news ${n}`, { priority: 0 });
    send("fire", { priority: 30 });
    send("down again", { ...firing("k1"), priority: 30 });
    await clock.advance(60_000);
    const after = told(a, 1);
    expect(after.indexOf("edit message-1: Resolved: down 1")).toBeLessThan(after.indexOf("down again"));
    send("up again", resolved("k1"));
    await clock.advance(1_000);
    expect(told(a, 1).at(-1)).toMatch(/^edit message-\d+: Resolved: down again$/);
  });
});
