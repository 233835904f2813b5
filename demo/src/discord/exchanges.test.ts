import { createNotifier } from "@tocsin/core";
import { createBot } from "@tocsin/core/bot";
import { startEmulator } from "@tocsin/discord-emulator";
import { expect, it } from "vitest";
import { furnish } from "./channels.ts";
import { type Exchange, watchExchanges } from "./exchanges.ts";

it("every type has a channel, and each exchange there is told once with its message", async () => {
  await using stack = new AsyncDisposableStack();
  const emulator = await startEmulator();
  stack.defer(() => emulator.close());
  const exchanges: Exchange[] = [];
  stack.defer(watchExchanges(emulator, (exchange) => exchanges.push(exchange)));
  const notifier = createNotifier({ env: furnish(emulator).shop, validateOnStart: false });
  for (const type of ["general", "error", "critical", "monitoring", "security"]) {
    expect(await notifier.send({ type, title: `A matter for ${type}` })).toMatchObject({ success: true });
  }
  await notifier.close();

  const seen = exchanges.map(({ channel, status, message }) => [channel, status, message?.embeds[0]?.title]);
  expect(seen).toEqual([
    ["general", 200, "A matter for general"],
    ["errors", 200, "A matter for error"],
    ["critical", 200, "A matter for critical"],
    ["monitoring", 200, "A matter for monitoring"],
    ["security", 200, "A matter for security"],
  ]);
});

it("tells what was refused without a message, and a fault as one", async () => {
  await using stack = new AsyncDisposableStack();
  const emulator = await startEmulator();
  stack.defer(() => emulator.close());
  const exchanges: Exchange[] = [];
  stack.defer(watchExchanges(emulator, (exchange) => exchanges.push(exchange)));
  const { url } = emulator.createWebhook({ channel: emulator.createChannel({ name: "alerts" }) });
  const post = (body: object) =>
    fetch(`${url}?wait=true`, {
      method: "POST",
      headers: { "content-type": "application/json", "user-agent": "DiscordBot (https://example.org, 1)" },
      body: JSON.stringify(body),
    });
  await post({ content: "heard" });
  await post({});
  emulator.faults.add({ do: { kind: "status", status: 500 }, times: 1 });
  await post({ content: "not heard" });
  const seen = exchanges.map(({ status, message, isFault }) => [status, message?.content ?? null, isFault]);
  expect(seen).toEqual([
    [200, "heard", false],
    [400, null, false],
    [500, null, true],
  ]);
});

it("what is said between people and the bot is none of it; what the bot tells by itself is", async () => {
  await using stack = new AsyncDisposableStack();
  const emulator = await startEmulator();
  stack.defer(() => emulator.close());
  const env = { ...furnish(emulator).server, LOG_LEVEL: "silent" };
  const notifier = createNotifier({ env, validateOnStart: false });
  const bot = createBot({ env, notifier, health: notifier.health({ program: "Greenhouse" }) });
  stack.defer(() => bot.close());
  const exchanges: Exchange[] = [];
  stack.defer(watchExchanges(emulator, (exchange) => exchanges.push(exchange)));
  await emulator.waitUntil({ holds: () => emulator.commands().length === 4, timeoutMs: 10_000 });
  const channel = emulator.channels().find(({ name }) => name === "monitoring")!;
  emulator.user("ada").say(channel, "status");
  await emulator.waitUntil({ holds: () => emulator.messages().some(({ reactions }) => reactions.length > 0) });
  await emulator.user("ada").slash(channel, "alerts");
  expect(await notifier.send({ type: "monitoring", title: "Dry" })).toMatchObject({ success: true });
  await notifier.close();
  expect(exchanges.map(({ channel: name, message }) => [name, message?.embeds[0]?.title])).toEqual([
    ["monitoring", "Dry"],
  ]);
});
