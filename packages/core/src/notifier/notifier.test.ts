import { describe, expect, it, vi } from "vitest";
import { createFakeChannel } from "../../testing/fake-channel.ts";
import { misconfigured, rejected, unavailable } from "../../testing/outcomes.ts";
import { createVirtualClock } from "../../testing/virtual-clock.ts";
import { ConfigError } from "../errors/config-error.ts";
import { createNotifier } from "../notifier.ts";
import type { NotifierOptions } from "./options.ts";

function setUp(options: NotifierOptions = {}) {
  const clock = createVirtualClock();
  const channel = createFakeChannel({ clock });
  const logger = { debug: vi.fn(), info: vi.fn(), warn: vi.fn(), error: vi.fn() };
  const notifier = createNotifier({ env: {}, clock, logger, webhookUrl: channel, validateOnStart: false, ...options });
  return { clock, channel, logger, notifier };
}

describe("notify", () => {
  it("returns before anything is sent, and settles with the verdict", async () => {
    const { notifier, channel } = setUp();
    const receipt = notifier.notify({ title: "Hello" });
    expect(channel.sent).toHaveLength(0);
    expect(receipt.id).toMatch(/^ntf_[0-9a-z]{20}$/);
    expect(await receipt.accepted).toBe(true);
    expect(await receipt.settled).toMatchObject({
      success: true,
      status: "delivered",
      id: receipt.id,
      attempts: 1,
      messageId: "message-1",
    });
  });

  it.each([[undefined], [null], [42], ["text"], [[]], [Symbol("x")], [{ fields: null, title: { a: 1 } }]])(
    "does not throw for %s",
    async (input) => {
      const { notifier } = setUp();
      expect(await notifier.notify(input as never).settled).toMatchObject({ success: true });
    },
  );

  it("says what to do about a failure", async () => {
    const { notifier, channel, clock } = setUp({ retry: { maxAttempts: 1 } });
    channel.answer(unavailable({ code: "http-503" }));
    const sending = notifier.send({ title: "Hello" });
    await clock.settle();
    expect(await sending).toMatchObject({
      success: false,
      status: "failed",
      reason: "attempts-exhausted",
      error: "Scripted failure http-503.",
    });
  });

  it("contains a listener that throws", async () => {
    const { notifier } = setUp({
      onEvent: () => {
        throw new Error("listener");
      },
    });
    expect(await notifier.send({ title: "Hello" })).toMatchObject({ success: true });
  });
});

describe("without a destination", () => {
  it("skips, says so once where it is seen, and fails nothing", async () => {
    const { notifier, logger } = setUp({ webhookUrl: "" });
    for (let i = 0; i < 3; i++) {
      expect(await notifier.send({ title: "Hello" })).toMatchObject({ status: "skipped", reason: "no-destination" });
    }
    expect(logger.warn.mock.calls).toEqual([["Discord webhook not configured, skipping alert"]]);
    expect(logger.error).not.toHaveBeenCalled();
  });

  it("takes the environment's destinations, and names a bad one without its secret", () => {
    const token = "x".repeat(68);
    const { notifier, logger } = setUp({
      webhookUrl: undefined as never,
      env: {
        DISCORD_WEBHOOK_GENERAL: `https://discord.com/api/webhooks/123456789012345678/${token}`,
        DISCORD_WEBHOOK_ERRORS: `https://evil.example/api/webhooks/123456789012345678/${token}`,
      },
    });
    expect(notifier.status().destinations.map(({ destination }) => destination)).toEqual(["general"]);
    expect(notifier.problems).toEqual([expect.stringMatching(/^DISCORD_WEBHOOK_ERRORS .*evil\.example/)]);
    expect(JSON.stringify([notifier.problems, notifier.status(), logger.warn.mock.calls])).not.toContain(token);
  });
});

describe("turned off", () => {
  it("sends nothing", async () => {
    const { notifier, channel } = setUp({ env: { DISCORD_NOTIFICATIONS_ENABLED: "false" } });
    expect(await notifier.send({ title: "Hello" })).toMatchObject({ status: "skipped", reason: "disabled" });
    expect(channel.sent).toHaveLength(0);
  });
});

describe("routes", () => {
  it("makes one lane of equal destinations", () => {
    const { channel, notifier } = setUp();
    const other = createNotifier({
      env: {},
      webhookUrl: channel,
      webhooks: { error: channel },
      validateOnStart: false,
    });
    expect(other.status().destinations).toHaveLength(1);
    expect(notifier.explain({ type: "error" })).toMatchObject({ to: ["default"], because: "default" });
  });
});

describe("idempotency", () => {
  it("gives the first receipt back for the same key within the window, and takes it anew after", async () => {
    const { notifier, channel, clock } = setUp({ idempotencyWindowMs: 1_000 });
    const first = notifier.notify({ title: "Paid", idempotencyKey: "order-7" });
    expect(notifier.notify({ title: "Paid", idempotencyKey: "order-7" })).toBe(first);
    expect(notifier.notify({ title: "Paid", idempotencyKey: "order-8" }).id).not.toBe(first.id);
    await clock.advance(1_000);
    expect(notifier.notify({ title: "Paid", idempotencyKey: "order-7" }).id).not.toBe(first.id);
    await clock.settle();
    expect(channel.sent).toHaveLength(3);
  });
});

describe("a destination in trouble", () => {
  function withFallback() {
    const clock = createVirtualClock();
    const fallback = createFakeChannel({ clock, label: "fallback" });
    return { ...setUp({ clock, fallback }), fallback, clock };
  }
  const titlesOf = (channel: ReturnType<typeof createFakeChannel>) =>
    channel.sent.flatMap(({ request }) => request.notifications.map(({ title }) => title));

  const reportsAt = (channel: ReturnType<typeof createFakeChannel>) =>
    titlesOf(channel).filter((title) => title?.startsWith("Destination"));

  it("is reported once through its fallback, after what it could not deliver", async () => {
    const { notifier, channel, fallback, clock } = withFallback();
    channel.answer(misconfigured(), misconfigured());
    notifier.notify({ title: "1" });
    await clock.settle();
    notifier.notify({ title: "2" });
    await clock.settle();
    expect(titlesOf(fallback).toSorted()).toEqual(["1", "2", 'Destination "default" is disabled']);
  });

  it("that is disabled again is reported again when something has arrived in between", async () => {
    const { notifier, channel, fallback, clock } = withFallback();
    for (const title of ["1", "2"]) {
      channel.answer(misconfigured());
      await notifier.send({ title });
      await notifier.check();
      await notifier.send({ title: `${title}, arrived` });
    }
    await clock.settle();
    expect(reportsAt(fallback)).toEqual(Array(2).fill('Destination "default" is disabled'));
  });

  it("that fails some messages, while others arrive, is reported once an hour", async () => {
    const { notifier, channel, fallback, clock } = withFallback();
    for (const title of ["bad 1", "bad 2", "good", "bad 3", "bad 4"]) {
      if (title.startsWith("bad")) channel.answer(rejected());
      if (title === "bad 4") await clock.advance(3_600_000);
      await notifier.send({ title });
      await clock.settle();
    }
    expect(reportsAt(fallback)).toEqual(Array(2).fill('Destination "default" has refused a message'));
    const [, report] = fallback.sent.flatMap(({ request }) => request.notifications);
    expect(report?.message).toMatch(/The message came here instead; others still go there\./);
  });

  it("that has failed a message, and is disabled then, is reported for that as well", async () => {
    const { notifier, channel, fallback, clock } = withFallback();
    channel.answer(rejected(), misconfigured());
    for (const title of ["1", "2"]) await notifier.send({ title });
    await clock.settle();
    expect(reportsAt(fallback)).toEqual([
      'Destination "default" has refused a message',
      'Destination "default" is disabled',
    ]);
  });

  it("does not report on reports", async () => {
    const { notifier, channel, fallback, clock } = withFallback();
    channel.answer(misconfigured());
    fallback.answer(misconfigured());
    notifier.notify({ title: "1" });
    await clock.advance(3_600_000);
    expect(fallback.sent.length).toBeLessThanOrEqual(2);
    expect(clock.pending).toBe(0);
  });
});

describe("validation at start", () => {
  it("disables what is gone, and says why", async () => {
    const clock = createVirtualClock();
    const error = { code: "discord-10015", message: "The webhook has been deleted.", status: 404 };
    const gone = createFakeChannel({ clock, check: () => ({ ok: false, kind: "misconfigured", error }) });
    const { notifier, logger } = setUp({ webhookUrl: gone, validateOnStart: true });
    await clock.settle();
    expect(gone.checks).toBe(1);
    expect(logger.error).toHaveBeenCalledWith("default is disabled: The webhook has been deleted.");
    expect(await notifier.send({ title: "Hello" })).toMatchObject({ reason: "destination-disabled" });
    expect(gone.sent).toHaveLength(0);
  });
});

describe("the end", () => {
  it("waits for what is queued, within its time", async () => {
    const { notifier, clock, channel } = setUp();
    channel.answer(unavailable());
    notifier.notify({ title: "Hello" });
    const closing = notifier.close({ timeoutMs: 1_500 });
    await clock.advance(1_500);
    expect(await closing).toEqual({ drained: true, open: 0 });
    expect(channel.sent).toHaveLength(2);
    expect(clock.pending).toBe(0);
  });

  it("gives up in time, settles what is left as closed, and takes nothing more", async () => {
    const { notifier, clock, channel } = setUp();
    channel.answer(unavailable());
    const receipt = notifier.notify({ title: "Hello" });
    const closing = notifier.close({ timeoutMs: 500 });
    await clock.advance(500);
    expect(await closing).toEqual({ drained: false, open: 1 });
    expect(await receipt.settled).toMatchObject({ reason: "closed" });
    expect(await notifier.send({ title: "Late" })).toMatchObject({ reason: "closed" });
    expect(await notifier.close()).toEqual({ drained: false, open: 1 });
  });
});

describe("options", () => {
  it("names every mistake at once, at construction", () => {
    expect(() => setUp({ timeoutMs: 0, queueSize: 1.5, overflow: "explode" as never })).toThrow(ConfigError);
    expect(() => setUp({ timeoutMs: 0, queueSize: 1.5 })).toThrow(/timeoutMs must be .* queueSize must be/);
    expect(() => setUp({ retry: { maxAttempts: 0 } })).toThrow("CONFIG_RETRY_POLICY: maxAttempts must be");
  });

  it("prefers an option to the environment", async () => {
    const { notifier, channel, clock } = setUp({ env: { DISCORD_RETRY_ATTEMPTS: "9" }, retry: { maxAttempts: 2 } });
    channel.answer(unavailable(), unavailable());
    const sending = notifier.send({ title: "Hello" });
    await clock.advance(60_000);
    expect(await sending).toMatchObject({ attempts: 2 });
  });
});
