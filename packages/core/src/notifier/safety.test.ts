/** Nothing in here can throw into, hold up or keep alive the program that uses it, and what is wrong with the set-up is said once. */
import fc from "fast-check";
import { afterEach, describe, expect, it, vi } from "vitest";
import type { NotificationInput } from "../notification/notification.ts";
import { createNotifier } from "../notifier.ts";
import { discord, run } from "../thread/threads.fixture.ts";
import { quietNotifier } from "./notifier.fixture.ts";

const TIMEOUT_MS = 120_000;
const fails = (): never => {
  throw new Error("not mine");
};
const hostile = new Proxy({}, { get: fails, has: fails, ownKeys: fails, getPrototypeOf: fails });

afterEach(() => {
  vi.restoreAllMocks();
});

describe("nothing is thrown into the program", () => {
  it("by notify(), send() and explain(), whatever they are given", async () => {
    const { notifier, clock } = quietNotifier();
    const anything = fc.anything({ withBigInt: true, withNullPrototype: true });
    await fc.assert(
      fc.asyncProperty(anything, async (input) => {
        const receipt = notifier.notify(input as NotificationInput);
        notifier.explain(input as NotificationInput);
        await clock.advance(60_000);
        expect(await receipt.settled).toMatchObject({ id: receipt.id });
      }),
    );
    expect(notifier.notify(hostile as NotificationInput).id).toMatch(/^ntf_/);
    expect(notifier.explain(hostile as NotificationInput).to).toEqual(["default"]);
  });

  it.each([
    ["fails", { debug: fails, info: fails, warn: fails, error: fails }],
    ["has no methods", {} as never],
  ])("by a logger that %s, neither at the start nor later", async (_, logger) => {
    const env = { DISCORD_WEBHOOK_URL: "nonsense", DISCORD_RATE_LIMIT: "many" };
    const notifier = createNotifier({ env, logger, onEvent: fails, validateOnStart: false });
    expect(await notifier.send({ title: "one" })).toMatchObject({ success: false });
    expect(await notifier.close()).toEqual({ drained: true, open: 0 });
  });

  it("by the status, the health and the limits, in any state", async () => {
    const { notifier } = quietNotifier();
    const look = () => [
      notifier.status(),
      notifier.isHealthy(),
      notifier.getRateLimitInfo(),
      notifier.validateConfiguration(),
    ];
    look();
    notifier.notify({ title: "one" });
    look();
    await notifier.close();
    look();
    expect(await notifier.check()).toBeInstanceOf(Map);
  });
});

describe("what is wrong with the set-up", () => {
  it("is said once on the console, with what to do, and no secret in it; the program goes on", async () => {
    const warn = vi.spyOn(console, "warn").mockImplementation(() => {});
    const env = { DISCORD_WEBHOOK_URL: "https://discord.example.com/api/webhooks/1/topsecrettopsecret" };
    const notifier = createNotifier({ env });
    for (let i = 0; i < 100; i++) expect(await notifier.send({ title: "one" })).toMatchObject({ success: false });
    const lines = warn.mock.calls.map(([line]) => String(line));
    expect(lines).toEqual([
      expect.stringMatching(/^tocsin: DISCORD_WEBHOOK_URL .*discord/),
      "tocsin: Discord webhook not configured, skipping alert",
    ]);
    expect(lines.join()).not.toContain("topsecret");
    await notifier.close();
  });
});

describe("the process", { timeout: TIMEOUT_MS }, () => {
  const options = { retry: { maxAttempts: 10, firstDelayMs: 60_000 }, rateLimit: { limit: 10_000 } } as const;

  it.each([{ thread: true }, { thread: false }])("ends by itself beside an idle notifier (%o)", async (mode) => {
    const { options: here } = await discord();
    expect(await run({ ...here, ...mode, flushOnExit: false }, { titles: [], ending: "nothing-left" })).toEqual({
      ...{ code: 0, signal: null, stdout: "" },
      stderr: "",
    });
  });

  it.each([{ thread: true }, { thread: false }])(
    "is not kept alive by what waits, after unref() (%o)",
    async (mode) => {
      const { emulator, options: here } = await discord();
      emulator.faults.add({ do: { kind: "status", status: 503 } });
      // A minute until the next attempt.
      const program = { titles: ["one"], ending: "unref" } as const;
      const startedAt = performance.now();
      const { code } = await run({ ...here, ...options, ...mode, flushOnExit: false }, program);
      expect(code).toBe(0);
      expect(performance.now() - startedAt).toBeLessThan(50_000);
    },
  );
});
