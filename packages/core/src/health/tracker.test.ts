/** What a tracker tells, and when, through the public door. */
import { describe, expect, it } from "vitest";
import { rejected } from "../../testing/outcomes.ts";
import { ConfigError } from "../errors/config-error.ts";
import { quietNotifier } from "../notifier/notifier.fixture.ts";
import { quietTracker, START } from "./tracker.fixture.ts";

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

// E1
describe("status", () => {
  it("knows the first failure, the last alert, failures in a row, whether it alerts, and the last success", async () => {
    const { tracker, clock, eachMinute } = quietTracker({ components: { "Bus API": {}, "Weather API": {} } });
    tracker.recordSuccess("Bus API");
    await clock.advance(MINUTE);
    await eachMinute(4, () => tracker.recordFailure("Bus API", new Error("HTTP 502")));
    expect(tracker.status()).toEqual([
      {
        component: "Bus API",
        phase: "firing",
        alerting: true,
        since: START + MINUTE,
        acknowledgedBy: null,
        silencedUntil: null,
        consecutiveFailures: 4,
        firstFailureAt: START + MINUTE,
        lastAlertAt: START + 3 * MINUTE,
        lastSuccessAt: START,
      },
      {
        component: "Weather API",
        phase: "ok",
        alerting: false,
        since: null,
        acknowledgedBy: null,
        silencedUntil: null,
        consecutiveFailures: 0,
        firstFailureAt: null,
        lastAlertAt: null,
        lastSuccessAt: null,
      },
    ]);
    tracker.recordSuccess("Bus API");
    expect(tracker.status()[0]).toMatchObject({
      ...{ phase: "ok", alerting: false, consecutiveFailures: 0, firstFailureAt: null },
      lastSuccessAt: START + 5 * MINUTE,
    });
  });

  it("takes components that nobody named, with the defaults", () => {
    const { tracker } = quietTracker({ defaults: { failuresBeforeAlert: 1 } });
    tracker.recordFailure("New one", "down");
    expect(tracker.status()).toMatchObject([{ component: "New one", alerting: true }]);
  });
});

// E2
describe("an alert", () => {
  it.each([
    { name: "Bus API", everyMs: MINUTE, settings: { failuresBeforeAlert: 3 }, afterMs: 2 * MINUTE },
    { name: "Weather API", everyMs: 10 * MINUTE, settings: { failuresBeforeAlert: 2 }, afterMs: 10 * MINUTE },
    {
      name: "Display",
      everyMs: SECOND,
      settings: { failuresBeforeAlert: 5, minFailingMs: 30 * SECOND },
      afterMs: 30 * SECOND,
    },
  ])("of $name comes $afterMs ms after the first failure", async ({ name, everyMs, settings, afterMs }) => {
    const { tracker, clock, channel } = quietTracker({ components: { [name]: settings } });
    while (channel.sent.length === 0) {
      tracker.recordFailure(name, "down");
      await clock.advance(everyMs);
    }
    expect(channel.sent[0]!.startedAt - START).toBe(afterMs);
  });

  it("begins to count again after a success", async () => {
    const { tracker, told, clock } = quietTracker();
    for (const isUp of [false, false, true, false, false]) {
      if (isUp) tracker.recordSuccess("a");
      else tracker.recordFailure("a", "down");
    }
    await clock.settle();
    expect(told()).toEqual([]);
  });
});

// E3
describe("an alert that goes on", () => {
  it("is repeated after 5 and 15 minutes and then each hour, whether or not anything is reported", async () => {
    const { tracker, clock, told } = quietTracker({ components: { a: { failuresBeforeAlert: 1 } } });
    tracker.recordFailure("a", "down");
    await clock.advance(3 * HOUR);
    expect(told().map(([minute]) => minute)).toEqual([0, 5, 20, 80, 140]);
    expect(new Set(told().map(([, title]) => title))).toEqual(new Set(["Error: a"]));
  });

  it("is repeated at a fixed interval per component", async () => {
    const { tracker, clock, told } = quietTracker({
      defaults: { failuresBeforeAlert: 1 },
      components: { bus: { remindAfterMs: [300 * SECOND] }, weather: { remindAfterMs: [900 * SECOND] } },
    });
    tracker.recordFailure("bus", "down");
    tracker.recordFailure("weather", "down");
    await clock.advance(16 * MINUTE);
    expect(told()).toEqual([
      [0, "Error: bus"],
      [0, "Error: weather"],
      [5, "Error: bus"],
      [10, "Error: bus"],
      [15, "Error: weather"],
      [15, "Error: bus"],
    ]);
  });

  it("is told once where reminders are off", async () => {
    const { tracker, clock, told } = quietTracker({ defaults: { failuresBeforeAlert: 1, remindAfterMs: [] } });
    tracker.recordFailure("a", "down");
    await clock.advance(1_000 * HOUR);
    expect(told()).toEqual([[0, "Error: a"]]);
    expect(clock.pending).toBe(0);
  });
});

describe("a recovery", () => {
  it("is told once, and takes as many successes as are asked for", async () => {
    const { tracker, clock, told } = quietTracker({ defaults: { failuresBeforeAlert: 1, successesBeforeResolve: 2 } });
    tracker.recordFailure("a", "down");
    await clock.advance(MINUTE);
    tracker.recordSuccess("a");
    await clock.advance(MINUTE);
    tracker.recordSuccess("a");
    tracker.recordSuccess("a");
    await clock.advance(MINUTE);
    expect(told()).toEqual([
      [0, "Error: a"],
      [2, "Recovered: a"],
    ]);
  });

  it("is not told when the alert never arrived", async () => {
    const { tracker, clock, channel, told } = quietTracker({ defaults: { failuresBeforeAlert: 1 } });
    channel.answer(rejected());
    tracker.recordFailure("a", "down");
    await clock.advance(MINUTE);
    tracker.recordSuccess("a");
    await clock.advance(MINUTE);
    expect(told()).toEqual([[0, "Error: a"]]);
  });

  it("takes the way of its alert, also where severities go to different places", async () => {
    const { tracker, clock, told } = quietTracker(
      { defaults: { failuresBeforeAlert: 1 } },
      { env: { DISCORD_WEBHOOK_SEVERITY_INFO: "https://discord.com/api/webhooks/1/x" } },
    );
    tracker.recordFailure("a", "down");
    await clock.advance(MINUTE);
    tracker.recordSuccess("a");
    await clock.advance(MINUTE);
    expect(told()).toHaveLength(2);
  });
});

describe("flapping", () => {
  it("is one message, and one more with the real state", async () => {
    const flapping = { changes: 4, withinMs: 10 * MINUTE, calmForMs: 5 * MINUTE };
    const { tracker, clock, channel, told } = quietTracker({ defaults: { failuresBeforeAlert: 1, flapping } });
    for (let n = 0; n < 14; n++) {
      if (n % 2 === 0) tracker.recordFailure("a", "down");
      else tracker.recordSuccess("a");
      await clock.advance(MINUTE);
    }
    await clock.advance(HOUR);
    expect(told()).toEqual([
      [0, "Error: a"],
      [1, "Recovered: a"],
      [2, "Error: a"],
      [3, "Flapping: a"],
      [18, "Recovered: a"],
    ]);
    const messages = channel.sent.map(({ request }) => request.notifications[0].message);
    expect(messages[3]).toBe("Flapping since 2026-01-01 00:00:00 UTC, 4 changes");
    expect(messages[4]).toBe("a recovered, no longer flapping after 14 changes");
  });

  it("ends as an error when the component stays down", async () => {
    const flapping = { changes: 3, withinMs: 10 * MINUTE, calmForMs: 5 * MINUTE };
    const { tracker, clock, channel } = quietTracker({
      defaults: { failuresBeforeAlert: 1, flapping, remindAfterMs: [] },
    });
    for (const isUp of [false, true, false]) {
      if (isUp) tracker.recordSuccess("a");
      else tracker.recordFailure("a", "no route");
      await clock.advance(MINUTE);
    }
    await clock.advance(HOUR);
    expect(channel.sent.at(-1)!.request.notifications[0]).toMatchObject({
      title: "Error: a",
      message: "No longer flapping after 3 changes, and down: no route",
      fields: [
        {},
        {},
        { name: "Failing For", value: "300s" },
        { name: "Last Success", value: "2026-01-01 00:01:00 UTC" },
      ],
    });
  });
});

describe("settings", () => {
  it("are checked when the tracker is made, all mistakes at once", () => {
    const { notifier } = quietNotifier();
    const attempt = () =>
      notifier.health({
        defaults: { severity: "bad" as never },
        components: { "Bus API": { failuresBeforeAlert: 0, remindAfterMs: [5] } },
      });
    expect(attempt).toThrow(ConfigError);
    expect(attempt).toThrow(
      /^CONFIG_HEALTH: defaults: severity .*; "Bus API": failuresBeforeAlert .* got 0; "Bus API": remindAfterMs must be 1000 milliseconds or more each/,
    );
  });

  it("choose program, type and severity", async () => {
    const { tracker, channel, clock } = quietTracker({
      ...{ program: "Kiosk", type: "security" },
      components: { a: { failuresBeforeAlert: 1, severity: "critical", cooldownMs: HOUR } },
    });
    tracker.recordFailure("a", "down");
    await clock.settle();
    expect(channel.sent[0]!.request.notifications[0]).toMatchObject({
      ...{ type: "security", severity: "critical", footer: { text: "Kiosk Monitor" } },
      labels: { program: "Kiosk", component: "a" },
    });
  });
});

it("takes other settings for a component while it runs, and forgets one", async () => {
  const { tracker, told, clock } = quietTracker({ components: { Known: {} } });
  const titles = async () => {
    await clock.advance(0);
    return told().map(([, title]) => title);
  };
  tracker.configure("Late", { failuresBeforeAlert: 1 });
  expect(tracker.statusOf("Late")).toMatchObject({ phase: "ok" });
  tracker.recordFailure("Late");
  expect(await titles()).toEqual(["Error: Late"]);
  expect(() => tracker.configure("Late", { failuresBeforeAlert: 0 })).toThrow(/"Late": failuresBeforeAlert/);
  tracker.forget("Late");
  expect([tracker.statusOf("Late"), tracker.status().length]).toEqual([null, 1]);
  tracker.recordFailure("Late");
  expect(await titles()).toEqual(["Error: Late"]);
});
