import { once } from "node:events";
import { createServer } from "node:net";
import { createVirtualClock, outcomes } from "@tocsin/core/testing";
import { afterEach, describe, expect, it } from "vitest";
import { T } from "../testing/samples.ts";
import { startTestApp, type TestApp } from "../testing/test-app.ts";
import { createTestLogger } from "../testing/test-logger.ts";
import { createApp } from "./app.ts";

const MONSTERA = { name: "Monstera", thresholds: { soil_moisture: { min: 20, max: 80 } } };
const MINUTE = 60_000;

let running: TestApp[] = [];

afterEach(async () => {
  for (const server of running.reverse()) await server[Symbol.asyncDispose]();
  running = [];
});

async function start(options: Parameters<typeof startTestApp>[0]): Promise<TestApp> {
  const server = await startTestApp(options);
  running.push(server);
  return server;
}

/** A plant with a device, named `device-abc`. */
async function plantWithDevice({ call }: TestApp): Promise<string> {
  const { id } = (await call<{ id: string }>("POST", "/api/plants", MONSTERA)).json;
  await call("POST", "/api/devices", { id: "device-abc", plant_id: id });
  return id;
}

function report({ call }: TestApp, soil: number) {
  return call("POST", "/api/devices/device-abc/telemetry", { soil_moisture: soil });
}

async function alertsOf({ call }: TestApp): Promise<readonly { told_count: number; delivery: { status: string } }[]> {
  const { json } = await call<{ items: { told_count: number; delivery: { status: string } }[] }>("GET", "/api/alerts");
  return json.items;
}

describe("without a webhook (A4)", () => {
  it.each([{}, { DISCORD_WEBHOOK_URL: "", DISCORD_WEBHOOK_MONITORING: "" }])(
    "everything works as before and the log says that alerts are skipped: %j",
    async (env) => {
      const server = await start({ channel: null, env });
      const plant = await plantWithDevice(server);
      expect((await report(server, 10)).status).toBe(200);
      await expect.poll(() => alertsOf(server)).toMatchObject([{ told_count: 1, delivery: { status: "skipped" } }]);
      expect((await server.call("GET", `/api/plants/${plant}/readings`)).json).toMatchObject({
        items: [{ value: 10 }],
      });
      expect(server.log.map(({ msg }) => msg)).toContain("Discord webhook not configured, skipping alert");
      expect(server.log.filter(({ level }) => level >= 50)).toEqual([]);
      expect(await server.call("GET", "/health")).toMatchObject({
        status: 200,
        json: { status: "healthy", services: { discord_notifications: { status: "not_configured" } } },
      });
    },
  );
});

describe("while Discord does not answer (A5)", () => {
  it("readings are stored as fast as ever, and the alert is sent after the next start", async () => {
    const server = await start({ channel: { latencyMs: 3_600_000 } });
    await plantWithDevice(server);
    for (let i = 0; i < 20; i++) expect((await report(server, 10)).status).toBe(200);
    await server.untilTold(1);
    expect(await alertsOf(server)).toMatchObject([
      { told_count: 1, held_back_count: 19, delivery: { status: "queued" } },
    ]);
    await server.app.stop({ timeoutMs: 200 });

    const again = await start({ folder: server.folder });
    expect(await again.untilTold(1)).toMatchObject([{ title: "Plant Alert: Monstera" }]);
    await expect.poll(() => alertsOf(again)).toMatchObject([{ delivery: { status: "delivered" } }]);
  });

  it("one failing alert does not keep the next from being sent", async () => {
    const server = await start({
      channel: { respond: (_request, n) => (n === 1 ? outcomes.rejected() : outcomes.delivered()) },
    });
    await plantWithDevice(server);
    await report(server, 10);
    await server.untilTold(1);
    await report(server, 90);
    await server.untilTold(2);
    await expect
      .poll(async () => (await alertsOf(server)).map(({ delivery }) => delivery.status))
      .toEqual(["delivered", "failed"]);
  });
});

describe("over a restart", () => {
  it("the cooldown goes on (A10)", async () => {
    const first = await start({});
    await plantWithDevice(first);
    await report(first, 10);
    await first.stop();
    const second = await start({ folder: first.folder });
    await report(second, 10);
    expect(await alertsOf(second)).toMatchObject([{ told_count: 1, held_back_count: 1 }]);
    expect(second.told()).toHaveLength(0);
  });

  it("one outage stays one alert (A2, A9)", async () => {
    const clock = createVirtualClock({ startAt: T });
    const first = await start({ clock });
    await plantWithDevice(first);
    await clock.advance(10 * MINUTE);
    expect(first.told()).toMatchObject([{ title: "Device Offline", message: "Device device-abc has gone offline" }]);
    const stopping = first.stop();
    await clock.advance(1_000);
    await stopping;

    const second = await start({ clock, folder: first.folder });
    await clock.advance(10 * MINUTE);
    expect(second.told()).toHaveLength(0);
  });
});

describe("over a restart, an idempotency key", () => {
  it("gets the first answer again, refuses another notification, and nothing is sent twice", async () => {
    const key = { "idempotency-key": "order-7" };
    const post = (server: TestApp, title: string) =>
      server.call<{ id: string; code: string }>("POST", "/api/notifications", { title }, key);
    const first = await start({});
    const accepted = await post(first, "Paid");
    await first.untilTold(1);
    await first.stop();
    const second = await start({ folder: first.folder });
    const again = await post(second, "Paid");
    expect([again.status, again.json]).toEqual([202, accepted.json]);
    expect(again.headers).toMatchObject({ "idempotent-replayed": "true" });
    expect(await post(second, "Refunded")).toMatchObject({ status: 422, json: { code: "idempotency-key-reused" } });
    // Whatever comes later would come after it.
    await second.call("POST", "/api/notifications", { title: "Later" });
    expect(await second.untilTold(1)).toMatchObject([{ title: "Later" }]);
  });
});

describe("stopping", () => {
  it("ends alert worker, offline checker and MQTT, in this order, and then the rest (A5)", async () => {
    const server = await start({});
    await server.stop();
    const ended = server.log.filter(({ msg }) => msg === "Ended").map(({ part }) => part);
    expect(ended).toEqual([
      "alert worker",
      "offline checker",
      "MQTT",
      "HTTP",
      "monitoring",
      "bot",
      "notifier",
      "journal",
      "housekeeping",
      "database",
    ]);
  });
});

describe("a start that fails", () => {
  it("takes back what had started, so that the next one works", async () => {
    const [http, mqtt] = [createServer().listen(0, "127.0.0.1"), createServer().listen(0, "127.0.0.1")];
    await Promise.all([once(http, "listening"), once(mqtt, "listening")]);
    const portOf = (server: typeof http) => String((server.address() as { port: number }).port);
    const env = { PORT: portOf(http), MQTT_PORT: portOf(mqtt), DATABASE_URL: "sqlite::memory:" };
    const { logger } = createTestLogger();
    await new Promise((resolve) => http.close(resolve));
    const failing = createApp({ env, logger });
    await expect(failing.start()).rejects.toMatchObject({ code: "EADDRINUSE", port: Number(env.MQTT_PORT) });
    await new Promise((resolve) => mqtt.close(resolve));

    const working = createApp({ env, logger });
    expect(await working.start()).toMatchObject({
      http: `http://127.0.0.1:${env.PORT}`,
      mqttPort: Number(env.MQTT_PORT),
    });
    await working.stop();
  });

  it("happens before anything is touched when the environment is wrong", () => {
    expect(() => createApp({ env: { PORT: "x" } })).toThrow(/PORT must be a whole number/);
  });
});
