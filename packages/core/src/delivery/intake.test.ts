import { expect, it } from "vitest";
import { engineBench as bench, titles } from "../../testing/engine-bench.ts";
import { aNotification } from "../../testing/notifications.ts";
import { createMemoryOutbox, type Outbox } from "./outbox.ts";

const NOBODY = { settle() {}, isAwaited: () => false, letGo() {} };

function setUp(append: Outbox["append"]) {
  const { engine, channel, clock } = bench({ outbox: { ...createMemoryOutbox(), isDurable: true, append } });
  const a = channel("a");
  let isAccepted = false;
  const enqueued = engine.enqueue([{ notification: aNotification({ title: "1" }), lanes: ["a"], listener: NOBODY }]);
  void enqueued?.then(() => {
    isAccepted = true;
  });
  return { a, clock, isAccepted: () => isAccepted };
}

it("sends what only a loss of power can take back, and has accepted it when that cannot either", async () => {
  const durable = Promise.withResolvers<void>();
  const told: (() => void)[] = [];
  const { a, clock, isAccepted } = setUp((_, onCommitted) => {
    told.push(onCommitted!);
    return durable.promise;
  });
  await clock.settle();
  expect(titles(a)).toEqual([]);
  told[0]!();
  await clock.settle();
  expect(titles(a)).toEqual(["1"]);
  expect(isAccepted()).toBe(false);
  durable.resolve();
  await clock.settle();
  expect(titles(a)).toEqual(["1"]);
  expect(isAccepted()).toBe(true);
});

it("sends what a store keeps that does not tell when it is committed", async () => {
  const { a, clock, isAccepted } = setUp(() => Promise.resolve());
  await clock.settle();
  expect(titles(a)).toEqual(["1"]);
  expect(isAccepted()).toBe(true);
});

it("sends in the order in which it was told, whichever the store has kept first", async () => {
  const writes: PromiseWithResolvers<void>[] = [];
  const append = (): Promise<void> => {
    const write = Promise.withResolvers<void>();
    writes.push(write);
    return write.promise;
  };
  const { engine, channel, clock } = bench({ outbox: { ...createMemoryOutbox(), isDurable: true, append } });
  const a = channel("a");
  for (const title of ["1", "2", "3"])
    void engine.enqueue([{ notification: aNotification({ title }), lanes: ["a"], listener: NOBODY }]);
  const [first, second, third] = writes;
  second?.resolve();
  await clock.settle();
  expect(titles(a)).toEqual([]);
  first?.resolve();
  await clock.settle();
  expect(titles(a)).toEqual(["1", "2"]);
  third?.resolve();
  await clock.settle();
  expect(titles(a)).toEqual(["1", "2", "3"]);
});
