import { describe, expect, it } from "vitest";
import { ConfigError } from "../../errors/config-error.ts";
import {
  type BreakerState,
  breakerOpensAt,
  CLOSED,
  defineBreakerPolicy,
  onFailure,
  onStart,
  onSuccess,
} from "./breaker.ts";

const policy = defineBreakerPolicy();

function afterFailures(count: number, from: BreakerState = CLOSED): BreakerState {
  let state = from;
  for (let i = 1; i <= count; i++) state = onFailure(state, policy, i * 10);
  return state;
}

describe("breaker", () => {
  it("stays closed for four failures and opens for a minute at the fifth", () => {
    expect(afterFailures(4)).toEqual({ mode: "closed", failures: 4 });
    expect(afterFailures(5)).toEqual({ mode: "open", since: 50, until: 60_050 });
  });

  it("starts counting anew after a success", () => {
    expect(afterFailures(4, onSuccess(afterFailures(4)))).toEqual({ mode: "closed", failures: 4 });
  });

  it("lets one probe through when its time has come; success closes, failure opens again and remembers since when", () => {
    const open = afterFailures(5);
    expect(breakerOpensAt(open)).toBe(60_050);
    const probing = onStart(open);
    expect(probing).toEqual({ mode: "half-open", since: 50 });
    expect(onSuccess(probing)).toEqual(CLOSED);
    expect(onFailure(probing, policy, 61_000)).toEqual({ mode: "open", since: 50, until: 121_000 });
  });

  it("no setting is dead: threshold and time open can be chosen", () => {
    const hasty = defineBreakerPolicy({ failureThreshold: 1, openForMs: 5 });
    expect(onFailure(CLOSED, hasty, 100)).toEqual({ mode: "open", since: 100, until: 105 });
  });

  it("refuses settings that make no sense, all at once", () => {
    expect(() => defineBreakerPolicy({ failureThreshold: 0, openForMs: 0 })).toThrow(ConfigError);
    expect(() => defineBreakerPolicy({ failureThreshold: 0, openForMs: 0 })).toThrow(/failureThreshold .*; openForMs/);
  });
});
