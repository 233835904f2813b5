import { describe, expect, it } from "vitest";
import { createConsoleChannel } from "../channel/console/console-channel.ts";
import { createSystemClock } from "../clock/system-clock.ts";
import { ConfigError } from "../errors/config-error.ts";
import type { NotifierOptions } from "../notifier/options.ts";
import { createNotifier } from "../notifier.ts";
import { createMemoryStore } from "../store/memory/memory-store.ts";
import { crossing } from "./crossing.ts";

function problemsOf(options: NotifierOptions): readonly string[] {
  try {
    createNotifier({ env: {}, ...options });
  } catch (error) {
    if (error instanceof ConfigError) return [error.code, ...error.problems];
  }
  return [];
}

describe("crossing", () => {
  it("takes data as it is, and leaves what is called with the program", () => {
    const env = { LOG_LEVEL: "warn" };
    const about = { webhookUrl: "console:", retry: { maxAttempts: 2 }, severities: { critical: "file:a" } } as const;
    const store = { sqlite: "alerts.db", keepMs: Number.POSITIVE_INFINITY };
    const onEvent = (): void => {};
    const { options, store: file } = crossing({
      ...about,
      env,
      store,
      onEvent,
      logger: console,
      thread: true,
      flushOnExit: true,
    });
    expect(options).toEqual({ ...about, env });
    expect(structuredClone({ options, file })).toEqual({ options: { ...about, env }, file: store });
  });

  it("takes the environment of the process where none is given", () => {
    expect(crossing({}).options.env).toEqual(process.env);
  });

  it("names everything that cannot go, and what to write instead", () => {
    const channel = createConsoleChannel();
    const options = {
      ...{ thread: true, webhookUrl: channel, webhooks: { error: channel } },
      ...{ store: createMemoryStore(), clock: createSystemClock() },
    };
    expect(problemsOf(options)).toEqual([
      "CONFIG_THREAD",
      expect.stringMatching(/^webhookUrl\.\w+ cannot go to the thread: write destinations as text/),
      expect.stringMatching(/^webhooks\.error\.\w+ cannot go to the thread: write destinations as text/),
      expect.stringMatching(/^clock cannot go/),
      expect.stringMatching(/^store cannot go .* name its file, store: \{ sqlite: "alerts.db" \}/),
    ]);
  });

  it("names an object of a class, of which a copy would have lost all methods", () => {
    const odd = { banGuard: new (class Guard {})() } as unknown as NotifierOptions;
    expect(problemsOf({ ...odd, thread: true })).toEqual([
      "CONFIG_THREAD",
      expect.stringMatching(/^banGuard cannot go to the thread: write it as plain data/),
    ]);
  });

  it("names a file that nobody opens, where there is no thread", () => {
    expect(problemsOf({ store: { sqlite: "alerts.db" } })).toEqual([
      "CONFIG_NOTIFIER",
      expect.stringContaining("openSqliteStore()"),
    ]);
  });

  it("needs no thread where notifications are off", async () => {
    const workers: unknown[] = [];
    const note = (worker: unknown): void => void workers.push(worker);
    process.on("worker", note);
    const notifier = createNotifier({ env: { DISCORD_NOTIFICATIONS_ENABLED: "false" }, thread: true });
    expect(await notifier.send({ title: "one" })).toMatchObject({ status: "skipped", reason: "disabled" });
    expect(await notifier.check()).toEqual(new Map());
    await notifier.close();
    process.off("worker", note);
    expect(workers).toEqual([]);
  });

  it.each([{ timeoutMs: 0 }, { timeoutMs: Number.POSITIVE_INFINITY }])(
    "refuses a flush on exit of %o",
    (flushOnExit) => {
      expect(problemsOf({ flushOnExit })).toEqual([
        "CONFIG_NOTIFIER",
        expect.stringContaining("flushOnExit.timeoutMs"),
      ]);
    },
  );
});
