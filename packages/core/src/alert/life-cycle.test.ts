import { describe, expect, it } from "vitest";
import { type AlertEvent, nextDueAt, stepAlert } from "./life-cycle.ts";
import { type AlertPolicy, defineAlertPolicy } from "./policy.ts";
import { type AlertState, NEW_ALERT } from "./state.ts";

const T = Date.UTC(2025, 0, 1);
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const FLAPPING = { changes: 4, withinMs: 10 * MINUTE, calmForMs: 5 * MINUTE };

type Happening = "bad" | "good" | "time" | "ack" | "unack" | `silence ${number}` | "speak";

/** One line per event: [minute, what happens, what follows]. */
type Story = readonly (readonly [minute: number, happening: Happening, reason: string])[];

function eventOf(happening: Happening): AlertEvent {
  switch (happening) {
    case "bad":
      return { kind: "met" };
    case "good":
      return { kind: "not-met" };
    case "time":
      return { kind: "time" };
    case "ack":
      return { kind: "acknowledge" };
    case "unack":
      return { kind: "unacknowledge" };
    case "speak":
      return { kind: "silence", until: null };
    default:
      return { kind: "silence", until: T + Number(happening.split(" ")[1]) * MINUTE };
  }
}

/** Plays the story, through JSON after each line as a restart would, and expects each reason. Returns the last state. */
function live(settings: Partial<AlertPolicy>, story: Story): AlertState {
  const policy = defineAlertPolicy(settings);
  let state = NEW_ALERT;
  const reasons = story.map(([minute, happening]) => {
    const decision = stepAlert(policy, state, { ...eventOf(happening), now: T + minute * MINUTE });
    state = JSON.parse(JSON.stringify(decision.state)) as AlertState;
    return [minute, happening, decision.reason];
  });
  expect(reasons).toEqual(story);
  return state;
}

// E2
describe("before it fires", () => {
  it("waits for so many failures in a row, and a success begins the count again", () => {
    live({ failuresBeforeAlert: 3 }, [
      [0, "bad", "too-few-failures"],
      [1, "bad", "too-few-failures"],
      [2, "good", "too-brief"],
      [3, "bad", "too-few-failures"],
      [4, "bad", "too-few-failures"],
      [5, "bad", "fired"],
      [6, "bad", "already-told"],
    ]);
  });

  it("waits until it has lasted long enough, and then needs no further report", () => {
    live({ failuresBeforeAlert: 2, minFailingMs: 5 * MINUTE }, [
      [0, "bad", "too-few-failures"],
      [1, "bad", "too-short"],
      [4.99, "time", "too-short"],
      [5, "time", "fired"],
    ]);
  });

  it("never fires by time alone when it has not failed often enough", () => {
    const state = live({ failuresBeforeAlert: 2, minFailingMs: MINUTE }, [[0, "bad", "too-few-failures"]]);
    expect(nextDueAt(defineAlertPolicy({ failuresBeforeAlert: 2, minFailingMs: MINUTE }), state)).toBeNull();
  });
});

describe("the recovery", () => {
  it("takes so many successes in a row, and a failure begins the count again", () => {
    live({ successesBeforeResolve: 2 }, [
      [0, "bad", "fired"],
      [1, "good", "too-few-successes"],
      [2, "bad", "already-told"],
      [3, "good", "too-few-successes"],
      [4, "good", "resolved"],
      [5, "good", "not-met"],
    ]);
  });

  it("keeps the instant of the first failure, so that downtime counts through", () => {
    expect(
      live({ failuresBeforeAlert: 2 }, [
        [0, "bad", "too-few-failures"],
        [7, "bad", "fired"],
      ]),
    ).toMatchObject({
      phase: "firing",
      since: T,
    });
  });
});

describe("the cooldown", () => {
  it("goes on across a recovery, and tells what still fires when it is over", () => {
    live({ cooldownMs: HOUR }, [
      [0, "bad", "fired"],
      [1, "good", "resolved"],
      [2, "bad", "cooldown"],
      [59, "bad", "cooldown"],
      [60, "time", "fired"],
      [61, "bad", "already-told"],
    ]);
  });

  it("leaves the end untold of what was never told", () => {
    live({ cooldownMs: HOUR }, [
      [0, "bad", "fired"],
      [1, "good", "resolved"],
      [2, "bad", "cooldown"],
      [3, "good", "resolved-untold"],
      [60, "bad", "fired"],
    ]);
  });

  it("keeps reminders apart as well", () => {
    live({ cooldownMs: HOUR, remindAfterMs: [MINUTE] }, [
      [0, "bad", "fired"],
      [59, "bad", "reminder-not-due"],
      [60, "bad", "reminded"],
    ]);
  });
});

// E3
describe("reminders", () => {
  it("come at growing intervals, of which the last repeats, and begin again with the next firing", () => {
    live({ remindAfterMs: [5 * MINUTE, 15 * MINUTE, HOUR] }, [
      [0, "bad", "fired"],
      [4, "bad", "reminder-not-due"],
      [5, "time", "reminded"],
      [19, "time", "reminder-not-due"],
      [20, "bad", "reminded"],
      [80, "time", "reminded"],
      [139, "time", "reminder-not-due"],
      [140, "time", "reminded"],
      [141, "good", "resolved"],
      [142, "bad", "fired"],
      [147, "time", "reminded"],
    ]);
  });

  it("go on when nobody sees to it after all", () => {
    live({ remindAfterMs: [HOUR] }, [
      [0, "unack", "nothing-acknowledged"],
      [0, "bad", "fired"],
      [1, "unack", "nothing-acknowledged"],
      [1, "ack", "acknowledged"],
      [60, "bad", "acknowledged"],
      [61, "unack", "unacknowledged"],
      [61, "bad", "reminded"],
    ]);
  });

  it("stop once somebody has acknowledged; the recovery is still told", () => {
    live({ remindAfterMs: [MINUTE] }, [
      [0, "bad", "fired"],
      [1, "ack", "acknowledged"],
      [2, "bad", "acknowledged"],
      [3, "good", "resolved"],
      [4, "ack", "nothing-to-acknowledge"],
      [5, "bad", "fired"],
      [6, "time", "reminded"],
    ]);
  });
});

describe("a silence", () => {
  it("holds a firing back until it ends", () => {
    live({}, [
      [0, "silence 10", "silence-set"],
      [1, "bad", "silenced"],
      [9, "time", "silenced"],
      [10, "time", "fired"],
    ]);
  });

  it("holds reminders back, and never the end of what was told", () => {
    live({ remindAfterMs: [MINUTE] }, [
      [0, "bad", "fired"],
      [0, "silence 60", "silence-set"],
      [1, "bad", "silenced"],
      [2, "good", "resolved"],
      [3, "bad", "silenced"],
      [4, "good", "resolved-untold"],
    ]);
  });

  it("can be lifted", () => {
    live({}, [
      [0, "silence 10", "silence-set"],
      [1, "bad", "silenced"],
      [2, "speak", "silence-lifted"],
      [2, "time", "fired"],
    ]);
  });
});

describe("flapping", () => {
  const begins = [
    [0, "bad", "fired"],
    [1, "good", "resolved"],
    [2, "bad", "fired"],
    [3, "good", "flapping"],
  ] as const;

  it("is told once, counts every change, and ends with the real state: recovered", () => {
    const state = live({ flapping: FLAPPING }, [
      ...begins,
      [4, "bad", "still-flapping"],
      [5, "good", "still-flapping"],
      [6, "good", "still-flapping"],
    ]);
    expect(state).toMatchObject({ phase: "flapping", since: T, changes: 6, met: false });
    live({ flapping: FLAPPING }, [...begins, [7.99, "time", "still-flapping"], [8, "time", "calmed-ok"]]);
  });

  it("ends with the real state: firing, which then resolves as ever", () => {
    const state = live({ flapping: FLAPPING, remindAfterMs: [HOUR] }, [
      ...begins,
      [4, "bad", "still-flapping"],
      [9, "time", "calmed-firing"],
    ]);
    expect(state).toMatchObject({ phase: "firing", since: T + 4 * MINUTE, knownAs: "firing", changedAt: [] });
    live({ flapping: FLAPPING, remindAfterMs: [HOUR] }, [
      ...begins,
      [4, "bad", "still-flapping"],
      [9, "time", "calmed-firing"],
      [68, "bad", "reminder-not-due"],
      [69, "bad", "reminded"],
      [70, "good", "resolved"],
    ]);
  });

  it("begins with a firing as well", () => {
    live({ flapping: { ...FLAPPING, changes: 3 } }, [
      [0, "bad", "fired"],
      [1, "good", "resolved"],
      [2, "bad", "flapping"],
    ]);
  });

  it("is no matter of changes that lie far apart", () => {
    live({ flapping: FLAPPING }, [
      [0, "bad", "fired"],
      [4, "good", "resolved"],
      [8, "bad", "fired"],
      [12, "good", "resolved"],
    ]);
  });

  it("is told late when a silence held it back", () => {
    live({ flapping: FLAPPING }, [
      [0, "silence 5", "silence-set"],
      [0, "bad", "silenced"],
      [1, "good", "resolved-untold"],
      [2, "bad", "silenced"],
      [3, "good", "silenced"],
      [5, "time", "flapping"],
      [8, "time", "calmed-ok"],
    ]);
  });

  it("ends untold when nobody heard of it, and told when the firing before it was", () => {
    live({ flapping: FLAPPING }, [
      [0, "silence 60", "silence-set"],
      [0, "bad", "silenced"],
      [1, "good", "resolved-untold"],
      [2, "bad", "silenced"],
      [3, "good", "silenced"],
      [8, "time", "resolved-untold"],
    ]);
    live({ flapping: FLAPPING }, [
      [0, "bad", "fired"],
      [1, "good", "resolved"],
      [2, "bad", "fired"],
      [2, "silence 60", "silence-set"],
      [3, "good", "silenced"],
      [8, "time", "calmed-ok"],
    ]);
  });

  it("ends firing in a silence: told when that is over, as what people know it from", () => {
    const hushed = [
      ...begins,
      [4, "bad", "still-flapping"],
      [4, "silence 60", "silence-set"],
      [9, "time", "silenced"],
    ] as const;
    const state = live({ flapping: FLAPPING }, hushed);
    expect(nextDueAt(defineAlertPolicy({ flapping: FLAPPING }), state)).toBe(T + 60 * MINUTE);
    live({ flapping: FLAPPING }, [...hushed, [60, "time", "calmed-firing"]]);
    live({ flapping: { ...FLAPPING, changes: 3 } }, [
      [0, "silence 60", "silence-set"],
      [0, "bad", "silenced"],
      [1, "good", "resolved-untold"],
      [2, "bad", "silenced"],
      [7, "time", "silenced"],
      [60, "time", "fired"],
    ]);
  });

  it("is over at once when it is no longer looked for", () => {
    const flapping = live({ flapping: FLAPPING }, begins);
    const { reason } = stepAlert(defineAlertPolicy(), flapping, { kind: "not-met", now: T + 4 * MINUTE });
    expect(reason).toBe("calmed-ok");
  });
});

describe("stepAlert", () => {
  it("returns the same state object when nothing changed, so that nothing is stored", () => {
    const policy = defineAlertPolicy({ remindAfterMs: [HOUR] });
    expect(stepAlert(policy, NEW_ALERT, { kind: "not-met", now: T }).state).toBe(NEW_ALERT);
    const { state } = stepAlert(policy, NEW_ALERT, { kind: "met", now: T });
    for (const kind of ["met", "time"] as const) {
      expect(stepAlert(policy, state, { kind, now: T + 1 }).state).toBe(state);
    }
  });

  it("waits afresh, and no longer, after a telling that a wrong clock put into the future", () => {
    const policy = defineAlertPolicy({ cooldownMs: HOUR });
    const future = { ...NEW_ALERT, toldAt: T + 1_000 * HOUR };
    const held = stepAlert(policy, future, { kind: "met", now: T });
    expect(held.reason).toBe("cooldown");
    expect(nextDueAt(policy, held.state)).toBe(T + HOUR);
    expect(stepAlert(policy, held.state, { kind: "met", now: T + HOUR }).reason).toBe("fired");
  });
});

describe("resolved by hand", () => {
  it("is told where the beginning was, and nothing is left of it", () => {
    const policy = defineAlertPolicy({ successesBeforeResolve: 5 });
    const fired = stepAlert(policy, NEW_ALERT, { kind: "met", now: 0 });
    const resolved = stepAlert(policy, fired.state, { kind: "resolve", now: 1 });
    expect(resolved).toMatchObject({ tell: true, reason: "resolved", state: { phase: "ok" } });
    expect(stepAlert(policy, resolved.state, { kind: "met", now: 2 })).toMatchObject({ reason: "fired" });
  });

  it("is not told where nobody knew", () => {
    const policy = defineAlertPolicy();
    const silenced = stepAlert(policy, NEW_ALERT, { kind: "silence", until: 100, now: 0 });
    const fired = stepAlert(policy, silenced.state, { kind: "met", now: 1 });
    expect(stepAlert(policy, fired.state, { kind: "resolve", now: 2 })).toMatchObject({ reason: "resolved-untold" });
  });

  it("is nothing where nothing fires", () => {
    const policy = defineAlertPolicy({ failuresBeforeAlert: 2 });
    const pending = stepAlert(policy, NEW_ALERT, { kind: "met", now: 0 }).state;
    for (const state of [NEW_ALERT, pending]) {
      expect(stepAlert(policy, state, { kind: "resolve", now: 1 })).toEqual({
        tell: false,
        reason: "nothing-to-resolve",
        state,
      });
    }
  });
});
