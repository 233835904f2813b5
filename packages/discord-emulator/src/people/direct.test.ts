/** Conversations of one person with one bot. */
import { describe, expect, it } from "vitest";
import { idOf, setUpBot } from "../../testing/bot-client.ts";
import { dial } from "../../testing/gateway-client.ts";
import { INTENT } from "../gateway/intents.ts";
import { OP } from "../gateway/words.ts";

async function setUpDirect(intents: number = INTENT.DIRECT_MESSAGES) {
  const bench = await setUpBot({ privileges: { messageContent: false } });
  const client = dial({ url: bench.emulator.url });
  await client.hear(({ op }) => op === OP.HELLO);
  client.say(OP.IDENTIFY, { token: bench.bot.token, intents });
  await client.dispatch("READY");
  const ada = bench.emulator.user("ada");
  return { ...bench, client, ada, dm: ada.dm(bench.bot) };
}

describe("a conversation with a bot", () => {
  it("is read without the intent for texts, belongs to no guild, and takes answers", async () => {
    await using at = await setUpDirect();
    at.ada.say(at.dm, "status");
    const { d } = await at.client.dispatch("MESSAGE_CREATE");
    expect(d).toMatchObject({ content: "status", channel_id: at.dm.id, author: { username: "ada" } });
    expect(d).not.toHaveProperty("guild_id");
    expect((await at.ask("POST", `/channels/${at.dm.id}/messages`, { content: "well" })).status).toBe(200);
    expect(at.emulator.messages(at.dm).map(({ content }) => content)).toEqual(["status", "well"]);
    const others = await at.ask("DELETE", `/channels/${at.dm.id}/messages/${at.emulator.messages(at.dm)[0]?.id}`);
    expect(others.body).toMatchObject({ code: 50013 });
  });

  it("is begun by the bot as well, and is the same every time", async () => {
    await using at = await setUpDirect();
    const open = () => at.ask("POST", "/users/@me/channels", { recipient_id: at.ada.id });
    expect((await open()).body).toMatchObject({ id: at.dm.id, type: 1, recipients: [{ id: at.ada.id }] });
    expect(idOf(await at.ask("GET", `/channels/${at.dm.id}`))).toBe(at.dm.id);
    expect((await at.ask("POST", "/users/@me/channels", { recipient_id: at.bot.id })).body).toMatchObject({
      code: 10013,
    });
  });

  it("is none of another bot's business", async () => {
    await using at = await setUpDirect();
    const other = at.emulator.createBot({ name: "Other" });
    expect((await at.askAs(`Bot ${other.token}`, "GET", `/channels/${at.dm.id}`)).body).toMatchObject({ code: 10003 });
    at.ada.say(at.ada.dm(other), "not for you");
    at.ada.say(at.dm, "for you");
    expect((await at.client.dispatch("MESSAGE_CREATE")).d).toMatchObject({ content: "for you" });
  });

  it("takes slash commands, told with a user and not with a member", async () => {
    await using at = await setUpDirect(0);
    const path = `/applications/${at.bot.id}`;
    const status = { name: "status", description: "How is it?" };
    await at.ask("POST", `${path}/guilds/${at.emulator.guildId}/commands`, { ...status, name: "here" });
    await at.ask("POST", `${path}/commands`, status);
    await expect(at.ada.slash(at.dm, "here")).rejects.toThrow("there are: status");
    void at.ada.slash(at.dm, "status");
    const { d } = await at.client.dispatch("INTERACTION_CREATE");
    expect(d).toMatchObject({ user: { id: at.ada.id }, context: 1, channel: { type: 1 } });
    expect(d).not.toHaveProperty("member");
  });
});
