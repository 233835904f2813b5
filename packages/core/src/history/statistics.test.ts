import { describe, expect, it } from "vitest";
import type { DestinationResult } from "../delivery/result.ts";
import { addFact, emptyRollUp, mergeRollUp, type RollUp } from "./roll-up.ts";
import { figuresOf, rangeOf } from "./statistics.ts";

const delivered = (attempts: number): DestinationResult => ({
  destination: "a",
  status: "delivered",
  attempts,
  messageId: null,
  possibleRepeat: attempts > 2,
});
const failed = (attempts: number): DestinationResult => ({
  destination: "a",
  status: "failed",
  attempts,
  reason: "attempts-exhausted",
  error: null,
});
const folded: DestinationResult = { destination: "a", status: "folded", attempts: 3, into: "ntf_x" };

function ending(...results: readonly DestinationResult[]): RollUp {
  const rollUp = emptyRollUp();
  for (const result of results) addFact(rollUp, { attempt: null, end: { result, createdAt: 0, settledAt: 10 } });
  return rollUp;
}

describe("figuresOf", () => {
  it("tells what retrying was good for", () => {
    const { retries } = figuresOf(
      ending(delivered(1), delivered(1), delivered(2), delivered(12), failed(3), failed(1)),
    );
    expect(retries).toEqual({
      deliveredAtOnce: 2,
      deliveredAfterRetry: 2,
      gaveUpAfterRetry: 1,
      possibleRepeats: 1,
      deliveredAfter: { "1": 2, "2": 1, "10+": 1 },
    });
  });

  it("counts into the success rate only what was to be delivered", () => {
    expect(figuresOf(ending(delivered(1), delivered(1), delivered(1), failed(3), folded)).successRate).toBe(0.75);
    expect(figuresOf(ending(folded)).successRate).toBe(null);
  });

  it("does not blame a folded delivery for giving up", () => {
    const { retries, reasons, ends } = figuresOf(ending(folded));
    expect([retries.gaveUpAfterRetry, reasons, ends]).toEqual([0, {}, { folded: 1 }]);
  });
});

describe("roll-ups", () => {
  it("add up", () => {
    const both = ending(delivered(1), failed(2));
    mergeRollUp(both, ending(delivered(3)));
    expect(both).toEqual(ending(delivered(1), failed(2), delivered(3)));
  });

  it("count tries by outcome and error", () => {
    const rollUp = emptyRollUp();
    const at = { startedAt: 100, endedAt: 180 };
    addFact(rollUp, { attempt: { outcome: "unavailable", errorCode: "http-503", ...at }, end: null });
    addFact(rollUp, { attempt: { outcome: "delivered", errorCode: null, ...at }, end: null });
    expect(rollUp).toMatchObject({ tries: { unavailable: 1, delivered: 1 }, errors: { "http-503": 1 } });
    expect(rollUp.response).toMatchObject({ count: 2, sumMs: 160 });
  });
});

describe("rangeOf", () => {
  it("widens a range to whole minutes", () => {
    expect(rangeOf({ from: 59_999, to: 60_001 })).toEqual({ from: 0, to: 120_000 });
    expect(rangeOf({ from: 60_000, to: 120_000 })).toEqual({ from: 60_000, to: 120_000 });
  });
});
