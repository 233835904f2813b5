/** Row C9 in a real server of each framework, with a real client. */
import { afterEach, describe, expect, it } from "vitest";
import { quietNotifier } from "../notifier/notifier.fixture.ts";
import { FRAMEWORKS, type RunningApp } from "./frameworks.fixture.ts";

const stops: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
});

async function start(run: (typeof FRAMEWORKS)[keyof typeof FRAMEWORKS], service?: string) {
  const { notifier, channel, clock } = quietNotifier();
  const named = service === undefined ? {} : { service, version: "1.2.0" };
  const app: RunningApp = await run({ notifier, clock, ...named });
  stops.push(app.stop);
  /** What Discord has been told once all requests have ended. */
  const told = async () => {
    // Requests on one connection end one after the other, so those before this one have ended.
    await (await fetch(`${app.url}/fine`)).text();
    await new Promise((resolve) => setImmediate(resolve));
    await clock.settle();
    return channel.sent.flatMap(({ request }) => request.notifications);
  };
  return { ...app, notifier, channel, clock, told };
}

// C9
describe.each(Object.entries(FRAMEWORKS))("%s", (_name, run) => {
  it("tells that the program has started", async () => {
    const { told } = await start(run, "Shop");
    expect(await told()).toMatchObject([{ title: "Shop Started", message: "Shop 1.2.0 is running." }]);
  });

  it("tells an unhandled error with method, route pattern, id, status and stack, and none of the request's secrets", async () => {
    const { url, told } = await start(run);
    const response = await fetch(`${url}/orders/7781?code=q-secret`, {
      method: "POST",
      headers: { "content-type": "application/json", cookie: "sid=c-secret", authorization: "Bearer a-secret-token" },
      body: JSON.stringify({ card: "b-secret" }),
    });
    await response.text();
    expect(response.status).toBe(500);
    const [notification, ...others] = await told();
    expect(others).toEqual([]);
    expect(notification).toMatchObject({
      type: "error",
      title: "POST /orders/:id failed: OrderError",
      message: "order 7781 is broken, token=***",
      fields: expect.arrayContaining([
        { name: "Method", value: "POST", inline: true },
        { name: "Route", value: "/orders/:id", inline: true },
        { name: "Status", value: "500", inline: true },
      ]),
      blocks: [{ kind: "code", text: expect.stringContaining("frameworks.fixture.ts") }],
    });
    expect(JSON.stringify(notification)).not.toMatch(/[qcab]-secret|s3cret/);
  });

  it("tells a 5xx that nobody threw, with the request's id, and is silent about what went well", async () => {
    const { url, told } = await start(run);
    for (const path of ["/fine", "/nowhere", "/busy"]) {
      await (await fetch(`${url}${path}`, { headers: { "x-request-id": "req-77" } })).text();
    }
    const notifications = await told();
    expect(notifications.map(({ title }) => title)).toEqual(["GET /busy was answered with 503"]);
    expect(notifications[0]!.fields.map(({ name }) => name)).toContain("Request ID");
    expect(notifications[0]!.blocks).toBeNull();
  });

  it("tells a repeated error once, then how often", async () => {
    const { url, told, clock } = await start(run);
    for (let id = 1; id <= 12; id++) await (await fetch(`${url}/orders/${id}`)).text();
    expect(await told()).toHaveLength(1);
    await clock.advance(60_000);
    const [, second] = await told();
    expect(second).toMatchObject({ title: "GET /orders/:id failed: OrderError (×11)" });
    expect(second!.message).toMatch(/^11 times since 2026-01-01T00:00:00.000Z, the last one:\norder 12 is broken/);
  });

  it("answers /health exactly", async () => {
    const { url, notifier } = await start(run);
    const response = await fetch(`${url}/health`);
    expect([response.status, response.headers.get("content-type")]).toEqual([
      200,
      expect.stringMatching(/^application\/json/),
    ]);
    expect(await response.json()).toEqual({
      status: "healthy",
      timestamp: "2026-01-01T00:00:00.000Z",
      services: {
        discord_notifications: {
          status: "healthy",
          enabled: true,
          queue_size: 0,
          rate_limits: JSON.parse(JSON.stringify(notifier.getRateLimitInfo())),
        },
      },
    });
  });

  it("sends what is counted and queued before it ends", async () => {
    const { url, told, monitor, channel } = await start(run);
    for (let id = 1; id <= 3; id++) await (await fetch(`${url}/orders/${id}`)).text();
    await told();
    expect(await monitor.close()).toEqual({ drained: true, open: 0 });
    expect((await told()).map(({ title }) => title)).toEqual([
      "GET /orders/:id failed: OrderError",
      "GET /orders/:id failed: OrderError (×2)",
    ]);
    expect(channel.closed).toBe(true);
  });
});
