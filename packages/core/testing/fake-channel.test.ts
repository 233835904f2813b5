import { describe, expect, it } from "vitest";
import type { Clock } from "../src/clock/clock.ts";
import type { SendRequest } from "../src/delivery/channel.ts";
import type { Notification } from "../src/notification/notification.ts";
import { createFakeChannel } from "./fake-channel.ts";
import { rateLimited } from "./outcomes.ts";

const request: SendRequest = { notifications: [{} as Notification], attempt: 1, degrade: [], now: 0 };

/** Time that a test moves by hand; only what the fake channel needs of a clock. */
function handClock() {
  let now = 0;
  const timers: { at: number; fire: () => void }[] = [];
  const clock: Clock = {
    now: () => now,
    random: () => 0,
    schedule(at, fire) {
      const timer = { at, fire };
      timers.push(timer);
      return { cancel: () => void timers.splice(timers.indexOf(timer), 1) };
    },
    sleep: () => Promise.resolve(),
  };
  const advance = (ms: number): void => {
    now += ms;
    for (const timer of timers.filter(({ at }) => at <= now)) {
      timers.splice(timers.indexOf(timer), 1);
      timer.fire();
    }
  };
  return { clock, advance, waiting: () => timers.length };
}

describe("createFakeChannel", () => {
  it("delivers with numbered ids unless told otherwise", async () => {
    const channel = createFakeChannel({ clock: handClock().clock });
    await channel.send(request);
    expect(await channel.send(request)).toMatchObject({ kind: "delivered", messageId: "message-2" });
  });

  it("gives scripted answers first, in order, then asks respond", async () => {
    const channel = createFakeChannel({ clock: handClock().clock, respond: (_request, n) => rateLimited(n) });
    channel.answer(rateLimited(700), rateLimited(800));
    const waits = [];
    for (let i = 0; i < 3; i++) waits.push(await channel.send(request));
    expect(waits.map((outcome) => (outcome.kind === "rate-limited" ? outcome.retryAfterMs : null))).toEqual([
      700, 800, 3,
    ]);
  });

  it("takes its latency from the clock and records when each send began and ended", async () => {
    const { clock, advance } = handClock();
    const channel = createFakeChannel({ clock, latencyMs: 30 });
    const first = channel.send(request);
    advance(10);
    const second = channel.send(request);
    expect(channel.inFlight).toBe(2);
    advance(30);
    await Promise.all([first, second]);
    expect(channel.sent.map(({ startedAt, endedAt }) => [startedAt, endedAt])).toEqual([
      [0, 40],
      [10, 40],
    ]);
    expect([channel.inFlight, channel.mostInFlight]).toEqual([0, 2]);
  });

  it("ends what is under way when it is closed, and leaves no timer", async () => {
    const { clock, waiting } = handClock();
    const channel = createFakeChannel({ clock, latencyMs: 30 });
    const sending = channel.send(request);
    await channel.close();
    expect(await sending).toMatchObject({ kind: "ambiguous", error: { code: "closed" } });
    expect(await channel.send(request)).toMatchObject({ kind: "unavailable", error: { code: "closed" } });
    expect(waiting()).toBe(0);
  });
});
