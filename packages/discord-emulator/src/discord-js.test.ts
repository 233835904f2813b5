/** The real discord.js as a witness: what it makes of the emulator is what it makes of Discord. */
import { Events, GatewayIntentBits, type Message, Partials } from "discord.js";
import { describe, expect, it } from "vitest";
import { type LoggedIn, logIn, textChannel } from "../testing/log-in.ts";

const { Guilds, GuildMessages } = GatewayIntentBits;

function next(at: LoggedIn): Promise<Message> {
  return new Promise((resolve) => at.client.once(Events.MessageCreate, resolve));
}

describe("discord.js hears and answers", () => {
  it("logs in, hears what a person says, and replies", async () => {
    await using at = await logIn();
    expect(at.client.user).toMatchObject({ id: at.bot.id, username: "Tocsin", bot: true });
    expect(at.client.guilds.cache.first()?.channels.cache.map(({ name }) => name)).toEqual(["alerts"]);
    at.client.on(Events.MessageCreate, (message) => {
      if (message.content === "status") void message.reply("All is well");
    });
    const asked = at.ada.say(at.channel, "status");
    const [, answer] = await at.emulator.waitForMessages({ count: 2, channelId: at.channel.id });
    expect(answer).toMatchObject({ content: "All is well", replyTo: asked.id, author: { kind: "bot", id: at.bot.id } });
    expect(answer?.mentions.users).toEqual([at.ada.id]);
  });

  it("knows the roles of who speaks, and what it may do itself", async () => {
    await using at = await logIn();
    const heard = next(at);
    at.ada.say(at.channel, "hello");
    const { member, guild, channel } = await heard;
    expect(member?.roles.cache.map(({ name }) => name)).toContain("operator");
    expect(guild?.members.me?.permissionsIn(channel.id).has("SendMessages")).toBe(true);
  });

  it("reads no text without the intent, but when it is mentioned", async () => {
    await using at = await logIn({ intents: [Guilds, GuildMessages], bot: { privileges: { messageContent: false } } });
    const first = next(at);
    at.ada.say(at.channel, "secret");
    expect((await first).content).toBe("");
    const second = next(at);
    at.ada.say(at.channel, `<@${at.bot.id}> status`);
    expect((await second).content).toBe(`<@${at.bot.id}> status`);
  });

  it("answers direct messages, when it wants to hear of channels that it does not know", async () => {
    await using at = await logIn({ intents: [GatewayIntentBits.DirectMessages], partials: [Partials.Channel] });
    at.client.on(Events.MessageCreate, (message) => {
      if (!message.author.bot) void message.reply(`you said ${message.content}`);
    });
    const dm = at.ada.dm(at.bot);
    at.ada.say(dm, "status");
    const [, answer] = await at.emulator.waitForMessages({ count: 2, channelId: dm.id });
    expect(answer?.content).toBe("you said status");
    await (await at.client.users.fetch(at.ada.id)).send("and more");
    expect(at.emulator.messages(dm).map(({ content }) => content)).toContain("and more");
  });

  it("is told which intents it may not have", async () => {
    await expect(logIn({ bot: { privileges: { messageContent: false } } })).rejects.toThrow(/disallowed intents/i);
  });

  it("is told that its token is wrong", async () => {
    await using at = await logIn();
    at.emulator.renewBotToken(at.bot);
    await expect(at.client.users.fetch(at.bot.id, { force: true })).rejects.toMatchObject({ status: 401 });
    expect(at.emulator.counters().invalid).toBe(1);
  });

  it("does not hear of channels that it may not see, and is refused there", async () => {
    await using at = await logIn();
    const hidden = at.emulator.createChannel({ name: "hidden" });
    at.emulator.permit(at.bot, [], hidden);
    const heard = next(at);
    at.ada.say(hidden, "psst");
    at.ada.say(at.channel, "aloud");
    expect((await heard).content).toBe("aloud");
    await expect(at.client.rest.get(`/channels/${hidden.id}`)).rejects.toMatchObject({ code: 50001, status: 403 });
    at.emulator.permit(at.bot, ["VIEW_CHANNEL"], hidden);
    const sending = at.client.rest.post(`/channels/${hidden.id}/messages`, { body: { content: "x" } });
    await expect(sending).rejects.toMatchObject({ code: 50013, status: 403 });
  });
});

describe("discord.js works on messages", () => {
  it("sends embeds and files, edits, reads back, deletes", async () => {
    await using at = await logIn();
    const channel = await textChannel(at, at.channel);
    const sent = await channel.send({
      embeds: [{ title: "Dry" }],
      files: [{ name: "a.txt", attachment: Buffer.from("a") }],
    });
    await sent.edit("watered");
    expect([...(await channel.messages.fetch({ limit: 5 })).values()].map(({ content }) => content)).toEqual([
      "watered",
    ]);
    expect(at.emulator.messages()[0]).toMatchObject({ content: "watered", attachments: [{ filename: "a.txt" }] });
    await sent.delete();
    expect(at.emulator.messages()).toEqual([]);
  });

  it("sends the same nonce twice and has one message", async () => {
    await using at = await logIn();
    const channel = await textChannel(at, at.channel);
    const first = await channel.send({ content: "once", nonce: "n-1", enforceNonce: true });
    const second = await channel.send({ content: "once", nonce: "n-1", enforceNonce: true });
    expect(second.id).toBe(first.id);
    expect(at.emulator.messages()).toHaveLength(1);
    expect((await channel.send({ content: "other", nonce: "n-1" })).id).not.toBe(first.id);
  });

  it("reacts, hears of reactions, and opens threads", async () => {
    await using at = await logIn();
    const channel = await textChannel(at, at.channel);
    const sent = await channel.send("firing");
    await sent.react("✅");
    const heard = new Promise<string | null>((resolve) =>
      at.client.on(Events.MessageReactionAdd, ({ emoji }, user) => user.id === at.ada.id && resolve(emoji.name)),
    );
    at.ada.react(sent, "👀");
    expect(await heard).toBe("👀");
    expect(at.emulator.messages()[0]?.reactions).toEqual([
      { emoji: "✅", userIds: [at.bot.id] },
      { emoji: "👀", userIds: [at.ada.id] },
    ]);
    const thread = await sent.startThread({ name: "About it" });
    await thread.send("first");
    expect(at.emulator.threads()).toMatchObject([{ id: sent.id, name: "About it", parentId: channel.id }]);
    expect(at.emulator.messages(thread.id).map(({ content }) => content)).toEqual(["first"]);
    await thread.setArchived(true);
    expect(at.emulator.threads()[0]?.archived).toBe(true);
  });

  it("understands the error trees", async () => {
    await using at = await logIn();
    const channel = await textChannel(at, at.channel);
    const sending = channel.send({ embeds: [{ title: "x".repeat(257) }] });
    await expect(sending).rejects.toThrow("embeds[0].title[BASE_TYPE_MAX_LENGTH]");
    const asking = at.client.rest.get("/channels/123456789012345678");
    await expect(asking).rejects.toMatchObject({ code: 10003, status: 404 });
  });

  it("keeps to the bucket of the route, and is not refused once", async () => {
    await using at = await logIn({ emulator: { limits: { bot: { limit: 2, intervalMs: 200 } } } });
    const channel = await textChannel(at, at.channel);
    await Promise.all(["1", "2", "3", "4"].map((content) => channel.send(content)));
    const posts = at.emulator.requests().filter(({ method }) => method === "POST");
    expect(posts.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
    expect(posts[3]!.receivedAt - posts[0]!.receivedAt).toBeGreaterThanOrEqual(200);
  });
});

describe("discord.js comes back", () => {
  it.each([
    ["a dropped connection", (at: LoggedIn) => at.emulator.gateway.drop()],
    ["a request to reconnect", (at: LoggedIn) => at.emulator.gateway.reconnect()],
  ])("after %s, and has missed nothing", async (_name, trouble) => {
    await using at = await logIn();
    const heard: string[] = [];
    const all = new Promise<void>((resolve) =>
      at.client.on(Events.MessageCreate, ({ content }) => heard.push(content) === 3 && resolve()),
    );
    const resumed = new Promise((resolve) => at.client.once(Events.ShardResume, resolve));
    at.ada.say(at.channel, "before");
    trouble(at);
    at.ada.say(at.channel, "meanwhile");
    await resumed;
    at.ada.say(at.channel, "after");
    await all;
    expect(heard).toEqual(["before", "meanwhile", "after"]);
    expect(at.emulator.gateway.sessions()).toHaveLength(1);
  });

  it("with a new session, when the old one is declared invalid", async () => {
    await using at = await logIn();
    const [before] = at.emulator.gateway.sessions();
    const ready = new Promise((resolve) => at.client.once(Events.ShardReady, resolve));
    at.emulator.gateway.invalidate();
    await ready;
    const [after] = at.emulator.gateway.sessions();
    expect(after?.sessionId).not.toBe(before?.sessionId);
    const heard = next(at);
    at.ada.say(at.channel, "again");
    expect((await heard).content).toBe("again");
  }, 15_000);
});
