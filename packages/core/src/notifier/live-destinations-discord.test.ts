/** Destinations that change while a notifier runs, against Discord as the emulator plays it, on virtual time. */
import { type Emulator, startEmulator, type WebhookHandle } from "@tocsin/discord-emulator";
import { describe, expect, it } from "vitest";
import { createVirtualClock, type VirtualClock } from "../../testing/virtual-clock.ts";
import { createNotifier } from "../notifier.ts";
import { createMemoryStore } from "../store/memory/memory-store.ts";
import type { Notifier } from "./api.ts";

interface Scene extends AsyncDisposable {
  readonly emulator: Emulator;
  readonly clock: VirtualClock;
  readonly notifier: Notifier;
  readonly hooks: Readonly<Record<"general" | "old" | "next", WebhookHandle>>;
  readonly log: readonly string[];
  /** Titles, oldest first. */
  at(hook: WebhookHandle): readonly (string | undefined)[];
  /** Lets time pass until nothing is queued. */
  drain(): Promise<void>;
}

async function setUp(): Promise<Scene> {
  const clock = createVirtualClock({ startAt: Date.UTC(2026, 0, 1) });
  const emulator = await startEmulator({ strict: true, clock });
  const hookIn = (name: string) => emulator.createWebhook({ channel: emulator.createChannel({ name }) });
  const hooks = { general: hookIn("general"), old: hookIn("old"), next: hookIn("next") };
  const log: string[] = [];
  const write = (line: string): void => void log.push(line);
  const notifier = createNotifier({
    ...{ env: {}, clock, webhookUrl: hooks.general.url, validateOnStart: false, batching: false },
    allowedHosts: [new URL(emulator.url).host],
    logger: { debug: write, info: write, warn: write, error: write },
    store: createMemoryStore({ clock }),
  });
  return {
    ...{ emulator, clock, notifier, hooks, log },
    at: (hook) => emulator.messages(hook).flatMap(({ embeds }) => embeds.map(({ title }) => title)),
    async drain() {
      while (notifier.getQueueSize() > 0) {
        await clock.advance(500);
        await new Promise((resolve) => setImmediate(resolve));
      }
    },
    [Symbol.asyncDispose]: async () => {
      await notifier.close({ timeoutMs: 0 });
      await emulator.close();
    },
  };
}

describe("a destination that leads to another webhook from now on", () => {
  it("keeps the order of what waits, loses nothing, and provokes no refusal", async () => {
    await using scene = await setUp();
    const { emulator, notifier, hooks, at, drain } = scene;
    await notifier.setDestination("team", hooks.old.url);
    const sent = Array.from({ length: 30 }, (_, n) => notifier.send({ title: String(n), destination: "team" }));
    while (at(hooks.old).length < 3) {
      await scene.clock.advance(100);
      await new Promise((resolve) => setImmediate(resolve));
    }
    await notifier.setDestination("team", hooks.next.url);
    await drain();
    expect((await Promise.all(sent)).filter(({ success }) => !success)).toEqual([]);
    const [before, after] = [at(hooks.old), at(hooks.next)];
    expect([...before, ...after]).toEqual(sent.map((_, n) => String(n)));
    expect(after.length).toBeGreaterThan(20);
    expect(emulator.counters().byStatus[429] ?? 0).toBe(0);
  });

  it("that was deleted gives way to the default, which is told so, until it leads somewhere again; no token is in a word of it", async () => {
    await using scene = await setUp();
    const { emulator, notifier, hooks, at, drain, log } = scene;
    await notifier.setDestination("team", hooks.old.url, { title: "the greenhouse" });
    emulator.deleteWebhook(hooks.old.id);
    const lost = notifier.send({ title: "1", destination: "team" });
    await drain();
    expect(await lost).toMatchObject({ success: true });
    await notifier.setDestination("team", hooks.next.url, { title: "the greenhouse" });
    await Promise.all([notifier.send({ title: "2", destination: "team" }), drain()]);
    expect(at(hooks.general).toSorted()).toEqual(["1", 'Destination "the greenhouse" is disabled']);
    expect(at(hooks.next)).toEqual(["2"]);
    for (const { url } of Object.values(hooks)) expect(log.join("\n")).not.toContain(url.split("/").at(-1));
  });
});
