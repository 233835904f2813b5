/** A plant's own webhook (A12): the whole server, against Discord as the emulator plays it. */
import { randomBytes } from "node:crypto";
import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { createVirtualClock } from "@tocsin/core/testing";
import { type Emulator, startEmulator, type WebhookHandle } from "@tocsin/discord-emulator";
import { describe, expect, it } from "vitest";
import { MONSTERA, type Named, type Page } from "../../testing/http-harness.ts";
import { T } from "../../testing/samples.ts";
import { startTestApp, type TestApp } from "../../testing/test-app.ts";

const KEY = randomBytes(32).toString("base64");

interface Scene extends AsyncDisposable {
  readonly emulator: Emulator;
  readonly general: WebhookHandle;
  readonly own: WebhookHandle;
  /** A server over the same database as the one before, which has to be stopped. */
  start(env?: Readonly<Record<string, string>>): Promise<TestApp>;
  /** Titles, oldest first. */
  at(webhook: WebhookHandle): readonly (string | undefined)[];
  /** Waits for what Discord has been told. */
  until(webhook: WebhookHandle, count: number): Promise<void>;
}

async function setUp(): Promise<Scene> {
  const emulator = await startEmulator({ strict: true });
  const [general, own] = ["general", "own"].map((name) =>
    emulator.createWebhook({ channel: emulator.createChannel({ name }) }),
  ) as [WebhookHandle, WebhookHandle];
  let folder: string | null = null;
  const started: TestApp[] = [];
  const at: Scene["at"] = (webhook) =>
    emulator.messages(webhook).flatMap(({ embeds }) => embeds.map(({ title }) => title));
  return {
    ...{ emulator, general, own, at },
    async start(env = {}) {
      const app = await startTestApp({
        channel: null,
        ...(folder !== null && { folder }),
        env: {
          DISCORD_WEBHOOK_URL: general.url,
          DISCORD_ALLOWED_HOSTS: new URL(emulator.url).host,
          ALERT_RECOVERIES: "true",
          ALERT_COOLDOWN_SECONDS: "0",
          ENCRYPTION_KEY: KEY,
          ...env,
        },
      });
      folder = app.folder;
      started.push(app);
      return app;
    },
    async until(webhook, count) {
      while (at(webhook).length < count) {
        await new Promise<void>((resolve) => {
          const stop = emulator.onEvent(() => {
            stop();
            setImmediate(resolve);
          });
          // What was stored between the look and the listening.
          if (at(webhook).length >= count) {
            stop();
            resolve();
          }
        });
      }
    },
    async [Symbol.asyncDispose]() {
      for (const app of started) await app.stop();
      if (folder !== null) rmSync(folder, { recursive: true, force: true });
      await emulator.close();
    },
  };
}

async function aPlant(app: TestApp, name = "Monstera") {
  const { id } = (await app.call<Named>("POST", "/api/plants", { ...MONSTERA, name })).json;
  const device = (await app.call<Named>("POST", "/api/devices", { plant_id: id })).json.id;
  return plantOf(app, id, device);
}

function plantOf(app: TestApp, id: string, device: string) {
  return {
    id,
    device,
    report: (value: number) => app.call("POST", `/api/devices/${device}/telemetry`, { soil_moisture: value }),
    prefer: (body: object) => app.call("PUT", `/api/plants/${id}/preferences`, body),
    preferences: async () =>
      (
        await app.call<{ webhook: { url: string | null; problem: string | null } | null }>(
          "GET",
          `/api/plants/${id}/preferences`,
        )
      ).json,
  };
}

const tokenOf = ({ url }: WebhookHandle): string => url.split("/").at(-1)!;

describe("the webhook of a plant", () => {
  it("gets its alerts, reminders and recoveries, and nobody else's; without it they go where all go", async () => {
    await using scene = await setUp();
    const { own, general, at, until } = scene;
    const app = await scene.start();
    const [mine, other] = [await aPlant(app, "Mine"), await aPlant(app, "Other")];
    const set = await mine.prefer({ webhook: own.url });
    const shown = `${new URL(own.url).origin}/api/v10/webhooks/${own.id}/…`;
    expect(set).toMatchObject({ status: 200, json: { webhook: { url: shown, problem: null } } });
    await mine.report(10);
    await until(own, 1);
    await mine.report(9);
    await until(own, 2);
    await mine.report(50);
    await until(own, 3);
    await other.report(10);
    await until(general, 1);
    expect([at(own), at(general)]).toEqual([
      ["Plant Alert: Mine", "Plant Alert: Mine", "Plant Recovered: Mine"],
      ["Plant Alert: Other"],
    ]);
    await mine.report(10);
    await until(own, 4);
    // What is left out stays, and what is `null` goes.
    expect((await mine.prefer({ severities: ["warning"] })).json).toMatchObject({ webhook: { url: shown } });
    expect((await mine.prefer({ webhook: null })).json).toMatchObject({ webhook: null });
    await mine.report(50);
    await until(general, 2);
    expect(at(general).at(-1)).toBe("Plant Recovered: Mine");
  });

  it("that is deleted in Discord gives way to the general destination, which says so, the end included", async () => {
    await using scene = await setUp();
    const { emulator, own, general, at, until } = scene;
    const app = await scene.start();
    const plant = await aPlant(app);
    await plant.prefer({ webhook: own.url });
    await plant.report(10);
    await until(own, 1);
    emulator.deleteWebhook(own.id);
    await plant.report(9);
    await until(general, 2);
    await plant.report(50);
    await until(general, 3);
    expect(at(general).toSorted()).toEqual([
      'Destination "webhook of Monstera" is disabled',
      "Plant Alert: Monstera",
      "Plant Recovered: Monstera",
    ]);
    const named = { status: "degraded", out_of_order: [{ channel: plant.id, title: "Webhook of Monstera" }] };
    expect(await app.call("GET", "/health")).toMatchObject({
      status: 200,
      json: { status: "healthy", services: { discord_notifications: named } },
    });
    const channels = (await app.call<Page<{ name: string; mode: string }>>("GET", "/api/channels")).json;
    expect(JSON.stringify(channels)).toContain(plant.id);
  });

  it("survives a restart, encrypted: its token is in no file, answer or log", async () => {
    await using scene = await setUp();
    const { own, general, at, until } = scene;
    const first = await scene.start({ LOG_LEVEL: "debug" });
    const { id, device, prefer, report } = await aPlant(first);
    await prefer({ webhook: own.url });
    await report(10);
    await until(own, 1);
    await first.call("GET", "/api/channels");
    await first.stop();
    for (const file of ["test.db", "test.db-wal"]) {
      const bytes = readIfThere(join(first.folder, file));
      for (const form of ["utf8", "base64", "base64url", "hex"] as const)
        expect(bytes.includes(Buffer.from(tokenOf(own)).toString(form).slice(0, 40))).toBe(false);
    }
    const second = await scene.start();
    const plant = plantOf(second, id, device);
    await plant.report(50);
    await until(own, 2);
    expect([at(own).at(-1), at(general)]).toEqual(["Plant Recovered: Monstera", []]);
    expect(JSON.stringify([first.log, second.log, await plant.preferences()])).not.toContain(tokenOf(own));
  });

  it.each([
    ["https://example.org/hook", /not Discord/],
    ["file:/etc/passwd", /webhook/],
    ["console:", /webhook/],
    ["https://discord.com/api/webhooks/1403872946109284352", /has no token/],
    ["", /is empty/],
  ])("is refused as %j, with what to do, and nothing changes", async (webhook, says) => {
    await using scene = await setUp();
    const plant = await aPlant(await scene.start());
    await plant.prefer({ webhook: scene.own.url });
    const before = await plant.preferences();
    expect(await plant.prefer({ webhook, severities: ["critical"] })).toMatchObject({
      status: 400,
      json: { code: "webhook-refused", detail: expect.stringMatching(says) },
    });
    expect(await plant.preferences()).toEqual(before);
  });

  const [alert, ended] = ["Plant Alert: Monstera", "Plant Alert Ended: Monstera"];
  it.each([
    { what: "is told there", isPaused: false, told: [[alert, ended], []] },
    { what: "comes to the general destination while its own is paused", isPaused: true, told: [[alert], [ended]] },
  ])("goes with the plant; the end of what it has told $what", async ({ isPaused, told }) => {
    await using scene = await setUp();
    const app = await scene.start();
    const plant = await aPlant(app);
    await plant.prefer({ webhook: scene.own.url });
    await plant.report(10);
    await scene.until(scene.own, 1);
    if (isPaused) await app.call("POST", `/api/channels/${plant.id}/pause`);
    await app.call("DELETE", `/api/plants/${plant.id}`);
    await scene.until(scene.general, told[1]!.length);
    expect([scene.at(scene.own), scene.at(scene.general)]).toEqual(told);
    expect(JSON.stringify((await app.call("GET", "/api/channels")).json)).not.toContain(plant.id);
  });
});

describe("ENCRYPTION_KEY", () => {
  it.each([
    ["", /is not set: set it to 32 random bytes.*openssl rand -base64 32/],
    ["hunter2hunter2", /has 10 bytes: set it to 32 random bytes/],
  ])("as %j: the server starts, and keeps no webhook in clear", async (key, says) => {
    await using scene = await setUp();
    const app = await scene.start({ ENCRYPTION_KEY: key });
    const plant = await aPlant(app);
    expect(await plant.prefer({ webhook: scene.own.url })).toMatchObject({
      status: 409,
      json: { code: "encryption-key-missing", detail: expect.stringMatching(says) },
    });
    expect((await plant.prefer({ severities: null })).status).toBe(200);
    expect(app.log.some(({ msg }) => /ENCRYPTION_KEY/.test(msg ?? ""))).toBe(key !== "");
  });

  it("that is missing, or another one: the plant's alerts come to the general destination, which says so once", async () => {
    await using scene = await setUp();
    const { own, general, at, until } = scene;
    const first = await scene.start();
    const { id, device, prefer } = await aPlant(first);
    await prefer({ webhook: own.url });
    await first.stop();
    const other = { ENCRYPTION_KEY: randomBytes(32).toString("hex") };
    const second = await scene.start(other);
    await until(general, 1);
    const plant = plantOf(second, id, device);
    await plant.report(10);
    await until(general, 2);
    expect(await plant.preferences()).toMatchObject({
      webhook: { url: null, problem: expect.stringMatching(/another ENCRYPTION_KEY \([\da-f]{8}\): add that key/) },
    });
    await second.stop();
    const third = await scene.start(other);
    await plantOf(third, id, device).report(50);
    await until(general, 3);
    await third.stop();
    expect(at(general)).toEqual([
      "The webhook of Monstera cannot be used",
      "Plant Alert: Monstera",
      "Plant Recovered: Monstera",
    ]);
    const fourth = await scene.start({ ENCRYPTION_KEY: "" });
    await until(general, 4);
    expect((await plantOf(fourth, id, device).preferences()).webhook?.problem).toMatch(/is not set/);
    await fourth.stop();
    const fifth = await scene.start();
    await plantOf(fifth, id, device).report(10);
    await until(own, 1);
    expect(at(own)).toEqual(["Plant Alert: Monstera"]);
  });

  it("is exchanged by naming the new one before the old, once; what was encrypted is then under the new one", async () => {
    await using scene = await setUp();
    const { own, until } = scene;
    const first = await scene.start();
    const { id, device, prefer } = await aPlant(first);
    await prefer({ webhook: own.url });
    await first.stop();
    const next = randomBytes(32).toString("base64");
    const second = await scene.start({ ENCRYPTION_KEY: `${next},${KEY}` });
    expect(second.log).toContainEqual(expect.objectContaining({ renewed: 1 }));
    await second.stop();
    const third = await scene.start({ ENCRYPTION_KEY: next });
    expect(third.log.filter(({ renewed }) => renewed !== undefined)).toEqual([]);
    await plantOf(third, id, device).report(10);
    await until(own, 1);
  });
});

it("what waits for a plant's webhook outlasts a restart, and comes to the general destination when it is taken away", async () => {
  await using scene = await setUp();
  const { own, general, at, until } = scene;
  const first = await scene.start();
  const { id, device, prefer, report } = await aPlant(first);
  await prefer({ webhook: own.url });
  await first.call("POST", `/api/channels/${id}/pause`);
  await report(10);
  await first.stop();
  const second = await scene.start();
  expect(second.log.filter(({ msg }) => /wait in the store/.test(msg ?? ""))).toEqual([]);
  await plantOf(second, id, device).prefer({ webhook: null });
  await until(general, 1);
  expect([at(own), at(general)]).toEqual([[], ["Plant Alert: Monstera"]]);
});

it("a clock that stands still is enough to start with a webhook", async () => {
  const clock = createVirtualClock({ startAt: T });
  const app = await startTestApp({ clock, env: { DATABASE_URL: "sqlite::memory:", ENCRYPTION_KEY: KEY } });
  await app.stop();
  rmSync(app.folder, { recursive: true, force: true });
});

function readIfThere(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch {
    return Buffer.alloc(0);
  }
}
