import { describe, expect, it } from "vitest";
import { engineBench as bench, START, titles } from "../../testing/engine-bench.ts";
import { rejected } from "../../testing/outcomes.ts";

function setUp() {
  const engine = bench();
  const a = engine.channel("a", { latencyMs: 100 });
  return { ...engine, a };
}

describe("the same key while it waits", () => {
  it("is replaced in its place and counted", async () => {
    const { a, send, clock, results } = setUp();
    send("under way");
    send("disk 1", { key: "disk" });
    send("other");
    for (let n = 2; n <= 37; n++) send(`disk ${n}`, { key: "disk" });
    await clock.advance(1_000);
    expect(titles(a)).toEqual(["under way", "disk 37", "other"]);
    expect(a.sent[1]!.request.notifications[0]).toMatchObject({ count: 37 });
    expect(results.get("disk 1")).toMatchObject({
      success: true,
      status: "folded",
      destinations: [{ into: "ntf_disk 2" }],
    });
    expect(results.get("disk 37")).toMatchObject({ success: true, status: "delivered" });
  });

  it("moves ahead when the newer one is more important", async () => {
    const { a, send, clock } = setUp();
    send("under way");
    send("other");
    send("disk", { key: "disk" });
    send("disk burns", { key: "disk", priority: 30 });
    await clock.advance(1_000);
    expect(titles(a)).toEqual(["under way", "disk burns", "other"]);
  });

  it("is told again once the first is on its way", async () => {
    const { a, send, clock } = setUp();
    send("disk 1", { key: "disk" });
    await clock.advance(50);
    send("disk 2", { key: "disk" });
    await clock.advance(1_000);
    expect(titles(a)).toEqual(["disk 1", "disk 2"]);
  });
});

describe("beginning and end of one matter", () => {
  const firing = { key: "db", phase: "firing" } as const;
  const resolved = { key: "db", phase: "resolved" } as const;

  it("are one message when both wait", async () => {
    const { a, send, clock, results } = setUp();
    send("under way");
    send("db down", firing);
    send("db up", resolved);
    await clock.advance(1_000);
    expect(titles(a)).toEqual(["under way", "db up"]);
    expect(a.sent[1]!.request.notifications[0].over).toEqual({ since: START, until: START });
    expect(results.get("db down")).toMatchObject({ status: "folded" });
  });

  it("are two messages when the first was told before the second came", async () => {
    const { a, send, clock, results } = setUp();
    send("db down", firing);
    await clock.advance(1_000);
    send("db up", resolved);
    await clock.advance(1_000);
    expect(titles(a)).toEqual(["db down", "db up"]);
    expect(results.get("db up")).toMatchObject({ status: "delivered" });
  });

  it("leave the end out where the beginning never arrived", async () => {
    const { a, send, clock, results } = setUp();
    a.answer(rejected());
    send("db down", firing);
    await clock.advance(50);
    send("db up", resolved);
    await clock.advance(1_000);
    expect(titles(a)).toEqual(["db down"]);
    expect(results.get("db up")).toMatchObject({ status: "dropped", reason: "nothing-to-resolve" });
  });

  it("tell an end once only", async () => {
    const { a, send, clock } = setUp();
    for (const [title, phase] of [
      ["down", firing],
      ["up", resolved],
      ["up again", resolved],
    ] as const) {
      send(title, phase);
      await clock.advance(1_000);
    }
    expect(titles(a)).toEqual(["down", "up"]);
  });
});
