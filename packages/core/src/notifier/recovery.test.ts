/** Ends of alerts told where they began: the whole library, against Discord as the emulator plays it. */
import { type Emulator, startEmulator, type WebhookHandle } from "@tocsin/discord-emulator";
import { describe, expect, it } from "vitest";
import { createVirtualClock, type VirtualClock } from "../../testing/virtual-clock.ts";
import type { Recovery } from "../notification/recovery.ts";
import { createNotifier } from "../notifier.ts";
import { openSqliteStore } from "../sqlite.ts";
import { createMemoryStore } from "../store/memory/memory-store.ts";
import { temporaryFile } from "../store/sqlite/temp-folder.fixture.ts";
import type { Notifier } from "./api.ts";
import type { NotifierOptions } from "./options.ts";

const START_AT = Date.UTC(2026, 0, 1, 12);
const MINUTE = 60_000;

interface Scene {
  readonly emulator: Emulator;
  readonly webhook: WebhookHandle;
  readonly clock: VirtualClock;
  /** A process of its own; `recovery` through the environment. */
  start(recovery: Recovery | undefined, options?: NotifierOptions): Notifier;
  [Symbol.asyncDispose](): Promise<void>;
}

async function setUp(kind: "text" | "forum" = "text"): Promise<Scene> {
  const clock = createVirtualClock({ startAt: START_AT });
  const emulator = await startEmulator({ strict: true, clock });
  const webhook = emulator.createWebhook({ channel: emulator.createChannel({ name: "alerts", kind }) });
  const started: Notifier[] = [];
  return {
    ...{ emulator, webhook, clock },
    start(recovery, options = {}) {
      const notifier = createNotifier({
        env: {
          DISCORD_WEBHOOK_URL: webhook.url,
          DISCORD_ALLOWED_HOSTS: new URL(emulator.url).host,
          DISCORD_RECOVERY: recovery,
          LOG_LEVEL: "silent",
        },
        ...{ clock, validateOnStart: false, ...options },
      });
      started.push(notifier);
      return notifier;
    },
    [Symbol.asyncDispose]: async () => {
      for (const notifier of started) await notifier.close({ timeoutMs: 0 });
      await emulator.close();
    },
  };
}

const down = { title: "Pump", message: "No pressure", severity: "error", key: "pump", phase: "firing" } as const;
const up = { title: "Pump", message: "Runs again", severity: "error", key: "pump", phase: "resolved" } as const;
const titlesOf = (emulator: Emulator) => emulator.messages().map(({ embeds }) => embeds.map(({ title }) => title));

describe("a component that comes back", () => {
  it("turns its message green, with what was said before, and says E4's own words below", async () => {
    await using discord = await setUp();
    const notifier = discord.start("both");
    const health = notifier.health({
      program: "Wall Display",
      components: { API: { failuresBeforeAlert: 2, remindAfterMs: [] } },
    });
    health.recordFailure("API", new TypeError("fetch failed"));
    await discord.clock.advance(2 * MINUTE);
    health.recordFailure("API", new TypeError("fetch failed"));
    await notifier.flush();
    await discord.clock.advance(10 * MINUTE);
    health.recordSuccess("API");
    await notifier.flush();
    const [first, second] = discord.emulator.messages();
    const back = (START_AT + 12 * MINUTE) / 1_000;
    expect(first!.embeds).toMatchObject([
      {
        title: "Resolved: Error: API",
        description: `Back since <t:${back}:t>.\nAPI recovered after 12 minutes\nfetch failed`,
        color: 0x00ff00,
        fields: [{ value: "API" }, { value: "TypeError" }, { value: "120s" }, { value: "Never" }],
        footer: { text: "Wall Display Monitor" },
      },
    ]);
    const link = `${discord.emulator.url}/channels/${discord.emulator.guildId}/${first!.channelId}/${first!.id}`;
    expect(second!.embeds).toMatchObject([
      {
        title: "Recovered: API",
        description: `API recovered after 12 minutes\n[First message](${link})`,
        color: 0x00ff00,
      },
    ]);
    expect(discord.emulator.violations()).toEqual([]);
  });

  it("has its exact messages and nothing more where nobody asks for it", async () => {
    await using discord = await setUp();
    const notifier = discord.start(undefined);
    await notifier.send(down);
    await notifier.send(up);
    expect(titlesOf(discord.emulator)).toEqual([["Pump"], ["Pump"]]);
    expect(discord.emulator.requests().map(({ method }) => method)).toEqual(["POST", "POST"]);
  });
});

describe("in history", () => {
  it("stands why an end was told anew: the message had been deleted", async () => {
    await using discord = await setUp();
    const store = createMemoryStore({ clock: discord.clock });
    const notifier = discord.start("edit", { store });
    await notifier.send(down);
    const [message] = discord.emulator.messages();
    await fetch(`${discord.webhook.url}/messages/${message!.id}`, { method: "DELETE" });
    const { id } = await notifier.send(up);
    expect(titlesOf(discord.emulator)).toEqual([["Pump"]]);
    const entry = await store.history.find(id);
    expect(entry?.deliveries[0]).toMatchObject({
      degrade: ["anew"],
      result: { status: "delivered", inPlace: { how: "new", because: "refused-in-place" } },
      tries: [{ outcome: "rejected", error: { code: "discord-10008" } }, { outcome: "delivered" }],
    });
  });

  it("stands why an end was told anew: too many old messages had been changed", async () => {
    await using discord = await setUp();
    discord.emulator.setLimits({ oldEdits: { limit: 1, intervalMs: 600_000, kind: "sliding" } });
    const notifier = discord.start("edit");
    for (const key of ["a", "b", "c"]) await notifier.send({ ...down, key });
    await discord.clock.advance(2 * 60 * MINUTE);
    const results = [];
    for (const key of ["a", "b", "c"]) results.push(await notifier.send({ ...up, key }));
    expect(results.map(({ destinations: [end] }) => end)).toMatchObject([
      { attempts: 1, inPlace: { how: "edit" } },
      { attempts: 2, inPlace: { how: "new", because: "refused-in-place" } },
      { attempts: 2, inPlace: { how: "new", because: "refused-in-place" } },
    ]);
    // Once it has been refused, nobody asks again before the time.
    expect(discord.emulator.requests().filter(({ status }) => status === 429)).toHaveLength(1);
    expect(discord.emulator.requests().filter(({ method }) => method === "PATCH")).toHaveLength(2);
    await notifier.send({ ...down, key: "d" });
    await notifier.send({ ...up, key: "d" });
    expect(discord.emulator.requests().filter(({ method }) => method === "PATCH")).toHaveLength(3);
  });
});

describe("over a restart", () => {
  it("is still known where an alert was told, and what else stands in that message", async () => {
    await using discord = await setUp();
    const database = temporaryFile();
    const options = () => ({ store: openSqliteStore({ database, clock: discord.clock }), batching: true });
    const first = discord.start("edit", options());
    // From here on it has begun, and what comes goes at once.
    await first.send({ title: "begun" });
    const told = [first.send({ title: "busy" }), first.send(down), first.send({ ...down, title: "Fan", key: "fan" })];
    await Promise.all(told);
    await first.close();
    expect(titlesOf(discord.emulator)).toEqual([["begun"], ["busy"], ["Pump", "Fan"]]);
    await discord.clock.advance(5 * MINUTE);
    const second = discord.start("edit", options());
    expect(await second.send({ ...up, key: "fan" })).toMatchObject({ success: true });
    await second.close();
    expect(titlesOf(discord.emulator)).toEqual([["begun"], ["busy"], ["Pump", "Resolved: Fan"]]);
    expect(discord.emulator.messages()[2]!.embeds[1]!.description).toMatch(/^Was down 5 min, back since/);
  });
});

describe("in a forum", () => {
  it("an alert opens a post, its reminders and its end go there, whatever is configured", async () => {
    await using discord = await setUp("forum");
    const notifier = discord.start(undefined);
    await notifier.send(down);
    await notifier.send({ ...down, title: "Still no pressure" });
    await notifier.send({ title: "Other" });
    await notifier.send(up);
    const posts = discord.emulator
      .threads()
      .map(({ id, name }) => [name, discord.emulator.messages(id).map(({ embeds }) => embeds[0]?.title)]);
    expect(posts).toEqual([
      ["Pump", ["Pump", "Still no pressure", "Pump"]],
      ["Other", ["Other"]],
    ]);
  });

  it("the alert and its reminders turn green in their post, and the answer stands there as well", async () => {
    await using discord = await setUp("forum");
    const notifier = discord.start("both");
    await notifier.send(down);
    await notifier.send({ ...down, title: "Still no pressure" });
    expect(await notifier.send(up)).toMatchObject({
      status: "delivered",
      destinations: [{ inPlace: { how: "both" } }],
    });
    const posts = discord.emulator
      .threads()
      .map(({ name, id }) => [name, discord.emulator.messages(id).map(({ embeds }) => embeds[0]?.title)]);
    expect(posts).toEqual([["Pump", ["Resolved: Pump", "Resolved: Still no pressure", "Pump"]]]);
  });
});
