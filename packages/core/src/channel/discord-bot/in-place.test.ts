/** Changing and answering the bot's messages, and lost answers, against Discord as the emulator plays it. */
import { startEmulator } from "@tocsin/discord-emulator";
import { expect, it } from "vitest";
import { aNotification } from "../../../testing/notifications.ts";
import { createSystemClock } from "../../clock/system-clock.ts";
import type { MessageAddress, SendOutcome, SendRequest } from "../../delivery/channel.ts";
import type { Notification } from "../../notification/notification.ts";
import { createHttpTransport } from "../http/transport.ts";
import { createDiscordBotChannel } from "./bot-channel.ts";
import { knownToken } from "./rest.ts";

async function setUp() {
  const emulator = await startEmulator({ strict: true });
  const { id: channelId } = emulator.createChannel({ name: "alerts" });
  const { token } = emulator.createBot({ name: "Tocsin" });
  const transport = createHttpTransport({ clock: createSystemClock() });
  const api = { origin: emulator.url, base: "/api/v10" };
  const channel = createDiscordBotChannel({
    clock: createSystemClock(),
    channelId,
    service: "test",
    api,
    transport,
    credentials: knownToken(token),
  });
  return {
    ...{ emulator, channel, channelId, token },
    messages: () => emulator.messages(channelId),
    [Symbol.asyncDispose]: async () => {
      await channel.close();
      await transport.close();
      await emulator.close();
    },
  };
}

function request(about: Partial<Notification>, more: Partial<SendRequest> = {}): SendRequest {
  return { notifications: [aNotification(about)], attempt: 1, degrade: [], now: 0, ...more };
}

function addressOf(outcome: SendOutcome): MessageAddress {
  if (outcome.kind !== "delivered" || outcome.address == null) throw new Error(`expected an address: ${outcome.kind}`);
  return outcome.address;
}

const FIRING = { id: "ntf_1", title: "down", key: "a", phase: "firing", actions: ["acknowledge"] } as const;
const RESOLVED = { id: "ntf_2", title: "up", key: "a", phase: "resolved" } as const;

it("changes its message to the end of the matter, without buttons, and keeps what was written below it", async () => {
  await using bot = await setUp();
  const edit = addressOf(await bot.channel.send(request({ ...FIRING, content: "look" })));
  expect(bot.messages()[0]?.components).toHaveLength(1);
  expect(await bot.channel.send(request(RESOLVED, { edit }))).toMatchObject({ kind: "delivered", messageId: edit.id });
  expect(bot.messages()).toMatchObject([
    { content: "look", embeds: [{ title: "up" }], components: [], editedAt: expect.any(Number) },
  ]);
  expect(bot.emulator.violations()).toEqual([]);
});

it("tells it anew when that message has been deleted", async () => {
  await using bot = await setUp();
  const { id } = addressOf(await bot.channel.send(request(FIRING)));
  const path = `${bot.emulator.url}/api/v10/channels/${bot.channelId}/messages/${id}`;
  await fetch(path, { method: "DELETE", headers: { authorization: `Bot ${bot.token}` } });
  const edit = { id, channelId: bot.channelId, threadId: null };
  expect(await bot.channel.send(request(RESOLVED, { edit }))).toMatchObject({ kind: "rejected", degradeBy: "anew" });
});

it("answers its message with a reply, and tells it all the same when that message is gone", async () => {
  await using bot = await setUp();
  const to = addressOf(await bot.channel.send(request(FIRING)));
  await bot.channel.send(request(RESOLVED, { answers: [to] }));
  expect(bot.messages()[1]).toMatchObject({ replyTo: to.id, embeds: [{ title: "up" }] });
  const gone = { ...to, id: `${BigInt(to.id) - 1n}` };
  const outcome = await bot.channel.send(request({ ...RESOLVED, id: "ntf_3" }, { answers: [gone] }));
  expect(outcome.kind).toBe("delivered");
});

it.each(["reset", "stall"] as const)(
  "comes back as the message that is there, where the answer is lost (%s)",
  async (kind) => {
    await using bot = await setUp();
    const action = kind === "reset" ? ({ kind, store: "after" } as const) : ({ kind, ms: 50, store: "after" } as const);
    bot.emulator.faults.add({ times: 1, do: action });
    const first = await bot.channel.send(request(FIRING));
    const again = await bot.channel.send(request(FIRING, { attempt: 2 }));
    expect(again).toMatchObject({ kind: "delivered", messageId: bot.messages()[0]?.id });
    expect(bot.messages()).toHaveLength(1);
    expect(first.kind).toBe(kind === "reset" ? "ambiguous" : "delivered");
  },
);
