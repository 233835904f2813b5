/** Real programs, watched from outside: how they end, what they print, and what arrives in Discord. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { startEmulator, type WebhookHandle } from "@tocsin/discord-emulator";
import { expect, it, onTestFinished } from "vitest";
import { createVirtualClock } from "../../testing/virtual-clock.ts";
import type { HealthTracker } from "../health/health-tracker.ts";
import type { NotificationInput } from "../notification/notification.ts";
import { monitorProcess } from "./process.ts";

const CHILD = join(import.meta.dirname, "process-child.fixture.ts");

async function discord() {
  const emulator = await startEmulator();
  onTestFinished(() => emulator.close());
  const webhook: WebhookHandle = emulator.createWebhook({ channel: emulator.createChannel({ name: "alerts" }) });
  const env = { DISCORD_WEBHOOK_URL: webhook.url, DISCORD_ALLOWED_HOSTS: new URL(emulator.url).host };
  const embeds = () => emulator.messages(webhook).flatMap((message) => message.embeds);
  return { env, embeds, titles: () => embeds().map(({ title }) => title) };
}

interface Run {
  readonly program: string;
  readonly env: NodeJS.ProcessEnv;
  readonly signal?: NodeJS.Signals;
}

async function run({ program, env, signal }: Run) {
  const child = spawn(process.execPath, [CHILD, program], {
    env: { ...process.env, ...env, LOG_LEVEL: "silent" },
    stdio: ["ignore", "pipe", "pipe"],
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  const stderr = text(child.stderr);
  if (signal !== undefined) child.stdout.once("data", () => child.kill(signal));
  const [code, by] = await once(child, "close");
  return { code, by, stderr: await stderr };
}

it("tells start and end, with the configuration and without its secrets", async () => {
  const { env, embeds, titles } = await discord();
  expect(await run({ program: "finishes", env })).toEqual({ code: 0, by: null, stderr: "" });
  expect(titles()).toEqual(["Importer Started", "Importer Stopped"]);
  expect(JSON.stringify(embeds())).toContain("it has nothing more to do");
  expect(JSON.stringify(embeds())).not.toContain("hunter2");
});

it("tells the signal that ends it, and ends by that signal", async () => {
  const { env, embeds } = await discord();
  expect(await run({ program: "waits", env, signal: "SIGTERM" })).toMatchObject({ code: null, by: "SIGTERM" });
  expect(JSON.stringify(embeds().at(-1))).toContain("SIGTERM");
});

it.each([
  ["crashes", "uncaughtException", "an exception"],
  ["rejects", "unhandledRejection", "a promise that was rejected"],
] as const)("a program that %s ends as ever, and that is told before", async (program, origin, words) => {
  const { env, titles } = await discord();
  const crash = await run({ program, env });
  expect(crash).toMatchObject({ code: 1, by: null });
  expect(crash.stderr).toContain("RangeError: row 7");
  // The notifier of that program flushes on exit.
  expect(titles()).toContain("Importer ends: nobody caught RangeError");

  const told: NotificationInput[] = [];
  const health = {
    program: "Importer",
    started: () => {},
    recordSuccess: () => {},
    recordFailure: () => {},
  } as unknown as HealthTracker;
  const notifier = {
    notify: (input: NotificationInput) => told.push(input),
    health: () => health,
    close: async () => {},
  };
  const { stop } = monitorProcess({ notifier, program: "Importer", clock: createVirtualClock() });
  (process as NodeJS.EventEmitter).emit("uncaughtExceptionMonitor", new RangeError("row 7"), origin);
  stop();
  (process as NodeJS.EventEmitter).emit("uncaughtExceptionMonitor", new RangeError("row 8"), origin);
  expect(told).toMatchObject([
    {
      severity: "critical",
      title: "Importer ends: nobody caught RangeError",
      message: "row 7",
      fields: { Origin: words },
      blocks: [{ text: expect.stringContaining("process.test.ts") }],
    },
  ]);
});

it("leaves to the program's own handler what that has caught", async () => {
  const { env, titles } = await discord();
  expect(await run({ program: "catches", env })).toMatchObject({ code: 9, by: null });
  expect(titles()).toContain("Importer Stopped");
});

it("tells when the event loop is behind", async () => {
  const { env, titles } = await discord();
  await run({ program: "stalls", env });
  expect(titles()).toContain("Error: Event loop");
}, 30_000);

it("a transport of pino sends what was logged before the program ends", async () => {
  const { env, embeds } = await discord();
  expect(await run({ program: "logs", env })).toMatchObject({ code: 3, by: null });
  expect(embeds()).toMatchObject([{ title: "Import failed" }]);
});
