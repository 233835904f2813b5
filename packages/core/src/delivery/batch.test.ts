import { describe, expect, it } from "vitest";
import { engineBench as bench, offsets } from "../../testing/engine-bench.ts";
import type { FakeChannel } from "../../testing/fake-channel.ts";
import { ambiguous, rejected, unavailable } from "../../testing/outcomes.ts";
import type { Notification } from "../notification/notification.ts";

/** At most three in a message. */
const fits = (notifications: readonly Notification[]) => notifications.length <= 3;
const messages = (channel: FakeChannel) =>
  channel.sent.map(({ request }) => request.notifications.map(({ title }) => title).join("+"));

function setUp(options = {}) {
  const engine = bench(options);
  const a = engine.channel("a", { latencyMs: 100 });
  a.fits = fits;
  return { ...engine, a };
}

describe("batching", () => {
  it("sends the first at once and merges what waits meanwhile, in order", async () => {
    const { a, send, clock, results } = setUp();
    for (const title of ["1", "2", "3", "4", "5"]) send(title);
    await clock.advance(1_000);
    expect(messages(a)).toEqual(["1", "2+3+4", "5"]);
    expect(results.get("3")).toMatchObject({ success: true, messageId: "message-2" });
  });

  it("sends one at a time when turned off", async () => {
    const { a, send, clock } = setUp({ batching: false });
    for (const title of ["1", "2", "3"]) send(title);
    await clock.advance(1_000);
    expect(messages(a)).toEqual(["1", "2", "3"]);
  });

  it("does not merge different pings, texts above the embeds, files, or what must not be sent twice", async () => {
    const { a, send, clock } = setUp();
    send("first");
    send("plain");
    send("ping", { mentions: ["@here"] });
    send("ping too", { mentions: ["@here"] });
    send("text", { content: "Look" });
    send("file", { files: [{ name: "a.txt", data: new Uint8Array(1), contentType: null }] });
    send("once", { atMostOnce: true });
    await clock.advance(1_000);
    expect(messages(a)).toEqual(["first", "plain", "ping+ping too", "text", "file", "once"]);
  });

  it("tries each alone when a message of several is refused, so that one bad apple spoils nothing", async () => {
    const { a, send, clock, results } = setUp();
    const take = a.send.bind(a);
    a.send = async (request) => {
      const outcome = await take(request);
      return request.notifications.some(({ title }) => title === "bad") ? rejected() : outcome;
    };
    for (const title of ["1", "2", "bad", "3"]) send(title);
    await clock.advance(1_000);
    expect(messages(a)).toEqual(["1", "2+bad+3", "2", "bad", "3"]);
    expect([...results].map(([title, { success }]) => [title, success])).toEqual([
      ["1", true],
      ["2", true],
      ["bad", false],
      ["3", true],
    ]);
  });

  it("tries only those alone that the refusal names, each plainer at once, and the others together again", async () => {
    const { a, send, clock, results, events } = setUp();
    a.fits = (notifications) => notifications.length <= 10;
    const take = a.send.bind(a);
    a.send = async (request) => {
      const outcome = await take(request);
      const index = request.notifications.findIndex(({ title }) => title === "bad");
      const isTaken = index < 0 || request.degrade.includes("without-links");
      return isTaken ? outcome : rejected("text-only", { culprits: [{ index, degradeBy: "without-links" }] });
    };
    for (const title of ["1", "2", "3", "bad", "4", "5"]) send(title);
    await clock.advance(100);
    send("6");
    send("urgent", { priority: 9 });
    await clock.advance(1_000);
    // Without the names each would go alone: eight requests for these seven.
    expect(messages(a)).toEqual(["1", "2+3+bad+4+5", "urgent+2+3", "bad", "4+5+6"]);
    expect(a.sent.map(({ request }) => request.degrade)).toEqual([[], [], [], ["without-links"], []]);
    for (const { destinations } of results.values()) {
      expect(destinations).toMatchObject([{ status: "delivered", possibleRepeat: false }]);
    }
    expect(results.size).toBe(8);
    expect(events.filter(({ type }) => type === "degraded")).toMatchObject([{ notificationId: "ntf_bad" }]);
  });

  it("ends one at once that the refusal names and of which nothing more can be left out", async () => {
    const { a, send, clock, results } = setUp();
    for (const title of ["1", "2", "bad", "3"]) send(title);
    await clock.advance(100);
    a.answer(rejected("text-only", { culprits: [{ index: 1, degradeBy: null }] }));
    await clock.advance(1_000);
    expect(messages(a)).toEqual(["1", "2+bad+3", "2+3"]);
    expect(results.get("bad")).toMatchObject({ success: false, reason: "rejected", attempts: 1 });
  });

  it.each([
    { name: "none", culprits: [] },
    { name: "what is not in it", culprits: [{ index: 3, degradeBy: null }] },
  ])("tries each alone when the refusal names $name", async ({ culprits }) => {
    const { a, send, clock } = setUp();
    for (const title of ["1", "2", "3", "4"]) send(title);
    await clock.advance(100);
    a.answer(rejected("text-only", { culprits }));
    await clock.advance(1_000);
    expect(messages(a)).toEqual(["1", "2+3+4", "2", "3", "4"]);
  });

  it("keeps the order when a message of several has to be tried again", async () => {
    const { a, send, clock, results } = setUp();
    send("1");
    for (const title of ["2", "3", "4"]) send(title);
    await clock.advance(100);
    a.answer(unavailable());
    await clock.advance(10_000);
    expect(messages(a)).toEqual(["1", "2+3+4", "2+3+4"]);
    expect(offsets(a)).toEqual([0, 100, 1_200]);
    expect(results.get("4")).toMatchObject({ success: true, attempts: 2 });
  });

  it("marks every one of a message in doubt as a possible repeat", async () => {
    const { a, send, clock, results } = setUp();
    for (const title of ["1", "2", "3"]) send(title);
    await clock.advance(100);
    a.answer(ambiguous());
    await clock.advance(10_000);
    expect(results.get("1")!.destinations).toMatchObject([{ possibleRepeat: false }]);
    expect(results.get("3")!.destinations).toMatchObject([{ possibleRepeat: true }]);
  });
});
