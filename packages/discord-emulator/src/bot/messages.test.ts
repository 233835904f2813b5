import { describe, expect, it } from "vitest";
import { idOf, idsOf, setUpBot } from "../../testing/bot-client.ts";
import { NO_LIMITS } from "../limit/limits.ts";

const unlimited = { limits: NO_LIMITS };

describe("who may ask", () => {
  it.each([
    { name: "nobody", authorization: "" },
    { name: "a wrong token", authorization: "Bot nonsense" },
    { name: "a token without the word Bot", authorization: "nonsense" },
  ])("$name: 401, which counts towards a ban", async ({ authorization }) => {
    await using at = await setUpBot();
    const { status, body } = await at.askAs(authorization, "GET", "/users/@me");
    expect([status, body]).toEqual([401, { message: "401: Unauthorized", code: 0 }]);
    expect(at.emulator.counters().invalid).toBe(1);
  });

  it.each([
    { method: "GET", path: "/nowhere", status: 404 },
    { method: "DELETE", path: "/users/@me", status: 405 },
  ])("$method $path: $status", async ({ method, path, status }) => {
    await using at = await setUpBot();
    expect((await at.ask(method, path)).status).toBe(status);
  });
});

describe("what permissions are for", () => {
  const need = [
    { permission: "SEND_MESSAGES", method: "POST", path: "" },
    { permission: "READ_MESSAGE_HISTORY", method: "GET", path: "" },
    { permission: "READ_MESSAGE_HISTORY", method: "GET", path: "/ID" },
    { permission: "MANAGE_MESSAGES", method: "DELETE", path: "/ID" },
    { permission: "ADD_REACTIONS", method: "PUT", path: "/ID/reactions/%E2%9C%85/@me" },
    { permission: "MANAGE_MESSAGES", method: "DELETE", path: "/ID/reactions" },
    { permission: "CREATE_PUBLIC_THREADS", method: "POST", path: "/ID/threads" },
  ] as const;

  it.each(need)("$method …/messages$path takes $permission", async ({ permission, method, path }) => {
    await using at = await setUpBot();
    const { id } = at.emulator.user("ada").say(at.channel, "hello");
    const ask = () =>
      at.ask(method, at.messages + path.replace("ID", id), method === "GET" ? undefined : { name: "x", content: "x" });
    const all = ["VIEW_CHANNEL", ...new Set(need.map((one) => one.permission))] as const;
    at.emulator.permit(
      at.bot,
      all.filter((one) => one !== permission),
      at.channel,
    );
    expect((await ask()).body).toMatchObject({ code: 50013 });
    at.emulator.permit(at.bot, all, at.channel);
    expect((await ask()).status).toBeLessThan(300);
  });

  it("a channel that is not to be seen is 50001, one that is not there 10003", async () => {
    await using at = await setUpBot();
    at.emulator.permit(at.bot, ["SEND_MESSAGES"], at.channel);
    expect((await at.ask("POST", at.messages, { content: "x" })).body).toMatchObject({ code: 50001 });
    expect((await at.ask("GET", "/channels/1")).body).toMatchObject({ code: 10003 });
  });

  it("others' messages may not be changed", async () => {
    await using at = await setUpBot();
    const { id } = at.emulator.user("ada").say(at.channel, "mine");
    const { status, body } = await at.ask("PATCH", `${at.messages}/${id}`, { content: "yours" });
    expect([status, body]).toMatchObject([403, { code: 50005 }]);
  });
});

describe("a nonce", () => {
  const once = { content: "once", nonce: "n", enforce_nonce: true };

  it("makes one message within five minutes, and another after them", async () => {
    await using at = await setUpBot();
    const first = idOf(await at.ask("POST", at.messages, once));
    at.clock.advance(5 * 60_000);
    const second = await at.ask("POST", at.messages, { ...once, content: "changed" });
    expect(second.body).toMatchObject({ id: first, content: "once", nonce: "n" });
    at.clock.advance(1);
    expect(idOf(await at.ask("POST", at.messages, once))).not.toBe(first);
    expect(at.emulator.messages()).toHaveLength(2);
  });

  it("that is not enforced makes as many as are sent", async () => {
    await using at = await setUpBot();
    for (const _ of [1, 2]) await at.ask("POST", at.messages, { content: "x", nonce: "n" });
    expect(at.emulator.messages()).toHaveLength(2);
  });

  it("is of one channel and one bot", async () => {
    await using at = await setUpBot();
    const other = at.emulator.createChannel({ name: "other" });
    const first = idOf(await at.ask("POST", at.messages, once));
    expect(idOf(await at.ask("POST", `/channels/${other.id}/messages`, once))).not.toBe(first);
  });

  it("whose message was deleted is answered as unknown", async () => {
    await using at = await setUpBot();
    const id = idOf(await at.ask("POST", at.messages, once));
    await at.ask("DELETE", `${at.messages}/${id}`);
    expect((await at.ask("POST", at.messages, once)).body).toMatchObject({ code: 10008 });
  });

  it.each([{ nonce: "x".repeat(26) }, { nonce: {} }])("%o is none", async (nonce) => {
    await using at = await setUpBot();
    expect((await at.ask("POST", at.messages, { content: "x", ...nonce })).body).toMatchObject({ code: 50035 });
  });
});

describe("the list of messages", () => {
  it("is newest first: 50, or as many as are asked for, before, after or around one", async () => {
    await using at = await setUpBot({}, unlimited);
    const ada = at.emulator.user("ada");
    const ids = Array.from({ length: 60 }, (_, at60) => ada.say(at.channel, `m${at60}`).id);
    const list = async (query: string) => idsOf(await at.ask("GET", `${at.messages}${query}`));
    expect(await list("")).toEqual(ids.slice(10).toReversed());
    expect(await list("?limit=2")).toEqual([ids[59], ids[58]]);
    expect(await list(`?limit=2&before=${ids[10]}`)).toEqual([ids[9], ids[8]]);
    expect(await list(`?limit=2&after=${ids[10]}`)).toEqual([ids[12], ids[11]]);
    expect(await list(`?limit=3&around=${ids[10]}`)).toEqual([ids[11], ids[10], ids[9]]);
    expect((await at.ask("GET", `${at.messages}?limit=101`)).body).toMatchObject({ code: 50035 });
  });
});

describe("reactions of bots", () => {
  it.each([
    "%E2%9C%85",
    "%F0%9F%91%A8%E2%80%8D%F0%9F%91%A9%E2%80%8D%F0%9F%91%A7",
    "bell:123456789012345678",
    "1%EF%B8%8F%E2%83%A3",
  ])("%s is an emoji", async (emoji) => {
    await using at = await setUpBot();
    const { id } = at.emulator.user("ada").say(at.channel, "hello");
    const path = `${at.messages}/${id}/reactions/${emoji}/@me`;
    expect((await at.ask("PUT", path)).status).toBe(204);
    await at.ask("PUT", path);
    expect(at.emulator.messages()[0]?.reactions).toEqual([{ emoji: decodeURIComponent(emoji), userIds: [at.bot.id] }]);
    const who = await at.ask("GET", path.replace("/@me", ""));
    expect(who.body).toMatchObject([{ id: at.bot.id }]);
    await at.ask("DELETE", path);
    expect(at.emulator.messages()[0]?.reactions).toEqual([]);
  });

  it.each(["ok", "bell", "%E2%9C%85%E2%9C%85"])("%s is none", async (emoji) => {
    await using at = await setUpBot();
    const { id } = at.emulator.user("ada").say(at.channel, "hello");
    expect((await at.ask("PUT", `${at.messages}/${id}/reactions/${emoji}/@me`)).body).toMatchObject({ code: 10014 });
  });
});

describe("a reply", () => {
  it("rings whom it answers, unless it says otherwise", async () => {
    await using at = await setUpBot();
    const { id, author } = at.emulator.user("ada").say(at.channel, "status");
    const reply = { content: "well", message_reference: { message_id: id } };
    await at.ask("POST", at.messages, reply);
    await at.ask("POST", at.messages, { ...reply, allowed_mentions: { parse: [] } });
    await at.ask("POST", at.messages, { ...reply, allowed_mentions: { parse: [], replied_user: true } });
    const rung = at.emulator.messages(at.bot.id).map(({ pings, replyTo }) => [replyTo, pings.users]);
    expect(rung).toEqual([
      [id, [author.id]],
      [id, []],
      [id, [author.id]],
    ]);
  });

  it("to what is not there is refused, or made an ordinary message", async () => {
    await using at = await setUpBot();
    const reference = { message_id: "123456789012345678" };
    const refused = await at.ask("POST", at.messages, { content: "x", message_reference: reference });
    expect(refused.body).toMatchObject({
      errors: { message_reference: { _errors: [{ code: "REPLIES_UNKNOWN_MESSAGE" }] } },
    });
    const lenient = { ...reference, fail_if_not_exists: false };
    expect((await at.ask("POST", at.messages, { content: "x", message_reference: lenient })).status).toBe(200);
    expect(at.emulator.messages()[0]).toMatchObject({ replyTo: null, type: 0 });
  });
});

describe("limits of bots", () => {
  it("are of the route and the channel, shown in the headers, and count against no webhook", async () => {
    await using at = await setUpBot();
    const post = (channelId: string) => at.ask("POST", `/channels/${channelId}/messages`, { content: "x" });
    const first = await post(at.channel.id);
    expect(["limit", "remaining", "reset-after"].map((name) => first.headers.get(`x-ratelimit-${name}`))).toEqual([
      "5",
      "4",
      "5.000",
    ]);
    for (const _ of [2, 3, 4, 5]) await post(at.channel.id);
    at.clock.advance(1_500);
    const sixth = await post(at.channel.id);
    expect([sixth.status, sixth.headers.get("x-ratelimit-scope"), sixth.headers.get("retry-after")]).toEqual([
      429,
      "user",
      "4",
    ]);
    expect(sixth.body).toMatchObject({ retry_after: 3.5 });
    expect((await post(at.emulator.createChannel({ name: "b" }).id)).status).toBe(200);
    expect((await at.ask("GET", at.messages)).status).toBe(200);
    at.clock.advance(3_500);
    expect((await post(at.channel.id)).status).toBe(200);
  });

  it("and 50 in a second over all routes, of the bot and not of its address", async () => {
    await using at = await setUpBot({}, { limits: { bot: null, global: { limit: 2, intervalMs: 1_000 } } });
    await at.ask("GET", "/users/@me");
    await at.ask("GET", "/gateway/bot");
    const third = await at.ask("GET", at.messages);
    expect([third.status, third.headers.get("x-ratelimit-scope")]).toEqual([429, "global"]);
    expect((await at.askAs("", "GET", "/users/@me")).status).toBe(401);
  });
});

describe("faults", () => {
  it("strike bots too, on either side of the storing", async () => {
    await using at = await setUpBot();
    const { faults } = at.emulator;
    faults.add({ times: 1, match: { pathIncludes: "/messages" }, do: { kind: "status", status: 502, store: "after" } });
    expect((await at.ask("GET", "/users/@me")).status).toBe(200);
    expect((await at.ask("POST", at.messages, { content: "x" })).status).toBe(502);
    expect(at.emulator.messages()).toHaveLength(1);
    faults.add({ match: { webhookId: at.webhook.id }, do: { kind: "status", status: 500 } });
    faults.add({ do: { kind: "delete-webhook" } });
    expect((await at.ask("POST", at.messages, { content: "x" })).status).toBe(200);
  });
});
