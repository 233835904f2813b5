import { expect, it } from "vitest";
import { quietTracker, START } from "./tracker.fixture.ts";

const MINUTE = 60_000;
const anna = { name: "anna" };
const health = { components: { "Bus API": { failuresBeforeAlert: 1, remindAfterMs: [5 * MINUTE] } } };
const KEY = "health:Wall display:Bus API";

async function failing() {
  const quiet = quietTracker(health);
  const desk = quiet.tracker.desk();
  quiet.tracker.recordFailure("Bus API", new Error("no answer"));
  await quiet.clock.advance(MINUTE);
  return { ...quiet, desk };
}

it("lists what is open, oldest first, by the key of its notifications", async () => {
  const { clock, desk, tracker, channel } = await failing();
  tracker.recordFailure("Weather API");
  for (let n = 0; n < 2; n++) tracker.recordFailure("Weather API");
  await clock.settle();
  expect(await desk.list()).toEqual([
    {
      ...{ key: KEY, name: "Bus API", phase: "firing", since: START },
      ...{ acknowledgedAt: null, acknowledgedBy: null, silencedUntil: null },
    },
    expect.objectContaining({ name: "Weather API", since: START + MINUTE }),
  ]);
  expect(channel.sent[0]!.request.notifications[0].key).toBe(KEY);
});

it("offers actions on alerts, not on recoveries, and only where somebody takes them", async () => {
  const { clock, tracker, channel } = await failing();
  tracker.recordSuccess("Bus API");
  await clock.settle();
  const actionsOf = (sent: typeof channel.sent) =>
    sent.flatMap(({ request }) => request.notifications.map((n) => n.actions));
  expect(actionsOf(channel.sent)).toEqual([["acknowledge", "silence", "resolve"], null]);

  const unattended = quietTracker(health);
  unattended.tracker.recordFailure("Bus API");
  await unattended.clock.settle();
  expect(actionsOf(unattended.channel.sent)).toEqual([null]);
});

it("stops reminders of what is acknowledged, says by whom, and tells its end", async () => {
  const { clock, desk, tracker, told } = await failing();
  expect(await desk.acknowledge(KEY, anna)).toMatchObject({
    kind: "done",
    alert: { acknowledgedAt: START + MINUTE, acknowledgedBy: "anna" },
  });
  expect(tracker.status()).toMatchObject([{ acknowledgedBy: "anna" }]);
  expect(await desk.acknowledge(KEY, { name: "ben" })).toMatchObject({
    kind: "already",
    alert: { acknowledgedBy: "anna" },
  });
  await clock.advance(60 * MINUTE);
  tracker.recordSuccess("Bus API");
  await clock.settle();
  expect(told().map(([, title]) => title)).toEqual(["Error: Bus API", "Recovered: Bus API"]);
  expect(tracker.status()).toMatchObject([{ acknowledgedBy: null }]);
});

it("holds reminders back until a silence ends", async () => {
  const { clock, desk, told } = await failing();
  expect(await desk.silence(KEY, START + 30 * MINUTE, anna)).toMatchObject({ kind: "done" });
  expect(await desk.silence(KEY, START + 20 * MINUTE, anna)).toMatchObject({ kind: "already" });
  await clock.advance(30 * MINUTE);
  expect(told()).toEqual([
    [0, "Error: Bus API"],
    [30, "Error: Bus API"],
  ]);
});

it("tells that somebody resolved it, and begins anew when it fails again", async () => {
  const { clock, desk, tracker, channel, told } = await failing();
  expect(await desk.resolve(KEY, anna)).toMatchObject({ kind: "done" });
  expect(await desk.list()).toEqual([]);
  expect(await desk.resolve(KEY, anna)).toEqual({ kind: "not-open" });
  await clock.settle();
  expect(channel.sent.at(-1)!.request.notifications[0]).toMatchObject({
    message: "Bus API was resolved by anna after 1 minute",
    labels: { "tocsin-ended": "1" },
  });
  tracker.recordFailure("Bus API");
  await clock.settle();
  expect(told().map(([, title]) => title)).toEqual(["Error: Bus API", "Recovered: Bus API", "Error: Bus API"]);
});

it("knows nothing of other matters, nor of what is only pending", async () => {
  const { desk, tracker } = await failing();
  tracker.recordFailure("Weather API");
  for (const key of ["health:Wall display:Weather API", "health:Other:Bus API", ""]) {
    expect(await desk.acknowledge(key, anna)).toEqual({ kind: "not-open" });
  }
});
