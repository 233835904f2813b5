/** Answers to interactions, sent by hand, under a clock that the test moves. */
import { describe, expect, it } from "vitest";
import { idOf, setUpBot } from "../../testing/bot-client.ts";
import { dial } from "../../testing/gateway-client.ts";
import { post, request, send } from "../../testing/harness.ts";
import { INTENT } from "../gateway/intents.ts";
import { OP, type Payload } from "../gateway/words.ts";

interface Told {
  readonly id: string;
  readonly token: string;
}

/** Ada has used `/status`, and the bot has heard of it. */
async function setUpAsked() {
  const bench = await setUpBot();
  const { emulator, bot, channel } = bench;
  await bench.ask("POST", `/applications/${bot.id}/commands`, { name: "status", description: "How is it?" });
  const client = dial({ url: emulator.url });
  await client.hear(({ op }) => op === OP.HELLO);
  client.say(OP.IDENTIFY, { token: bot.token, intents: INTENT.GUILDS | INTENT.GUILD_MESSAGES });
  await client.dispatch("GUILD_CREATE");
  const ada = emulator.user("ada");
  const outcome = ada.slash(channel, "status");
  const { id, token } = (await client.dispatch("INTERACTION_CREATE")).d as Told;
  const api = `${emulator.url}/api/v10`;
  const followUps = `${api}/webhooks/${bot.id}/${token}`;
  const answer = (payload: unknown, query = "") => post(`${api}/interactions/${id}/${token}/callback${query}`, payload);
  return { ...bench, client, ada, outcome, followUps, answer };
}

const hello = { type: 4, data: { content: "hello" } };

describe("the first answer", () => {
  it("is told with what it made, when that is asked for", async () => {
    await using at = await setUpAsked();
    const { status, body } = await at.answer(hello, "?with_response=true");
    expect(status).toBe(200);
    expect(body).toMatchObject({
      interaction: { type: 2, response_message_ephemeral: false, response_message_loading: false },
      resource: { type: 4, message: { content: "hello", type: 20, interaction_metadata: { user: { id: at.ada.id } } } },
    });
  });

  it("is taken within three seconds, and not after them", async () => {
    await using at = await setUpAsked();
    at.clock.advance(2_999);
    expect((await at.answer(hello)).status).toBe(204);
    await using late = await setUpAsked();
    late.clock.advance(3_000);
    expect((await late.answer(hello)).body).toMatchObject({ code: 10062 });
    expect(await late.outcome).toEqual({ kind: "no-response" });
  });

  it.each([
    { name: "of no known kind", payload: { type: 3 }, at: ["type"], code: "BASE_TYPE_CHOICES" },
    { name: "that updates a message, to a command", payload: { type: 7 }, at: ["type"], code: "BASE_TYPE_CHOICES" },
    {
      name: "with too long a text",
      payload: { type: 4, data: { content: "x".repeat(2_001) } },
      at: ["data", "content"],
      code: "BASE_TYPE_MAX_LENGTH",
    },
    {
      name: "with a form without a title",
      payload: { type: 9, data: {} },
      at: ["data", "title"],
      code: "BASE_TYPE_REQUIRED",
    },
  ])("$name is refused, and another may follow", async ({ payload, at: path, code }) => {
    await using at = await setUpAsked();
    const refused = await at.answer(payload);
    expect(refused.body).toHaveProperty(["errors", ...path, "_errors", 0, "code"], code);
    expect((await at.answer(hello)).status).toBe(204);
  });

  it("for one person alone is neither told at the gateway nor found by others", async () => {
    await using at = await setUpAsked();
    await at.answer({ type: 4, data: { content: "secret", flags: 64 } });
    const [secret] = at.emulator.messages();
    expect(secret).toMatchObject({ content: "secret", visibleTo: at.ada.id });
    expect((await at.ask("GET", `${at.messages}/${secret?.id}`)).body).toMatchObject({ code: 10008 });
    expect((await at.ask("GET", at.messages)).body).toEqual([]);
    at.emulator.user("bob").say(at.channel, "aloud");
    const heard = await at.client.dispatch("MESSAGE_CREATE");
    expect(heard.d).toMatchObject({ author: { username: "bob" } });
    expect((await request(`${at.followUps}/messages/@original`)).body).toMatchObject({ content: "secret", flags: 64 });
  });
});

describe("what follows", () => {
  it("may be pressed by whom it is for, and by nobody else, unless it is disabled", async () => {
    await using at = await setUpAsked();
    const button = (custom_id: string, disabled: boolean) => ({ type: 2, style: 1, label: "A", custom_id, disabled });
    const components = [{ type: 1, components: [button("on", false), button("off", true)] }];
    await at.answer({ type: 4, data: { content: "secret", flags: 64, components } });
    const { id = "" } = at.emulator.messages()[0] ?? {};
    await expect(at.emulator.user("bob").press(id, "on")).rejects.toThrow("that bob can see");
    await expect(at.ada.press(id, "off")).rejects.toThrow('"off" is disabled');
    void at.ada.press(id, "on");
    const isPress = ({ t, d }: Payload) => t === "INTERACTION_CREATE" && (d as { type: number }).type === 3;
    expect(await at.client.hear(isPress)).toMatchObject({ d: { data: { custom_id: "on" }, message: { id } } });
  });

  it("finds nothing to follow before the first answer", async () => {
    await using at = await setUpAsked();
    expect((await post(at.followUps, { content: "x" })).body).toMatchObject({ code: 10015 });
  });

  it("takes the place of “is thinking”, and of nothing else", async () => {
    await using at = await setUpAsked();
    await at.answer({ type: 5, data: { flags: 64 } });
    const first = await post(at.followUps, { content: "here it is" });
    expect(at.emulator.messages()).toMatchObject([{ id: idOf(first), content: "here it is", visibleTo: at.ada.id }]);
    await post(at.followUps, { content: "and more" });
    expect(at.emulator.messages().map(({ content }) => content)).toEqual(["here it is", "and more"]);
  });

  it("edits and deletes the first answer for fifteen minutes", async () => {
    await using at = await setUpAsked();
    await at.answer(hello);
    const original = `${at.followUps}/messages/@original`;
    at.clock.advance(15 * 60_000 - 1);
    expect((await send("PATCH", original, { content: "edited" })).body).toMatchObject({ content: "edited" });
    at.clock.advance(1);
    expect((await request(original, { method: "DELETE" })).body).toMatchObject({ code: 50027 });
    expect(at.emulator.messages()).toMatchObject([{ content: "edited" }]);
  });

  it("is limited as a webhook is, 5 in 2 s; callbacks are limited by nothing", async () => {
    await using at = await setUpAsked();
    at.emulator.setLimits({ global: { limit: 1, intervalMs: 1_000 }, channel: { limit: 1, intervalMs: 60_000 } });
    await at.ask("GET", "/users/@me");
    expect((await at.answer(hello)).headers.get("x-ratelimit-limit")).toBeNull();
    const statuses = [];
    for (let sent = 0; sent < 6; sent++) statuses.push((await post(at.followUps, { content: "x" })).status);
    expect(statuses).toEqual([200, 200, 200, 200, 200, 429]);
  });
});
