import { describe, expect, it } from "vitest";
import { aNotification } from "../../../testing/notifications.ts";
import { createTold, type Told, toldFactOf } from "./told.ts";

const about = { label: "webhook 1", recovery: null, since: 0 };

function setUp(facts = new Map<string, string>()) {
  const told = createTold("ops: night", {
    keep: (key, value) => void facts.set(key, JSON.stringify(value)),
    drop: (key) => void facts.delete(key),
    isRecalled: true,
  });
  return { told, facts };
}

const partOf = (id: string, place = 0) => ({ id, channelId: null, threadId: null, place });
const messageOf = (id: string, at = 0) => ({
  ...partOf(id),
  at,
  degrade: [],
  notifications: [aNotification({ files: [{ name: "a.txt", data: new Uint8Array(), contentType: null }] })],
});

function tell(told: Told, key: string, { id, at = 0 }: { id: string; at?: number }): void {
  told.tell(key, partOf(id), about);
  told.hold(messageOf(id, at));
}

describe("what stands at a destination", () => {
  it("is known until the matter is over", () => {
    const { told, facts } = setUp();
    tell(told, "db", { id: "m1" });
    expect([told.has("db"), told.matter("db")?.parts[0]?.id, told.message("m1")?.id]).toEqual([true, "m1", "m1"]);
    told.end("db");
    expect([told.has("db"), told.matter("db"), told.message("m1")]).toEqual([false, null, null]);
    expect(facts.size).toBe(0);
  });

  it("keeps a message until the last of its matters is over", () => {
    const { told } = setUp();
    told.tell("x", partOf("m1", 0), about);
    told.tell("y", partOf("m1", 1), about);
    told.hold(messageOf("m1"));
    told.end("x");
    expect(told.message("m1")).not.toBeNull();
    told.end("y");
    expect(told.message("m1")).toBeNull();
  });

  it("survives a restart, whatever keys and names contain", () => {
    const { told, facts } = setUp();
    tell(told, "health:a:b", { id: "m1" });
    const after = setUp().told;
    for (const [fact, json] of facts) {
      const found = toldFactOf(fact)!;
      expect(found.lane).toBe("ops: night");
      after.recall(found.kind, found.key, JSON.parse(json));
    }
    expect(after.matter("health:a:b")).toEqual(told.matter("health:a:b"));
    expect(after.message("m1")).toEqual(told.message("m1"));
    after.end("health:a:b");
    expect(after.message("m1")).toBeNull();
  });

  it("begins again where the destination is another one now", () => {
    const { told } = setUp();
    tell(told, "db", { id: "m1" });
    told.tell("db", partOf("m2"), { ...about, label: "webhook 2" });
    expect(told.matter("db")).toMatchObject({ label: "webhook 2", parts: [{ id: "m2" }] });
  });

  it("remembers the first message of a matter and the last ones", () => {
    const { told } = setUp();
    for (let n = 1; n <= 30; n++) told.tell("db", partOf(`m${n}`), about);
    const ids = told.matter("db")!.parts.map(({ id }) => id);
    expect(ids).toEqual(["m1", ...[22, 23, 24, 25, 26, 27, 28, 29, 30].map((n) => `m${n}`)]);
  });

  it("holds the content of 2,000 messages at most, for 30 days at most, and their addresses longer", () => {
    const { told, facts } = setUp();
    for (let n = 1; n <= 2_001; n++) tell(told, `k${n}`, { id: `m${n}`, at: n });
    expect([told.message("m1"), told.message("m2")?.id, told.matter("k1")?.parts[0]?.id]).toEqual([null, "m2", "m1"]);
    tell(told, "late", { id: "late", at: 30 * 86_400_000 + 1_000 });
    expect([told.message("m1000"), told.message("m1001")?.id]).toEqual([null, "m1001"]);
    expect([...facts.keys()].filter((key) => key.startsWith("message:"))).toHaveLength(1_002);
  });

  it("knows 20,000 matters at most", () => {
    const { told, facts } = setUp();
    for (let n = 1; n <= 20_001; n++) told.tell(`k${n}`, null, about);
    expect([told.has("k1"), told.has("k2"), facts.size]).toEqual([false, true, 20_000]);
  });

  it("holds no content of what nobody will ask for", () => {
    const { told, facts } = setUp();
    told.hold(messageOf("m1"));
    expect([told.message("m1"), facts.size]).toEqual([null, 0]);
  });
});

it("toldFactOf passes over other facts", () => {
  expect(toldFactOf("gate:told:x")).toBeNull();
});
