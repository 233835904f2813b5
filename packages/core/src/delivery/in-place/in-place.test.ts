import { describe, expect, it } from "vitest";
import { engineBench as bench, type EngineBench, START, titles } from "../../../testing/engine-bench.ts";
import type { FakeChannel } from "../../../testing/fake-channel.ts";
import { ambiguous, rejected } from "../../../testing/outcomes.ts";
import { createMemoryStore } from "../../store/memory/memory-store.ts";
import type { LaneOptions } from "../lane/lanes.ts";

const firing = { key: "db", phase: "firing" } as const;
const resolved = { key: "db", phase: "resolved" } as const;
const BOTH = ["edit", "answer"] as const;

function setUp(recovery: LaneOptions["recovery"], engine: EngineBench = bench()) {
  return { ...engine, a: engine.channel("a", { recovery, inPlace: BOTH, latencyMs: 100 }) };
}

/** Each request as what it does to what. */
function told(channel: FakeChannel): string[] {
  return channel.sent.map(({ request: { edit, answers, notifications } }) => {
    const names = notifications.map(({ title }) => title).join(" + ");
    if (edit !== undefined) return `edit ${edit.id}: ${names}`;
    const to = answers?.map((address) => address?.id ?? "-").join();
    return to === undefined ? names : `${names} -> ${to}`;
  });
}

async function sendInTurn({ send, clock }: EngineBench, steps: readonly (readonly [string, object])[]): Promise<void> {
  for (const [title, phase] of steps) {
    send(title, phase);
    await clock.advance(1_000);
  }
}

describe("the end of a matter whose beginning was told", () => {
  it.each([
    ["new", ["down", "up"], { how: "new", because: "as-configured" }],
    ["edit", ["down", "edit message-1: Resolved: down"], { how: "edit", because: "as-configured" }],
    ["answer", ["down", "up -> message-1"], { how: "answer", because: "as-configured" }],
    ["both", ["down", "edit message-1: Resolved: down", "up -> message-1"], { how: "both", because: "as-configured" }],
  ] as const)("is told by %s", async (recovery, requests, inPlace) => {
    const engine = setUp(recovery);
    await sendInTurn(engine, [
      ["down", firing],
      ["up", resolved],
    ]);
    expect(told(engine.a)).toEqual(requests);
    expect(engine.results.get("up")).toMatchObject({ status: "delivered", destinations: [{ inPlace }] });
  });

  it("shows how long it lasted, and everything that the beginning said", async () => {
    const { a, send, clock } = setUp("edit");
    send("down", { ...firing, message: "No answer", color: 0xff0000, timestamp: START });
    await clock.advance(1_000);
    send("up", { ...resolved, message: "Answers again", timestamp: START + 720_000 });
    await clock.advance(1_000);
    expect(a.sent[1]!.request.notifications[0]).toMatchObject({
      title: "Resolved: down",
      message: "Answers again\nNo answer",
      color: null,
      over: { since: START, until: START + 720_000 },
    });
  });

  it("leaves the other parts of a message as they are, in their order, and ends several in one request", async () => {
    const { a, send, clock } = setUp("edit");
    a.fits = () => true;
    send("busy");
    for (const name of ["x", "y", "z"]) send(name, { key: name, phase: "firing" });
    await clock.advance(1_000);
    send("y up", { key: "y", phase: "resolved" });
    await clock.advance(10);
    send("z up", { key: "z", phase: "resolved" });
    send("x up", { key: "x", phase: "resolved" });
    await clock.advance(1_000);
    expect(told(a)).toEqual([
      "busy",
      "x + y + z",
      "edit message-2: x + Resolved: y + z",
      "edit message-2: Resolved: x + Resolved: y + Resolved: z",
    ]);
  });

  it("is answered together with others that end meanwhile, after all of their changes", async () => {
    const { a, send, clock, results } = setUp("both");
    a.fits = (notifications) => notifications.length <= 2;
    const [x, y, z] = ["x", "y", "z"].map((key) => ({ key, phase: "firing" as const, atMostOnce: key === "z" }));
    for (const begins of [x!, y!, z!]) {
      send(begins.key, begins);
      await clock.advance(1_000);
    }
    for (const begun of [x!, y!, z!]) send(`${begun.key} up`, { ...begun, phase: "resolved" });
    send("y again", y!);
    await clock.advance(10_000);
    expect(told(a).slice(3)).toEqual([
      "edit message-1: Resolved: x",
      "edit message-2: Resolved: y",
      "edit message-3: Resolved: z",
      "x up + y up -> message-1,message-2",
      "z up -> message-3",
      "y again",
    ]);
    expect(results.get("y up")).toMatchObject({ attempts: 2, destinations: [{ inPlace: { how: "both" } }] });
  });

  it("changes the follow-ups as well", async () => {
    const engine = setUp("both");
    await sendInTurn(engine, [
      ["down", firing],
      ["still down", firing],
      ["up", resolved],
    ]);
    expect(told(engine.a)).toEqual([
      "down",
      "still down -> message-1",
      "edit message-1: Resolved: down",
      "edit message-2: Resolved: still down",
      "up -> message-1",
    ]);
    expect(engine.results.get("up")).toMatchObject({ attempts: 3 });
    // Both say since when it was down.
    const shown = engine.a.sent.slice(2, 4).map(({ request }) => request.notifications[0].over?.since);
    expect(shown).toEqual([START, START]);
  });

  it("is told anew when the message may not be changed, and says so", async () => {
    const { a, send, clock, results } = setUp("edit");
    send("down", firing);
    await clock.advance(1_000);
    a.answer(rejected("anew", { code: "discord-10008" }));
    send("up", resolved);
    await clock.advance(1_000);
    expect(told(a)).toEqual(["down", "edit message-1: Resolved: down", "up"]);
    expect(results.get("up")).toMatchObject({
      attempts: 2,
      destinations: [{ inPlace: { how: "new", because: "refused-in-place" } }],
    });
  });

  it("is told anew where the destination named no message", async () => {
    const { a, send, clock, results } = setUp("edit");
    a.answer({ kind: "delivered", messageId: null, status: 204, limits: null });
    send("down", firing);
    await clock.advance(1_000);
    send("up", resolved);
    await clock.advance(1_000);
    expect(titles(a)).toEqual(["down", "up"]);
    expect(results.get("up")?.destinations[0]).toMatchObject({ inPlace: { because: "message-unknown" } });
  });

  it("is changed again when nobody knows whether it was, even where nothing is to be sent twice", async () => {
    const { a, send, clock, results } = setUp("edit");
    send("down", { ...firing, atMostOnce: true });
    await clock.advance(1_000);
    a.answer(ambiguous());
    send("up", { ...resolved, atMostOnce: true });
    await clock.advance(10_000);
    expect(told(a).slice(1)).toEqual(["edit message-1: Resolved: down", "edit message-1: Resolved: down"]);
    expect(results.get("up")).toMatchObject({ status: "delivered", destinations: [{ possibleRepeat: false }] });
  });

  it("begins anew when the matter comes back", async () => {
    const engine = setUp("both");
    await sendInTurn(engine, [
      ["down", firing],
      ["up", resolved],
      ["down again", firing],
    ]);
    expect(told(engine.a).at(-1)).toBe("down again");
  });

  it("goes as the route of its beginning wanted, not as the destination does", async () => {
    const engine = setUp("new");
    const evaluations = [{ route: "ops", verdict: "taken", to: ["a"] }] as const;
    const routing = {
      to: ["a"],
      deferred: [],
      because: "routes",
      withheld: null,
      evaluations,
      recovery: { a: "edit" },
    } as const;
    await sendInTurn(engine, [
      ["down", { ...firing, routing }],
      ["up", resolved],
    ]);
    expect(told(engine.a)).toEqual(["down", "edit message-1: Resolved: down"]);
  });
});

describe("after a restart", () => {
  it.each([
    ["a", ["edit message-1: Resolved: down"], "as-configured"],
    ["another", ["up"], "destination-replaced"],
  ])("at a destination that is %s now", async (label, requests, because) => {
    const clock = bench().clock;
    const store = createMemoryStore({ clock });
    const first = bench({ ...store, clock });
    first.engine.addLane("a", first.channel("unused", { label: "a", inPlace: BOTH }), { recovery: "edit" });
    const before = first.channel("b", { label: "a", inPlace: BOTH, recovery: "edit" });
    first.send("down", { ...firing, lanes: ["b"] });
    await clock.advance(1_000);
    expect(titles(before)).toEqual(["down"]);
    const second = bench({ ...store, clock });
    const after = second.channel("b", { label, inPlace: BOTH, recovery: "edit" });
    second.engine.restore();
    second.send("up", { ...resolved, lanes: ["b"] });
    await clock.advance(1_000);
    expect(told(after)).toEqual(requests);
    expect(second.results.get("up")?.destinations[0]).toMatchObject({ inPlace: { because } });
  });
});
