import { describe, expect, it } from "vitest";
import { aDelivery } from "../../testing/deliveries.ts";
import { createVirtualClock } from "../../testing/virtual-clock.ts";
import { createMemoryOutbox, type DeliveryRecord, type Outbox } from "./outbox.ts";
import { createSteadfastOutbox } from "./steadfast-outbox.ts";

/** A store that writes down what it is asked, and fails while told to. */
function setUp() {
  const clock = createVirtualClock({ startAt: 0 });
  const written: string[] = [];
  const health: (string | null)[] = [];
  const store = { fails: false };
  const write = (what: string) => async () => {
    if (store.fails) throw new Error("disk full");
    written.push(what);
  };
  const broken: Outbox = {
    ...createMemoryOutbox(),
    append: ([record]: readonly DeliveryRecord[]) => write(`append ${record!.id}`)(),
    amend: ({ id }) => write(`amend ${id}`)(),
    settle: ([one]) => write(`settle ${one!.delivery.id}`)(),
  };
  const outbox = createSteadfastOutbox(broken, { clock, onHealth: (error) => health.push(error?.message ?? null) });
  return { clock, written, health, store, broken, outbox };
}

const settlement = (delivery: DeliveryRecord) => ({
  delivery,
  result: { destination: "a", status: "folded", attempts: 0, into: "ntf_x" } as const,
  attempt: null,
  settledAt: 0,
});

describe("steadfast outbox", () => {
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
    const outbox = createSteadfastOutbox(broken, { clock, onHealth: () => {} });
    await outbox.append([aDelivery("1")]);
    expect(outbox.owed).toBe(1);
  });

  it("takes a key for unknown when the store cannot be read: rather told twice than not at all", () => {
    const { broken, clock } = setUp();
    const acceptedUnder = () => {
      throw new Error("torn");
    };
    const outbox = createSteadfastOutbox({ ...broken, acceptedUnder }, { clock, onHealth: () => {} });
    expect(outbox.acceptedUnder("order", 0)).toBeNull();
  });
});
