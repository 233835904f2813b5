import { expect, it } from "vitest";
import { engineBench, START, titles } from "../../testing/engine-bench.ts";
import { aNotification } from "../../testing/notifications.ts";
import type { DeliveryEngine } from "../delivery/engine.ts";
import { createMemoryOutbox } from "../delivery/outbox.ts";
import { createHeld, type Held } from "./held.ts";

const UNTIL = START + 60_000;

it("what quiet hours have held back is told when they end, though its lane is full, and not held again", async () => {
  const outbox = createMemoryOutbox();
  let heldAgain = 0;
  const held: { current: Held | null } = { current: null };
  const { clock, engine, channel, send } = engineBench({
    outbox,
    queueSize: 1,
    overflow: "drop-oldest",
    holdBack: (...one) => {
      heldAgain++;
      held.current?.takeOver(...one);
    },
  });
  held.current = createHeld({
    clock,
    outbox,
    matters: engine.matters,
    timeZone: () => "UTC",
    destinations: new Map([["a", "a"]]),
    nextNotificationId: () => "ntf_summary",
    post: (notification, lane) => void post(engine, notification, lane),
    onEvent: () => {},
  });
  const a = channel("a", { inPlace: ["edit"], recovery: "edit" });
  const matter = { key: "db", phase: "firing" } as const;
  send("down", matter);
  await clock.advance(100);
  void engine.pauses.pause({ untilAt: UNTIL + 10_000 });
  send("other");
  const quietly = [{ destination: "a", until: UNTIL, by: "notification" }] as const;
  const routing = { to: ["a"], deferred: [], quietly, because: "beginning", withheld: null, evaluations: [] } as const;
  const up = aNotification({ id: "ntf_up", title: "up", ...matter, phase: "resolved", routing });
  void held.current.hold(up, quietly);
  await clock.advance(120_000, () => heldAgain > 3);
  expect(heldAgain).toBe(0);
  expect(titles(a)).toEqual(["down", "Resolved: down"]);
});

function post(engine: DeliveryEngine, notification: Parameters<Held["hold"]>[0], lane: string) {
  return engine.enqueue([
    { notification, lanes: [lane], listener: { settle() {}, isAwaited: () => false, letGo() {} } },
  ]);
}
