/**
 * Real crashes: the server's process is killed (`kill -9`) at random moments while applications post notifications and devices
 * report, and is started again on the same file. Discord is the emulator, with delayed answers, so that many a message is on its way
 * at the moment of death.
 *
 * A seed decides the moments; `DURABILITY_SEED=N` repeats it as far as processes can be repeated, `DURABILITY_KILLS=N` kills more often.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Channel, type Emulator, NO_LIMITS, startEmulator } from "@tocsin/discord-emulator";
import { afterEach, beforeEach, expect, it } from "vitest";
import { type Accepted, type Client, type Load, startLoad } from "./durability-load.ts";
import { type ServerProcess, startServer, UNHURRIED } from "./server-process.ts";

const KILLS = Number(process.env["DURABILITY_KILLS"] ?? 20);
const SEED = Number(process.env["DURABILITY_SEED"] ?? 42);
const LIVES_MS = { least: 60, most: 500 };
/** In each life, or the test would show little. */
const LEAST_ACCEPTED = 10;
/** Time for what the dead process has sent to arrive. */
const LAST_WORDS_MS = 100;
const PLANT = { name: "Monstera", thresholds: { soil_moisture: { min: 20 } } };

let folder: string;
let emulator: Emulator;
let running: ServerProcess | null;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "tocsin-durability-"));
  emulator = await startEmulator({ limits: NO_LIMITS });
  running = null;
});

afterEach(async () => {
  running?.signal("SIGKILL");
  await running?.exited;
  await emulator.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Two for applications, of which one carries several priorities, and one for the alerts of plants. */
function createLanes() {
  const [general, errors, plants] = ["general", "errors", "plants"].map((name) => emulator.createChannel({ name }));
  const url = (channel: Channel) => emulator.createWebhook({ channel }).url;
  const env = {
    DATABASE_URL: `sqlite:${join(folder, "tocsin.db")}`,
    DISCORD_WEBHOOK_URL: url(general!),
    DISCORD_WEBHOOK_ERRORS: url(errors!),
    DISCORD_WEBHOOK_MONITORING: url(plants!),
    DISCORD_ALLOWED_HOSTS: new URL(emulator.url).host,
    DISCORD_RATE_LIMIT: "100000",
    DISCORD_QUEUE_SIZE: "100000",
    ALERT_COOLDOWN_SECONDS: "0",
    LOG_LEVEL: "error",
  };
  return { env, general: general!, errors: errors!, plants: plants! };
}

/** An application; the notifications of one lane are told apart by its name. */
function application(name: string, type: string, priorities: readonly number[]): Client {
  return {
    next(n) {
      const text = `${name} ${n}`;
      const priority = priorities[n % priorities.length]!;
      return {
        path: "/api/notifications",
        body: { type, title: text, priority },
        headers: { "idempotency-key": text },
        counts: ({ id }) => ({ text, id: id!, priority }),
        repeatable: true,
      };
    },
  };
}

/** A device that reports a good value and a bad one by turns: every bad one that was accepted after a good one is an alert. */
function device(id: string, offset: number): Client {
  let isGood = true;
  let n = 0;
  return {
    next() {
      // A value is never reported twice: whether a lost one was stored, nobody knows.
      const value = isGood ? 50 : Number((offset + ++n / 1_000).toFixed(3));
      const text = `Soil Moisture is ${value}, threshold min 20.0`;
      const report = { path: `/api/devices/${id}/telemetry`, body: { soil_moisture: value } };
      // Whatever became of a bad one, a good one follows.
      const goesOn = !isGood;
      isGood = true;
      if (goesOn) return { ...report, counts: () => ({ text, id: "", priority: 0 }), repeatable: false };
      const after = { ...report, counts: null, repeatable: true };
      isGood = false;
      return after;
    },
  };
}

/** What a lane has shown, message by message, as texts. */
function shown(channel: Channel): readonly (readonly string[])[] {
  return emulator.messages(channel).map(({ embeds }) => embeds.map(textOf));
}

function textOf({ title = "", description = "" }: { title?: string; description?: string }): string {
  return title === "Plant Alert: Monstera" ? description : title;
}

it("kill -9 under load: nothing accepted is lost, at most one message a lane and kill comes twice, order is kept (A5)", async () => {
  const random = createRandom(SEED);
  const { env, ...channels } = createLanes();
  const lanes = Object.values(channels);
  // Half of the answers come late: the message is there, and the process does not know yet when it dies.
  emulator.faults.add({ match: { method: "POST" }, probability: 0.5, do: { kind: "stall", ms: 40, store: "after" } });
  const start = async () => {
    running = await startServer(env, { program: UNHURRIED });
    return running;
  };

  let server = await start();
  for (const id of ["device-a", "device-b"]) {
    const plant = await server.call<{ id: string }>("POST", "/api/plants", PLANT);
    await server.call("POST", "/api/devices", { id, plant_id: plant.id });
  }
  const load: Load = startLoad(
    [
      ...["shop", "blog", "wiki"].map((name) => application(name, "general", [0, 5, 0, 9])),
      ...["api", "job", "cron"].map((name) => application(name, "error", [0])),
      device("device-a", 1),
      device("device-b", 11),
    ],
    random,
  );
  /** For each kill, how many messages each lane had shown by then. */
  const deaths: number[][] = [];
  for (let kill = 0; kill < KILLS; kill++) {
    const before = load.accepted.length;
    load.aim(server.url);
    await pause(LIVES_MS.least + random() * (LIVES_MS.most - LIVES_MS.least));
    // A machine that is busy with other things gives a process longer lives, not emptier ones.
    while (load.accepted.length - before <= LEAST_ACCEPTED) await pause(1);
    load.aim(null);
    server.signal("SIGKILL");
    await server.exited;
    await pause(LAST_WORDS_MS);
    deaths.push(lanes.map((lane) => emulator.messages(lane).length));
    server = await start();
  }
  load.aim(server.url);
  await load.end();
  await expect.poll(() => waiting(server), { timeout: 20_000, interval: 100 }).toEqual({ waiting: 0, queued: 0 });

  const expected = load.accepted.map(({ text }) => text);
  const arrived = new Set(lanes.flatMap((lane) => shown(lane).flat()));
  expect(expected.filter((text) => !arrived.has(text))).toEqual([]);
  const repeats = lanes.map((lane, index) =>
    repeatsIn(
      shown(lane),
      deaths.map((counts) => counts[index]!),
    ),
  );
  expect(repeats.flatMap(({ unexplained }) => unexplained)).toEqual([]);
  for (const lane of [channels.general, channels.errors]) {
    expect(outOfOrder(shown(lane).flat(), load.accepted)).toEqual([]);
  }
  expect(await server.call("GET", "/api/dead-letters")).toMatchObject({ items: [] });
  expect(await failedAlerts(server)).toEqual([]);
  // The control: the load was real, answers were lost, and messages did come twice, or the test would show nothing.
  expect(expected.length).toBeGreaterThan(KILLS * 10);
  expect(load.lost).toBeGreaterThan(KILLS / 2);
  expect(repeats.reduce((sum, { count }) => sum + count, 0)).toBeGreaterThan(0);
  await server.stop();
}, 180_000);

async function waiting(server: ServerProcess): Promise<{ waiting: number; queued: number }> {
  const [told, alerts] = await Promise.all([
    server.call<{ items: unknown[] }>("GET", "/api/notifications?status=waiting&limit=1"),
    server.call<{ items: unknown[] }>("GET", "/api/alerts?delivery=queued&limit=1"),
  ]);
  return { waiting: told.items.length, queued: alerts.items.length };
}

async function failedAlerts(server: ServerProcess): Promise<unknown[]> {
  const { items } = await server.call<{ items: { told_count: number; delivery: { status: string } }[] }>(
    "GET",
    "/api/alerts?limit=500",
  );
  return items.filter(({ told_count, delivery }) => told_count > 0 && delivery.status !== "delivered");
}

interface Repeats {
  /** How often something was shown again. */
  readonly count: number;
  /** What was shown again more often than a kill explains: each makes one message of the lane uncertain, the last one before it. */
  readonly unexplained: readonly string[];
}

function repeatsIn(messages: readonly (readonly string[])[], deaths: readonly number[]): Repeats {
  const shownAgain = timesOf(messages.flat());
  const uncertain = timesOf(deaths.flatMap((count) => messages[count - 1] ?? []));
  const repeated = [...shownAgain].map(([text, times]) => ({ text, again: times - 1 }));
  return {
    count: repeated.reduce((sum, { again }) => sum + again, 0),
    unexplained: repeated.filter(({ text, again }) => again > (uncertain.get(text) ?? 0)).map(({ text }) => text),
  };
}

function timesOf(texts: readonly string[]): ReadonlyMap<string, number> {
  const times = new Map<string, number>();
  for (const text of texts) times.set(text, (times.get(text) ?? 0) + 1);
  return times;
}

/** Of each priority, what was shown first although it had been accepted later. */
function outOfOrder(texts: readonly string[], accepted: readonly Accepted[]): string[] {
  const known = new Map(accepted.map((one) => [one.text, one]));
  const newest = new Map<number, string>();
  return [...new Set(texts)].filter((text) => {
    const { id, priority } = known.get(text)!;
    const isLate = id < (newest.get(priority) ?? "");
    if (!isLate) newest.set(priority, id);
    return isLate;
  });
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** Mulberry32 (public domain). */
function createRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
