import { describe, expect, it } from "vitest";
import type { LimitReport } from "../channel.ts";
import { createGate } from "./gate.ts";

const report = (limit: number, remaining: number, resetAfterMs: number): LimitReport => ({
  limit,
  remaining,
  resetAfterMs,
  poolKey: null,
});

function request(gate: ReturnType<typeof createGate>, now: number, answer?: LimitReport): void {
  gate.start(now);
  gate.finish(now);
  if (answer !== undefined) gate.learn(answer, now);
}

describe("gate", () => {
  it("waits for the told reset when nothing remains, even where its own window has room", () => {
    const gate = createGate("webhook:1", { limit: 5, intervalMs: 2_000 });
    request(gate, 0, report(5, 0, 4_900));
    expect(gate.nextAt(0)).toBe(4_900);
    expect(gate.nextAt(4_900)).toBe(4_900);
  });

  it("keeps to its own window where the headers claim more than anybody has", () => {
    const gate = createGate("webhook:1", { limit: 1, intervalMs: 2_000 });
    request(gate, 0, report(50_000, 49_999, 1_000));
    expect(gate.nextAt(0)).toBe(2_005);
  });

  it("adopts a limit that is believable", () => {
    const gate = createGate("webhook:1", { limit: 1, intervalMs: 2_000 });
    request(gate, 0, report(10, 9, 1_000));
    expect(gate.nextAt(0)).toBe(0);
  });

  it("keeps the first told wait exactly, then adds 1, 2, 4 … 60 seconds while it is still refused", () => {
    const gate = createGate("webhook:1", { limit: 100, intervalMs: 1 });
    const waits = [1, 2, 3, 4, 5, 6, 7, 8, 9].map(() => {
      const now = gate.blockedUntil;
      return gate.refuse(500, now) - now;
    });
    expect(waits).toEqual([500, 1_500, 2_500, 4_500, 8_500, 16_500, 32_500, 60_500, 60_500]);
    gate.accept();
    expect(gate.refuse(500, 1_000_000) - 1_000_000).toBe(500);
  });

  it("waits five seconds when it is not told how long", () => {
    expect(createGate("x", { limit: 1, intervalMs: 1 }).refuse(null, 1_000)).toBe(6_000);
  });

  it("never shortens a wait that it was told before", () => {
    const gate = createGate("x", { limit: 1, intervalMs: 1 });
    gate.refuse(60_000, 0);
    expect(gate.refuse(10, 0)).toBe(60_000);
  });

  it("forgets what the remote said when reset, but not its own window", () => {
    const gate = createGate("x", { limit: 1, intervalMs: 2_000 });
    request(gate, 0, report(5, 0, 60_000));
    gate.refuse(60_000, 0);
    gate.reset();
    expect(gate.snapshot(0)).toEqual({ limit: null, remaining: null, resetAt: null });
    expect(gate.nextAt(0)).toBeLessThanOrEqual(2_005);
  });
});
