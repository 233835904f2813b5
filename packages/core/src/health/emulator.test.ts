/** The messages as Discord gets them, in the exact shapes of E4. */
import { startEmulator } from "@tocsin/discord-emulator";
import { expect, it } from "vitest";
import { createVirtualClock } from "../../testing/virtual-clock.ts";
import { createNotifier } from "../notifier.ts";

const START_AT = Date.UTC(2026, 0, 1, 12);
const SECOND = 1_000;

async function setUp() {
  const emulator = await startEmulator({ strict: true });
  const webhook = emulator.createWebhook({ channel: emulator.createChannel({ name: "alerts" }) });
  const clock = createVirtualClock({ startAt: START_AT });
  const notifier = createNotifier({
    env: { DISCORD_WEBHOOK_URL: webhook.url, DISCORD_ALLOWED_HOSTS: new URL(emulator.url).host, LOG_LEVEL: "error" },
    ...{ clock, validateOnStart: false, batching: false },
  });
  const components = { "Weather API": { failuresBeforeAlert: 2 }, "Bus *API* @everyone": { failuresBeforeAlert: 1 } };
  const health = notifier.health({ program: "Wall Display", components });
  return {
    ...{ clock, health, webhook },
    /** Every embed so far. */
    async embeds() {
      await notifier.flush();
      return emulator.messages().flatMap((message) => message.embeds);
    },
    [Symbol.asyncDispose]: async () => {
      await notifier.close({ timeoutMs: 0 });
      await emulator.close();
    },
  };
}

const footer = { text: "Wall Display Monitor" };
/** The instant as Discord writes it. */
const at = (afterMs: number) => new Date(START_AT + afterMs).toISOString().replace("Z", "000+00:00");

// E4
it("tells an error, its repetition and the recovery", async () => {
  await using display = await setUp();
  const { clock, health } = display;
  health.recordFailure("Weather API", new TypeError("fetch failed"));
  await clock.advance(132 * SECOND);
  health.recordFailure("Weather API", new TypeError("fetch failed"));
  const error = {
    title: "Error: Weather API",
    description: "fetch failed",
    color: 0xff0000,
    fields: [
      { name: "Component", value: "Weather API", inline: true },
      { name: "Error Type", value: "TypeError", inline: true },
      { name: "Failing For", value: "132s", inline: true },
      { name: "Last Success", value: "Never", inline: true },
    ],
    footer,
    timestamp: at(132 * SECOND),
  };
  expect((await display.embeds())[0]).toMatchObject(error);

  await clock.advance(300 * SECOND);
  const repeated = (await display.embeds())[1]!;
  expect(repeated).toMatchObject({ ...error, fields: [{}, {}, { value: "432s" }, {}], timestamp: at(432 * SECOND) });

  await clock.advance(900 * SECOND);
  expect(await display.embeds()).toHaveLength(3);
  await clock.advance(48 * SECOND);
  health.recordSuccess("Weather API");
  const recovered = (await display.embeds()).at(-1)!;
  expect(recovered).toMatchObject({
    title: "Recovered: Weather API",
    description: "Weather API recovered after 23 minutes",
    color: 0x00ff00,
    footer,
    timestamp: at(1_380 * SECOND),
  });
});

// E4
it("tells start, warning and end, without a secret", async () => {
  await using display = await setUp();
  const { health, webhook } = display;
  health.started({ port: 8080, busApi: { everySeconds: 60, apiKey: "hunter2" }, alertsTo: webhook.url });
  const [started] = await display.embeds();
  expect(started).toMatchObject({
    title: "Wall Display Started",
    color: 0x3498db,
    fields: [
      { name: "port", value: "8080", inline: true },
      { name: "busApi.everySeconds", value: "60", inline: true },
      { name: "busApi.apiKey", value: "\\*\\*\\*" },
      { name: "alertsTo" },
    ],
    footer,
    timestamp: at(0),
  });
  expect(JSON.stringify(started)).not.toContain("hunter2");
  expect(JSON.stringify(started)).not.toContain(webhook.url.split("/").at(-1));

  health.warning("Disk", "91 % full");
  await display.embeds();
  await health.stopping("SIGTERM");
  expect((await display.embeds()).slice(1)).toMatchObject([
    { title: "Warning: Disk", description: "91 % full", color: 0xffa500, footer },
    { title: "Wall Display Stopped", description: "SIGTERM", color: 0x95a5a6, footer },
  ]);
});

it("shows a component's name as it is, whatever markup is in it, and pings nobody", async () => {
  await using display = await setUp();
  display.health.recordFailure("Bus *API* @everyone", "password=hunter2 refused");
  const [embed] = await display.embeds();
  expect(embed!.title).toMatch(/^Error: Bus \\\*API\\\* @/);
  expect(embed!.description).toContain("password=");
  expect(JSON.stringify(embed)).not.toContain("hunter2");
});
