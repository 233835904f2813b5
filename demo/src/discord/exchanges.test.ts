import { createNotifier } from "@tocsin/core";
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
  const notifier = createNotifier({ env: furnish(emulator), validateOnStart: false });
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
