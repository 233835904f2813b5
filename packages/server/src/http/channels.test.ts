import { outcomes } from "@tocsin/core/testing";
import { describe, expect, it } from "vitest";
import { startHttpHarness } from "../../testing/http-harness.ts";
import { startTestApp } from "../../testing/test-app.ts";

it("the destinations are shown with what holds them up", async () => {
  await using http = await startHttpHarness({ channel: { label: "fake", respond: () => outcomes.unavailable() } });
  const channels = async () => (await http.call("GET", "/api/channels")).json;
  expect(await channels()).toEqual({
    pause: null,
    items: [
      {
        name: "default",
        kind: "fake",
        label: "fake",
        mode: "idle",
        pause: null,
        waiting: 0,
        wait: null,
        breaker: "closed",
        error: null,
        last_error: null,
      },
    ],
  });
  const failedAt = http.now();
  await http.call("POST", "/api/notifications", { title: "x" });
  await http.settle();
  const { items } = (await channels()) as { items: { wait: { until: string } }[] };
  expect(items).toMatchObject([
    {
      mode: "waiting",
      waiting: 1,
      wait: { because: "retry" },
      breaker: "closed",
      last_error: { at: failedAt, code: "http-503", message: expect.any(String) },
    },
  ]);
  // The first retry comes after a second, lengthened by chance.
  const waitMs = Date.parse(items[0]!.wait.until) - http.clock.now();
  expect(waitMs).toBeGreaterThanOrEqual(1_000);
  expect(waitMs).toBeLessThanOrEqual(2_000);
});

it("a destination that is misconfigured says so", async () => {
  await using http = await startHttpHarness({ channel: { respond: () => outcomes.misconfigured() } });
  await http.call("POST", "/api/notifications", { title: "x" });
  await http.settle();
  expect((await http.call("GET", "/api/channels")).json).toMatchObject({
    items: [{ mode: "disabled", waiting: 0, error: { code: "discord-10015" }, last_error: { code: "discord-10015" } }],
  });
});

// A12
describe("pauses", () => {
  it("hold one channel: everything waits, the critical too, and goes in order afterwards", async () => {
    await using http = await startHttpHarness({ notifier: { batching: false } });
    const order = { until: new Date(http.clock.now() + 3_600_000).toISOString(), by: "Ann", reason: "maintenance" };
    const paused = await http.call("POST", "/api/channels/default/pause", order);
    expect([paused.status, paused.json]).toEqual([
      200,
      expect.objectContaining({ pause: { ...order, since: http.now(), of: "channel" } }),
    ]);
    for (const title of ["1", "2"]) await http.call("POST", "/api/notifications", { title });
    await http.call("POST", "/api/notifications", { title: "critical", severity: "critical" });
    await http.settle();
    expect(http.told()).toEqual([]);
    const { items } = (await http.call<{ items: unknown[] }>("GET", "/api/channels")).json;
    expect(items).toMatchObject([{ waiting: 3, mode: "waiting", wait: { because: "paused", until: order.until } }]);
    const health = await http.call("GET", "/health");
    expect([health.status, health.json]).toMatchObject([
      200,
      {
        status: "healthy",
        services: { discord_notifications: { status: "paused", paused: ["default"], queue_size: 3 } },
      },
    ]);
    const resumed = await http.call("POST", "/api/channels/default/resume");
    expect([resumed.status, resumed.json]).toMatchObject([200, { pause: null }]);
    await http.settle();
    expect(http.told().map(({ title }) => title)).toEqual(["critical", "1", "2"]);
  });

  it("of all end by themselves, and outlast a restart until then", async () => {
    await using http = await startHttpHarness({ onDisk: true });
    const answer = await http.call("POST", "/api/channels/pause", { for_seconds: 3_600 });
    const until = new Date(http.clock.now() + 3_600_000).toISOString();
    expect(answer.json).toMatchObject({ pause: { until, by: null }, items: [{ pause: { of: "all", until } }] });
    await http.call("POST", "/api/notifications", { title: "1" });
    const before = http.clock.now();
    await http.server.stop();
    // What waits by order does not hold up the end.
    expect(http.clock.now()).toBe(before);
    const { folder } = http.server;
    await using later = await startTestApp({ clock: http.clock, folder });
    expect((await later.call("GET", "/api/channels")).json).toMatchObject({
      pause: { until },
      items: [{ waiting: 1 }],
    });
    await http.clock.advance(3_600_000);
    await later.untilTold(1);
    expect((await later.call("GET", "/api/channels")).json).toMatchObject({ pause: null, items: [{ pause: null }] });
    await later.stop();
  });

  it.each([
    { body: { until: "2020-01-01T00:00:00Z" }, says: /must lie in the future/ },
    { body: { until: "2030-01-01T00:00:00Z", for_seconds: 5 }, says: /either until or for_seconds/ },
    { body: { for_seconds: 0 }, says: /for_seconds/ },
    { body: { untill: "x" }, says: /untill/ },
  ])("that make no sense ($body) are refused, and change nothing", async ({ body, says }) => {
    await using http = await startHttpHarness();
    const answer = await http.call("POST", "/api/channels/default/pause", body);
    expect([answer.status, answer.json]).toMatchObject([
      400,
      { code: "validation-failed", detail: expect.stringMatching(says) },
    ]);
    expect((await http.call("GET", "/api/channels")).json).toMatchObject({ items: [{ pause: null }] });
  });

  it("of a channel that there is not are refused", async () => {
    await using http = await startHttpHarness();
    for (const action of ["pause", "resume", "test"]) {
      const answer = await http.call("POST", `/api/channels/nope/${action}`);
      expect([answer.status, answer.json]).toMatchObject([404, { code: "channel-not-found" }]);
    }
  });
});

it("a test asks one channel whether it is usable, and posts nothing", async () => {
  await using http = await startHttpHarness({
    channel: {
      check: () => ({
        ok: false,
        kind: "misconfigured",
        error: { code: "discord-10015", message: "Gone.", status: 404 },
      }),
    },
  });
  const before = http.server.channel.checks;
  expect((await http.call("POST", "/api/channels/default/test")).json).toEqual({
    usable: false,
    detail: null,
    error: { code: "discord-10015", message: "Gone." },
  });
  expect([http.server.channel.checks, http.told()]).toEqual([before + 1, []]);
});
