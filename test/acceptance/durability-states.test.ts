/**
 * What must not be forgotten with the process: a destination that is disabled, a pause that Discord has ordered, a breaker that is
 * open, a ban. The server is killed and started again, and sends nothing that it should not.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Emulator, startEmulator, type WebhookHandle } from "@tocsin/discord-emulator";
import { afterEach, beforeEach, expect, it } from "vitest";
import { type ServerProcess, startServer } from "./server-process.ts";

interface ChannelState {
  readonly mode: string;
  readonly waiting: number;
  readonly wait: { readonly because: string; readonly until: string | null } | null;
  readonly breaker: string;
  readonly error: { readonly code: string } | null;
}

let folder: string;
let emulator: Emulator;
let webhook: WebhookHandle;
let server: ServerProcess;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "tocsin-states-"));
  emulator = await startEmulator({ strict: true });
  webhook = emulator.createWebhook({ channel: emulator.createChannel({ name: "alerts" }) });
  server = await start();
});

afterEach(async () => {
  server.signal("SIGKILL");
  await server.exited;
  await emulator.close();
  rmSync(folder, { recursive: true, force: true });
});

/** One attempt each, so that five failures are five notifications and no waiting. */
function start(): Promise<ServerProcess> {
  return startServer({
    DATABASE_URL: `sqlite:${join(folder, "tocsin.db")}`,
    DISCORD_WEBHOOK_URL: webhook.url,
    DISCORD_ALLOWED_HOSTS: new URL(emulator.url).host,
    DISCORD_RETRY_ATTEMPTS: "1",
  });
}

/** A lane looks at what waits when the store has it that this process has begun, which is a moment after it can be asked. */
async function expectChannel(state: object): Promise<void> {
  await expect.poll(channel).toMatchObject(state);
}

async function killAndRestart(): Promise<void> {
  server.signal("SIGKILL");
  await server.exited;
  server = await start();
}

async function tell(title: string): Promise<string> {
  return (await server.call<{ id: string }>("POST", "/api/notifications", { title })).id;
}

async function statusOf(id: string): Promise<string> {
  return (await server.call<{ status: string }>("GET", `/api/notifications/${id}`)).status;
}

async function channel(): Promise<ChannelState> {
  return (await server.call<{ items: [ChannelState] }>("GET", "/api/channels")).items[0];
}

const posts = () => emulator.requests().filter(({ method }) => method === "POST");

it("a disabled destination stays disabled, also when it cannot be asked at the start", async () => {
  emulator.faults.add({ match: { method: "POST" }, do: { kind: "status", status: 404 } });
  const id = await tell("first");
  await expect.poll(() => statusOf(id)).toBe("failed");
  const before = await channel();
  expect(before).toMatchObject({ mode: "disabled", error: { code: expect.any(String) } });

  emulator.faults.add({ match: { method: "GET" }, do: { kind: "status", status: 503 } });
  await killAndRestart();
  expect(await channel()).toMatchObject({ mode: "disabled", error: before.error });
  const second = await tell("second");
  await expect.poll(() => statusOf(second)).toBe("failed");
  expect(posts()).toHaveLength(1);
});

it("a pause that Discord has ordered is kept to the end, and then what waited is sent", async () => {
  const pauseMs = 6_000;
  emulator.faults.add({ times: 1, match: { method: "POST" }, do: { kind: "rate-limit", retryAfterMs: pauseMs } });
  const id = await tell("told to wait");
  await expect.poll(async () => (await channel()).wait?.because).toBe("told-to-wait");
  const { wait } = await channel();
  await killAndRestart();
  await expectChannel({ waiting: 1, wait });
  expect(posts()).toHaveLength(1);

  await expect.poll(() => statusOf(id), { timeout: 15_000, interval: 100 }).toBe("delivered");
  const [refused, sent] = posts();
  expect(sent!.receivedAt - refused!.receivedAt).toBeGreaterThanOrEqual(pauseMs);
});

it("an open breaker stays open until its time has come", async () => {
  emulator.faults.add({ match: { method: "POST" }, do: { kind: "status", status: 503 } });
  for (const title of ["1", "2", "3", "4", "5"]) {
    const id = await tell(title);
    await expect.poll(() => statusOf(id)).toBe("failed");
  }
  expect(await channel()).toMatchObject({ breaker: "open" });
  await tell("waits");
  const { wait } = await channel();
  expect(wait).toMatchObject({ because: "breaker-open" });
  emulator.faults.clear();
  await killAndRestart();
  await expectChannel({ breaker: "open", waiting: 1, wait });
  expect(posts()).toHaveLength(5);
});

it("a ban stops everything, for as long as it lasts", async () => {
  emulator.ban({ shape: "cloudflare-1015-text", retryAfterSeconds: 3_600 });
  await tell("banned");
  await expect.poll(async () => (await channel()).wait?.because).toBe("banned");
  const { wait } = await channel();
  expect(Date.parse(wait!.until!) - Date.now()).toBeGreaterThan(3_500_000);
  emulator.unban();
  await killAndRestart();
  await tell("waits as well");
  await expectChannel({ waiting: 2, wait });
  expect(posts()).toHaveLength(1);
});
