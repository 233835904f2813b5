/** Routes at the notifier (row D9: by severity and time of day): options, decisions, history, explanation. */
import { describe, expect, it } from "vitest";
import { createFakeChannel } from "../../testing/fake-channel.ts";
import { createVirtualClock } from "../../testing/virtual-clock.ts";
import { ConfigError } from "../errors/config-error.ts";
import { createNotifier } from "../notifier.ts";
import { createMemoryStore } from "../store/memory/memory-store.ts";
import { quietNotifier } from "./notifier.fixture.ts";
import type { NotifierOptions } from "./options.ts";

/** A Monday. */
const NOON = Date.UTC(2026, 0, 5, 12);
const HOUR = 3_600_000;

function setUp(options: NotifierOptions) {
  const clock = createVirtualClock({ startAt: NOON });
  const store = createMemoryStore({ clock });
  const [office, duty, other] = [1, 2, 3].map(() => createFakeChannel({ clock }));
  const destinations = { office: office!, duty: duty! };
  const { notifier, logger } = quietNotifier({
    clock,
    store,
    destinations,
    webhookUrl: other!,
    timeZone: "UTC",
    ...options,
  });
  const told = () =>
    Object.fromEntries(Object.entries({ office, duty, other }).map(([name, channel]) => [name, channel!.sent.length]));
  return { notifier, logger, clock, store, told };
}

it("a route says how the end of what it takes is told, whatever takes the end", async () => {
  const { notifier, clock, store } = setUp({});
  const channel = createFakeChannel({ clock, inPlace: ["edit"] });
  const ops = quietNotifier({
    ...{ clock, store, destinations: { ops: channel } },
    routes: [{ matchers: "severity>=error", to: "ops", recovery: "edit" }, { to: "ops" }],
  }).notifier;
  await ops.send({ title: "down", severity: "error", key: "db", phase: "firing" });
  await ops.send({ title: "up", severity: "info", key: "db", phase: "resolved" });
  expect(channel.sent.map(({ request }) => request.edit?.id)).toEqual([undefined, "message-1"]);
  await Promise.all([ops.close(), notifier.close()]);
});

describe("routes by severity and time of day", () => {
  const routes = [
    { name: "office hours", matchers: "severity>=warning", to: "office", activeTimes: "mon-fri 08:00-18:00" },
    { name: "on duty", matchers: "severity>=warning", to: ["duty"] },
  ] as const;

  it("send to who is there, and the rest as without routes", async () => {
    const { notifier, clock, told } = setUp({ routes });
    await notifier.send({ title: "Fan", severity: "warning" });
    expect(told()).toEqual({ office: 1, duty: 0, other: 0 });
    await clock.advance(6 * HOUR);
    await notifier.send({ title: "Fan", severity: "warning" });
    expect(told()).toEqual({ office: 1, duty: 1, other: 0 });
    await notifier.send({ title: "Fan", severity: "info" });
    expect(told()).toEqual({ office: 1, duty: 1, other: 1 });
  });

  it("are explained for any time, and nobody is told", () => {
    const { notifier, told } = setUp({ routes });
    const evaluations = [
      { route: "office hours", verdict: "inactive", until: NOON + 20 * HOUR },
      { route: "on duty", verdict: "taken", to: ["duty"] },
    ];
    expect(notifier.explain({ severity: "error" }, { at: NOON + 8 * HOUR })).toMatchObject({
      to: ["duty"],
      evaluations,
    });
    expect(notifier.explain({ severity: "info" })).toMatchObject({
      to: ["default"],
      because: "default",
      evaluations: [
        { verdict: "not-matched", matcher: "severity>=warning" },
        { verdict: "not-matched", matcher: "severity>=warning" },
      ],
    });
    expect(told()).toEqual({ office: 0, duty: 0, other: 0 });
  });

  it("leave their decision in history", async () => {
    const { notifier, store } = setUp({ routes });
    const { id } = await notifier.send({ title: "Fan", severity: "warning" });
    const entry = await store.history.find(id);
    expect(entry?.notification.routing).toMatchObject({ because: "routes", evaluations: [{ verdict: "taken" }] });
  });
});

it("a muted route keeps it in history with the reason", async () => {
  const { notifier, store, told } = setUp({ routes: [{ name: "lunch", to: "office", muteTimes: "12:00-13:00" }] });
  const result = await notifier.send({ title: "Fan" });
  expect(result).toMatchObject({ status: "skipped", reason: "muted" });
  expect(await store.history.find(result.id)).toMatchObject({ skipped: "muted" });
  expect(told()).toEqual({ office: 0, duty: 0, other: 0 });
});

describe("the destinations of routes", () => {
  it("are names, names of types, URLs and channels; equal ones are one", async () => {
    const clock = createVirtualClock();
    const url = "https://discord.com/api/webhooks/123456789012345678/abcdefghijklmnopqrstuvwxyz";
    const notifier = createNotifier({
      env: { DISCORD_WEBHOOK_ERRORS: url },
      clock,
      validateOnStart: false,
      destinations: { ops: url },
      routes: [{ name: "all", to: ["error", "ops", url, "console:", createFakeChannel({ clock })] }],
    });
    expect(notifier.problems).toEqual([]);
    expect(notifier.explain({}).to).toEqual(["ops", "all", "all-2"]);
    await notifier.close();
  });

  it("that are not known are told as a problem, and what the route would take goes on to the next", () => {
    const { notifier, logger } = setUp({
      routes: [
        { name: "typo", to: "ofice" },
        { name: "next", to: "duty" },
      ],
    });
    expect(notifier.problems).toEqual([
      'The route typo leads to "ofice", which is no destination: known are office, duty, default; or write a URL.',
    ]);
    expect(logger.warn).toHaveBeenCalledWith(notifier.problems[0]);
    expect(notifier.explain({}).to).toEqual(["duty"]);
  });

  it("have the route's fallback, where they have none of their own", () => {
    const { notifier } = setUp({
      routes: [{ name: "a", to: "office", fallback: "duty" }],
      fallbacks: { duty: "console:" },
    });
    const { destinations } = notifier.validateConfiguration();
    expect(destinations).toContainEqual(expect.objectContaining({ destination: "office", fallback: "duty" }));
    expect(destinations).toContainEqual(expect.objectContaining({ destination: "duty", fallback: "fallback-duty" }));
  });
});

it("mistakes in routes are thrown at once, each with its place", () => {
  const attempt = () =>
    setUp({
      timeZone: "Europe/Berlim",
      routes: [
        { name: "a", matchers: "severity>=bad", to: [] },
        { name: "a", to: "office", activeTimes: ["08:00-18:00 UTC", "late UTC"], muteTimes: "8-9 UTC" },
      ],
    });
  expect(attempt).toThrow(ConfigError);
  for (const says of [
    /routes\[0\]\.matchers: severity>=bad: a severity is one of/,
    /routes\[0\]\.to: name one destination or more/,
    /routes\[1\]\.activeTimes: "late UTC": write days, times or both/,
    /routes\[1\]\.muteTimes: "8-9 UTC": write days/,
    /routes: "a" is the name of several/,
    /timeZone: there is no "Europe\/Berlim"/,
  ])
    expect(attempt).toThrow(says);
});
