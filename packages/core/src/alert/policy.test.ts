import { describe, expect, it } from "vitest";
import { ConfigError } from "../errors/config-error.ts";
import { nextDueAt, stepAlert } from "./life-cycle.ts";
import { type AlertPolicy, DEFAULT_ALERT_POLICY, defineAlertPolicy } from "./policy.ts";
import { NEW_ALERT } from "./state.ts";

const MINUTE = 60_000;
const FLAPPING = { changes: 4, withinMs: 60 * MINUTE, calmForMs: 2 * MINUTE };

/** A fixed story of failures and successes, a minute apart, and its reasons. */
function storyOf(policy: AlertPolicy): readonly unknown[] {
  let state = NEW_ALERT;
  return [..."1110101001100000"].map((met, minute) => {
    const decision = stepAlert(policy, state, { kind: met === "1" ? "met" : "not-met", now: minute * MINUTE });
    state = decision.state;
    return [decision.reason, nextDueAt(policy, state)];
  });
}

describe("defineAlertPolicy", () => {
  it.each([
    { failuresBeforeAlert: 2 },
    { minFailingMs: MINUTE },
    { successesBeforeResolve: 2 },
    { cooldownMs: 10 * MINUTE },
    { remindAfterMs: [MINUTE] },
    { flapping: FLAPPING },
  ])("no setting is dead: %o changes the story", (setting) => {
    expect(storyOf(defineAlertPolicy(setting))).not.toEqual(storyOf(DEFAULT_ALERT_POLICY));
  });

  it.each([{ changes: 5 }, { withinMs: MINUTE }, { calmForMs: MINUTE }])("nor is one of flapping: %o", (setting) => {
    const other = defineAlertPolicy({ flapping: { ...FLAPPING, ...setting } });
    expect(storyOf(other)).not.toEqual(storyOf(defineAlertPolicy({ flapping: FLAPPING })));
  });

  it("names every bad setting in one error", () => {
    const attempt = () =>
      defineAlertPolicy({
        ...{ failuresBeforeAlert: 0, minFailingMs: -1, successesBeforeResolve: 1.5, cooldownMs: Number.NaN },
        ...{ remindAfterMs: [1, -1], flapping: { changes: 2, withinMs: 0, calmForMs: Number.POSITIVE_INFINITY } },
      });
    expect(attempt).toThrow(ConfigError);
    expect(attempt).toThrow(
      /^CONFIG_ALERT: failuresBeforeAlert .* got 0; minFailingMs .* got -1; successesBeforeResolve .* got 1.5; cooldownMs .* got NaN; remindAfterMs\[1\] .* got -1; flapping.changes .* got 2; flapping.withinMs .* got 0; flapping.calmForMs .* got Infinity$/,
    );
    expect(() => defineAlertPolicy({ remindAfterMs: 5 as never })).toThrow(/must be a list of milliseconds/);
  });

  it("returns a frozen policy", () => {
    expect(Object.isFrozen(defineAlertPolicy())).toBe(true);
  });
});
