import { describe, expect, it } from "vitest";
import { aDelivery } from "../../testing/deliveries.ts";
import { aNotification } from "../../testing/notifications.ts";
import { createVirtualClock } from "../../testing/virtual-clock.ts";
import {
  createForgetfulMemory,
  createMemoryOutbox,
  type DeliveryRecord,
  type Memory,
  type Outbox,
  type Settlement,
} from "./outbox.ts";
import { createSteadfastStore } from "./steadfast-store.ts";

/** A store that writes down what it is asked, and fails while told to. */
function setUp() {
  const clock = createVirtualClock({ startAt: 0 });
  const written: string[] = [];
  const health: (string | null)[] = [];
  const store = { fails: false, refuses: "" };
  const write = (what: string) => async () => {
    if (store.fails) throw new Error("disk full");
    if (what === store.refuses) throw new TypeError("cannot be bound");
    written.push(what);
  };
  const broken: Outbox = {
    ...createMemoryOutbox(),
    append: ([record]: readonly DeliveryRecord[]) => write(`append ${record!.id}`)(),
    amend: ({ id }) => write(`amend ${id}`)(),
    settle: ([one]) => write(`settle ${one!.delivery.id}`)(),
  };
  const facts: Memory = { ...createForgetfulMemory(), remember: (key) => write(`remember ${key}`)() };
  const onHealth = (error: Error | null) => health.push(error?.message ?? null);
  const { outbox, memory } = createSteadfastStore({ outbox: broken, memory: facts, clock, onHealth });
  return { clock, written, health, store, broken, outbox, memory };
}

const settlement = (delivery: DeliveryRecord) => ({
  delivery,
  result: { destination: "a", status: "folded", attempts: 0, into: "ntf_x" } as const,
  attempt: null,
  settledAt: 0,
});

describe("steadfast outbox", () => {
  it("lets nothing overtake what is under way when the store begins to fail", async () => {
    const { broken, clock } = setUp();
    const answers: PromiseWithResolvers<void>[] = [];
    const asked: string[] = [];
    const { outbox, memory } = createSteadfastStore({
      outbox: {
        ...broken,
        append: ([record]) => {
          asked.push(record!.id);
          return answers[answers.push(Promise.withResolvers<void>()) - 1]!.promise;
        },
      },
      memory: createForgetfulMemory(),
      clock,
      onHealth: () => {},
    });
    const order: string[] = [];
    const append = (id: string) => void outbox.append([aDelivery(id)])?.then(() => order.push(id));
    for (const id of ["1", "2", "3"]) append(id);
    answers[0]!.reject(new Error("disk full"));
    await clock.settle();
    append("4");
    void memory.remember("fact", 1)?.catch(() => order.push("fact"));
    await clock.settle();
    expect(order).toEqual(["1"]);
    answers[2]!.reject(new Error("disk full"));
    answers[1]!.reject(new Error("disk full"));
    await clock.settle();
    expect(order).toEqual(["1", "3", "2", "4", "fact"]);
    expect(outbox.owed).toBe(5);
    // They are asked for again in the order in which they have become debts.
    await clock.advance(100);
    expect(asked).toEqual(["dlv_1", "dlv_2", "dlv_3", "dlv_1"]);
  });

  it("is as durable as the store below it", async () => {
    const { outbox, written } = setUp();
    await outbox.append([aDelivery("1")]);
    expect(written).toEqual(["append dlv_1"]);
  });

  it("lets the caller go on when the store fails, and writes in order when it works again", async () => {
    const { outbox, written, health, store, clock } = setUp();
    store.fails = true;
    await outbox.append([aDelivery("1")]);
    await outbox.amend(aDelivery("1"));
    await outbox.settle([settlement(aDelivery("1"))]);
    expect(outbox.owed).toBe(3);
    await clock.advance(100 + 200);
    store.fails = false;
    await clock.advance(400);
    expect(written).toEqual(["append dlv_1", "amend dlv_1", "settle dlv_1"]);
    expect(health).toEqual(["disk full", "disk full", "disk full", null]);
    expect(outbox.owed).toBe(0);
    expect(clock.pending).toBe(0);
  });

  it("owes facts as well, in their order among the rest", async () => {
    const { outbox, memory, written, store, clock } = setUp();
    store.fails = true;
    await expect(memory.remember("ban:x", { until: 1 })).rejects.toThrow("disk full");
    await expect(memory.remember("ban:y", { until: 1 })).rejects.toThrow("disk full");
    await outbox.append([aDelivery("1")]);
    store.fails = false;
    await clock.advance(100);
    expect(written).toEqual(["remember ban:x", "remember ban:y", "append dlv_1"]);
  });

  it("gives up a write that is refused again and again, so that what stands behind it is written", async () => {
    const { outbox, memory, written, health, store, clock } = setUp();
    store.refuses = "remember bad";
    await expect(memory.remember("bad", undefined)).rejects.toThrow("cannot be bound");
    await outbox.append([aDelivery("1")]);
    await clock.advance(100 + 200);
    expect([written, outbox.owed]).toEqual([[], 2]);
    await clock.advance(400 + 800);
    expect([written, outbox.owed]).toEqual([["append dlv_1"], 0]);
    expect(health).toEqual([...Array.from({ length: 4 }, () => "cannot be bound"), null]);
  });

  it("never gives up a write that a broken store does not take", async () => {
    const { outbox, written, store, clock } = setUp();
    store.fails = true;
    await outbox.append([aDelivery("1")]);
    await clock.advance(3_600_000);
    expect(outbox.owed).toBe(1);
    store.fails = false;
    await clock.advance(30_000);
    expect(written).toEqual(["append dlv_1"]);
  });

  it("says when the store has caught up", async () => {
    const { outbox, store, clock } = setUp();
    expect(outbox.caughtUp()).toBeUndefined();
    store.fails = true;
    await outbox.append([aDelivery("1")]);
    let isPaid = false;
    void outbox.caughtUp()?.then(() => {
      isPaid = true;
    });
    await clock.advance(100);
    expect(isPaid).toBe(false);
    store.fails = false;
    await clock.advance(200);
    expect(isPaid).toBe(true);
  });

  it("holds what it owes within bounds: detail goes first, then what was told meanwhile; what prevents loss and repeats stays", async () => {
    const clock = createVirtualClock({ startAt: 0 });
    const state = { fails: true };
    const [waiting, settled, attempts]: [Set<string>, Map<string, Settlement>, string[]] = [
      new Set(["dlv_had"]),
      new Map(),
      [],
    ];
    const write = (act: () => void) => async () => {
      if (state.fails) throw new Error("disk full.");
      act();
    };
    const disk: Outbox = {
      ...createMemoryOutbox(),
      append: (deliveries) =>
        write(() => {
          for (const { id } of deliveries) waiting.add(id);
        })(),
      settle: (all) =>
        write(() => {
          for (const one of all) {
            if (waiting.delete(one.delivery.id)) settled.set(one.delivery.id, one);
            else attempts.push(one.delivery.id);
          }
        })(),
    };
    const health: string[] = [];
    const onHealth = (error: Error | null) => health.push(error?.message ?? "well");
    const memory = { ...createForgetfulMemory(), remember: (key: string) => write(() => void attempts.push(key))() };
    const { outbox, memory: facts } = createSteadfastStore({
      outbox: disk,
      memory,
      clock,
      onHealth,
      mostOwedBytes: 100_000,
    });
    const message = "x".repeat(2_000);
    const big = (name: string) => aDelivery(name, { notification: aNotification({ message }) });
    await outbox.settle([settlement(big("had"))]);
    await facts.remember("ban:x", {})?.catch(() => {});
    // Each about 4,500 bytes: a thousand told, and ten that still wait.
    for (let n = 0; n < 1_000; n++) {
      await outbox.append([big(`told${n}`)]);
      await outbox.settle([settlement(big(`told${n}`))]);
    }
    for (let n = 0; n < 10; n++) await outbox.append([big(`open${n}`)]);
    expect(outbox.owed).toBeLessThan(100);
    await clock.advance(200);
    expect(health.at(-1)).toMatch(
      /^disk full\. What it is owed .* without detail, and 9\d\d notifications .* missing in history\.$/,
    );
    state.fails = false;
    await clock.advance(60_000);
    expect([outbox.owed, health.at(-1)]).toEqual([0, "well"]);
    for (let n = 0; n < 10; n++) expect(waiting.has(`dlv_open${n}`)).toBe(true);
    expect(waiting.size).toBe(10);
    expect(settled.get("dlv_had")?.delivery.notification.message).toBeNull();
    expect(attempts).toEqual(["ban:x"]);
  });

  it("does not let a new write overtake what is owed", async () => {
    const { outbox, written, store, clock } = setUp();
    store.fails = true;
    await outbox.append([aDelivery("1")]);
    store.fails = false;
    await outbox.append([aDelivery("2")]);
    expect(written).toEqual([]);
    await clock.advance(100);
    expect(written).toEqual(["append dlv_1", "append dlv_2"]);
  });

  it("takes a store that throws at once like one that rejects", async () => {
    const clock = createVirtualClock();
    const broken = {
      ...createMemoryOutbox(),
      append: () => {
        throw new Error("closed");
      },
    };
    const memory = createForgetfulMemory();
    const { outbox } = createSteadfastStore({ outbox: broken, memory, clock, onHealth: () => {} });
    await outbox.append([aDelivery("1")]);
    expect(outbox.owed).toBe(1);
  });

  it("takes what cannot be read for not there, and says so until it can be read again", () => {
    const { broken, clock, health } = setUp();
    const state = { isTorn: true };
    const torn =
      <Result>(result: Result) =>
      () => {
        if (state.isTorn) throw new Error("torn");
        return result;
      };
    const { outbox, memory } = createSteadfastStore({
      outbox: { ...broken, backlog: torn([]), recentRequests: torn([]), page: torn([]), acceptedUnder: torn(null) },
      memory: { ...createForgetfulMemory(), recall: torn(new Map()) },
      clock,
      onHealth: (error) => health.push(error?.message ?? null),
    });
    expect(() => outbox.recentRequests(0)).toThrow("torn");
    expect(outbox.acceptedUnder("order", 0)).toBe(null);
    expect(memory.recall(() => {})).toBe(false);
    // Nothing is not the end of what waits.
    expect(() => outbox.backlog()).toThrow("torn");
    expect(() => outbox.page("a", null, 1)).toThrow("torn");
    // What is remembered has been asked for twice.
    expect(health).toEqual(Array(6).fill("torn"));
    state.isTorn = false;
    outbox.backlog();
    // What waits in the lane has not been read yet.
    expect(health.slice(6)).toEqual([]);
    outbox.page("a", null, 1);
    expect(health.slice(6)).toEqual([null]);
  });
});
