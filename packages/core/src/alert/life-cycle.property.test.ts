/** What must hold for every policy, every story and every clock. */
import fc from "fast-check";
import { expect, it } from "vitest";
import { type AlertEvent, nextDueAt, stepAlert } from "./life-cycle.ts";
import { type AlertPolicy, defineAlertPolicy } from "./policy.ts";
import { type AlertState, NEW_ALERT } from "./state.ts";
import type { AlertDecision } from "./telling.ts";

const T = Date.UTC(2025, 0, 1);
const HOUR = 3_600_000;

const POLICY = fc
  .record({
    failuresBeforeAlert: fc.integer({ min: 1, max: 3 }),
    minFailingMs: fc.constantFrom(0, 1_000, HOUR),
    successesBeforeResolve: fc.integer({ min: 1, max: 3 }),
    cooldownMs: fc.constantFrom(0, 1_000, HOUR),
    remindAfterMs: fc.constantFrom([], [1_000], [1_000, HOUR]),
    flapping: fc.constantFrom(null, { changes: 3, withinMs: HOUR, calmForMs: 10_000 }),
  })
  .map(defineAlertPolicy);

const EVENT: fc.Arbitrary<AlertEvent> = fc.oneof(
  { weight: 5, arbitrary: fc.constant({ kind: "met" } as const) },
  { weight: 5, arbitrary: fc.constant({ kind: "not-met" } as const) },
  { weight: 2, arbitrary: fc.constant({ kind: "time" } as const) },
  { weight: 1, arbitrary: fc.constant({ kind: "acknowledge" } as const) },
  { weight: 1, arbitrary: fc.constant({ kind: "unacknowledge" } as const) },
  { weight: 1, arbitrary: fc.constant({ kind: "resolve" } as const) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(null, T, T + HOUR).map((until) => ({ kind: "silence", until }) as const),
  },
);

/** Mostly small steps, some jumps; `back` lets time run backwards as well. */
function steps(back: boolean) {
  const passed = fc.oneof(
    fc.integer({ min: back ? -2_000 : 0, max: 2_000 }),
    fc.integer({ min: back ? -HOUR : 0, max: HOUR }),
  );
  return fc.array(fc.tuple(passed, EVENT), { maxLength: 60 });
}

interface Turn {
  readonly now: number;
  readonly event: AlertEvent;
  readonly before: AlertState;
  readonly decision: AlertDecision;
}

function play(policy: AlertPolicy, story: readonly (readonly [number, AlertEvent])[]): Turn[] {
  let state = NEW_ALERT;
  let now = T;
  return story.map(([passedMs, event]) => {
    now += passedMs;
    const before = state;
    const decision = stepAlert(policy, before, { ...event, now });
    state = decision.state;
    return { now, event, before, decision };
  });
}

/** What is told, in order. */
const told = (turns: readonly Turn[]) => turns.filter(({ decision }) => decision.tell);

it.each([{ back: false }, { back: true }])(
  "never tells two firings without an end between (back: $back)",
  ({ back }) => {
    fc.assert(
      fc.property(POLICY, steps(back), (policy, story) => {
        let isOpen = false;
        for (const { decision } of told(play(policy, story))) {
          switch (decision.reason) {
            case "fired":
              expect(isOpen).toBe(false);
              isOpen = true;
              break;
            case "flapping":
            case "calmed-firing":
              isOpen = true;
              break;
            case "reminded":
              expect(isOpen).toBe(true);
              break;
            case "resolved":
            case "calmed-ok":
              expect(isOpen).toBe(true);
              isOpen = false;
              break;
          }
        }
      }),
    );
  },
);

it("tells the end of everything told: after good news enough, nobody believes that it still fires", () => {
  fc.assert(
    fc.property(POLICY, steps(true), (policy, story) => {
      const turns = play(policy, story);
      let { state } = turns.at(-1)?.decision ?? { state: NEW_ALERT };
      let isOpen = state.phase !== "ok" && state.phase !== "pending" && state.knownAs !== null;
      let now = turns.at(-1)?.now ?? T;
      for (let n = 0; n < 5; n++) {
        now += HOUR;
        const decision = stepAlert(policy, state, { kind: "not-met", now });
        if (decision.tell && (decision.reason === "resolved" || decision.reason === "calmed-ok")) isOpen = false;
        state = decision.state;
      }
      expect(state.phase).toBe("ok");
      expect(isOpen).toBe(false);
    }),
  );
});

it("never reminds before the interval is over, by whatever the clock shows", () => {
  fc.assert(
    fc.property(POLICY, steps(true), (policy, story) => {
      // Where the wait is counted from: the last telling, or the earliest instant that the clock was set back to since.
      let fromAt = Number.POSITIVE_INFINITY;
      for (const { now, decision } of play(policy, story)) {
        fromAt = Math.min(fromAt, now);
        if (!decision.tell) continue;
        if (decision.reason === "reminded") {
          expect(now - fromAt).toBeGreaterThanOrEqual(Math.max(1_000, policy.cooldownMs));
        }
        if (decision.reason !== "resolved" && decision.reason !== "calmed-ok") fromAt = now;
      }
    }),
  );
});

it("begins nothing within the cooldown, and tells nothing but ends in a silence", () => {
  fc.assert(
    fc.property(POLICY, steps(false), (policy, story) => {
      let toldAt = Number.NEGATIVE_INFINITY;
      for (const { now, before, decision } of told(play(policy, story))) {
        if (decision.reason === "resolved" || decision.reason === "calmed-ok") continue;
        expect(before.silencedUntil === null || now >= before.silencedUntil).toBe(true);
        if (decision.reason === "fired") expect(now - toldAt).toBeGreaterThanOrEqual(policy.cooldownMs);
        toldAt = now;
      }
    }),
  );
});

it("needs no polling: time alone changes nothing before nextDueAt, and something then", () => {
  fc.assert(
    fc.property(POLICY, steps(false), fc.double({ min: 0, max: 1, noNaN: true }), (policy, story, share) => {
      const turns = play(policy, story);
      const now = turns.at(-1)?.now ?? T;
      const { state } = turns.at(-1)?.decision ?? { state: NEW_ALERT };
      const dueAt = nextDueAt(policy, state);
      const waitMs = dueAt === null ? 1_000 * HOUR : Math.max(0, dueAt - now - 1);
      const early = now + Math.floor(share * waitMs);
      if (dueAt === null || early < dueAt) {
        expect(stepAlert(policy, state, { kind: "time", now: early }).state).toBe(state);
      }
      if (dueAt === null) return;
      const after = stepAlert(policy, state, { kind: "time", now: Math.max(now, dueAt) });
      expect(after.state).not.toBe(state);
    }),
  );
});

it("never changes the state it was given, and survives JSON after every turn", () => {
  fc.assert(
    fc.property(POLICY, steps(true), (policy, story) => {
      for (const { before, event, now, decision } of play(policy, story)) {
        const copy = JSON.parse(JSON.stringify(before)) as AlertState;
        expect(stepAlert(policy, copy, { ...event, now })).toEqual(decision);
      }
    }),
  );
});
