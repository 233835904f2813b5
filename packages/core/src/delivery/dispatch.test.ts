import { describe, expect, it } from "vitest";
import { engineBench as bench, limitedTo, titles } from "../../testing/engine-bench.ts";
import { createFakeChannel } from "../../testing/fake-channel.ts";
import { banned, rateLimited, unavailable } from "../../testing/outcomes.ts";
import { createMemoryOutbox, type Durable } from "./outbox.ts";

const MINUTE_MS = 60_000;
const GONE = { code: "gone", message: "It is gone.", status: 404 };

/** One message that is to be sent at most once is about to leave `a`: the store has not marked it yet. */
function setUp() {
  const marks: boolean[] = [];
  const store = { kept: Promise.withResolvers<void>() };
  const amend = ({ possibleRepeat }: { possibleRepeat: boolean }): Durable => {
    marks.push(possibleRepeat);
    return possibleRepeat ? store.kept.promise : undefined;
  };
  const life = bench({ outbox: { ...createMemoryOutbox(), isDurable: true, amend } });
  const limits = limitedTo({ limit: 50, intervalMs: 1_000 }, "egress");
  const a = life.channel("a", { limits });
  const b = life.channel("b", { limits, latencyMs: 100 });
  life.send("once", { atMostOnce: true, expiresAt: life.clock.now() + 45 * MINUTE_MS });
  return { ...life, a, b, marks, store, mark: () => store.kept.resolve() };
}

type Life = ReturnType<typeof setUp>;

const sendTo = (life: Life) => life.send("other", { lanes: ["b"] });

function isDelivered({ a, results }: Life): void {
  expect(titles(a)).toEqual(["once"]);
  expect(results.get("once")).toMatchObject({ status: "delivered", attempts: 1 });
}

describe("what is to be sent at most once", () => {
  it("leaves when the store knows that it is about to", async () => {
    const { a, clock, mark, marks } = setUp();
    await clock.advance(1_000);
    expect(titles(a)).toEqual([]);
    mark();
    await clock.settle();
    expect(titles(a)).toEqual(["once"]);
    expect(marks).toEqual([true]);
  });

  it.each<{ what: string; happens: (life: Life) => unknown; ends?: (life: Life) => unknown }>([
    {
      what: "the address is banned",
      happens: (life) => {
        life.b.answer(banned(15 * MINUTE_MS));
        sendTo(life);
      },
    },
    {
      what: "all are told to wait",
      happens: (life) => {
        life.b.answer(rateLimited(15 * MINUTE_MS, "global"));
        sendTo(life);
      },
    },
    {
      what: "the destination is paused",
      happens: ({ engine, clock }) => engine.pauses.pause({ untilAt: clock.now() + 15 * MINUTE_MS }),
    },
    {
      what: "a check finds the webhook gone",
      happens: ({ engine }) => engine.changes.disable("a", GONE),
      ends: ({ results, engine }) => {
        expect(results.get("once")).toMatchObject({ reason: "destination-disabled", attempts: 0 });
        expect(engine.status()[0]).toMatchObject({ mode: "disabled", error: GONE });
      },
    },
    {
      what: "the destination is removed",
      happens: ({ engine }) => engine.changes.remove("a"),
      ends: ({ results }) => expect(results.get("once")).toMatchObject({ reason: "destination-removed", attempts: 0 }),
    },
    {
      what: "the engine is closed",
      happens: ({ engine }) => engine.close(),
      ends: ({ a }) => expect(titles(a)).toEqual([]),
    },
    {
      what: "it expires",
      happens: ({ clock }) => clock.advance(50 * MINUTE_MS),
      ends: ({ results }) => expect(results.get("once")).toMatchObject({ status: "expired", attempts: 0 }),
    },
  ])("does not leave when $what meanwhile, and is not marked any more", async ({ happens, ends }) => {
    const own = setUp();
    happens(own);
    await own.clock.advance(1_000);
    own.mark();
    await own.clock.settle();
    expect(titles(own.a)).toEqual([]);
    expect(own.marks).toEqual([true, false]);
    await own.clock.advance(14 * MINUTE_MS);
    expect(titles(own.a)).toEqual([]);
    await own.clock.advance(2 * MINUTE_MS);
    if (ends === undefined) isDelivered(own);
    else ends(own);
  });

  it("goes to where the destination leads now", async () => {
    const { engine, clock, a, mark } = setUp();
    const other = createFakeChannel({ clock, label: "elsewhere" });
    void engine.changes.set("a", other);
    mark();
    await clock.settle();
    expect([titles(a), titles(other)]).toEqual([[], ["once"]]);
  });

  it("is the probe of an open breaker later, when it has been held back from being that", async () => {
    const { engine, clock, a, send, mark, store } = setUp();
    a.answer(...Array.from({ length: 5 }, () => unavailable()));
    send("again", { atMostOnce: true });
    mark();
    await clock.advance(50_000);
    store.kept = Promise.withResolvers<void>();
    await clock.advance(50_000);
    expect(engine.status()[0]).toMatchObject({ breaker: "half-open", mode: "sending" });
    void engine.pauses.pause({});
    store.kept.resolve();
    await clock.advance(50_000);
    expect(engine.status()[0]).toMatchObject({ breaker: "open", mode: "waiting" });
    void engine.pauses.resume({});
    await clock.settle();
    expect(engine.status()[0]).toMatchObject({ breaker: "closed", mode: "idle" });
    expect(titles(a)).toEqual(["once", "once", "once", "again", "again", "again"]);
  });
});
