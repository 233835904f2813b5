import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { matterOf, writeCustomId } from "../../channel/discord-bot/custom-id.ts";
import { readInteraction, readMessage } from "./incoming.ts";

const CHANNEL = "123456789012345678";
const BOT = "223456789012345678";
const SECRET = "the bot's token";

describe("a message", () => {
  const said = (about: object) => ({
    ...{ id: "1", channel_id: CHANNEL, author: { id: "2", username: "ada" }, content: "status" },
    ...about,
  });
  const read = (packet: unknown, botId: string | null = BOT) => readMessage(packet, { channelId: CHANNEL, botId });

  it.each(["status", " STATUS ", "Status?", "status!", `<@${BOT}>`, `<@!${BOT}> how are you`, `hey <@${BOT}>`])(
    "%j asks for the status",
    (content) => {
      expect(read(said({ content }))).toEqual({ messageId: "1" });
    },
  );

  it.each([
    ["in another channel", { channel_id: "9" }],
    ["of a bot", { author: { id: "2", bot: true } }],
    ["of a webhook", { webhook_id: "3" }],
    ["with more words", { content: "status of the release" }],
    ["with another word", { content: "statuses" }],
    ["without content", { content: "" }],
    ["that answers one of ours, which mentions us too", { content: "on it", mentions: [{ id: BOT }] }],
    ["that mentions somebody else", { content: "<@323456789012345678>" }],
  ])("%s asks nothing", (_what, about) => {
    expect(read(said(about))).toBe(null);
  });

  it("mentions nobody that we know while we do not know who we are", () => {
    expect(read(said({ content: "<@null>" }), null)).toBe(null);
  });

  it("may be anything at all", () => {
    fc.assert(fc.property(fc.anything(), (packet) => void read(packet)));
  });
});

describe("an interaction", () => {
  const member = { user: { id: "2", username: "ada", global_name: "Ada" }, roles: ["7"], nick: null };
  const asked = { id: "1", token: "t", asker: { id: "2", name: "Ada", roles: ["7"] }, isHere: true };
  const read = (about: object) =>
    readInteraction(
      { id: "1", token: "t", channel_id: CHANNEL, member, ...about },
      { channelId: CHANNEL, secret: SECRET },
    );

  it("is a ping, which has nobody who asks", () => {
    expect(readInteraction({ type: 1 }, { channelId: CHANNEL, secret: null })).toEqual({ kind: "ping" });
  });

  it("is a command of ours, with its options", () => {
    const options = [{ name: "alert", type: 3, value: "Bus API" }];
    expect(read({ type: 2, data: { name: "ack", options } })).toEqual({
      ...{ kind: "command", ...asked, name: "ack" },
      options: new Map([["alert", "Bus API"]]),
    });
    expect(read({ type: 2, data: { name: "status" }, channel_id: "9" })).toMatchObject({ isHere: false });
  });

  it("is a press of a button of ours", () => {
    const press = { action: "resolve", matter: matterOf("a") } as const;
    const message = { id: "5", content: "text", components: [{ type: 1 }] };
    expect(read({ type: 3, data: { custom_id: writeCustomId(press, SECRET) }, message })).toEqual({
      ...{ kind: "press", ...asked, press },
      message: { id: "5", content: "text", rows: [{ type: 1 }] },
    });
    expect(read({ type: 3, data: { custom_id: writeCustomId(press, "another") } })).toMatchObject({
      kind: "unknown-button",
    });
  });

  it("asks, while somebody types, for what fits", () => {
    const options = [{ name: "alert", type: 3, value: "Bu", focused: true }];
    expect(read({ type: 4, data: { name: "ack", options } })).toMatchObject({ kind: "suggest", typed: "Bu" });
  });

  it.each([
    ["a command of others", { type: 2, data: { name: "play" } }],
    ["a button of others", { type: 3, data: { custom_id: "vote:1" } }],
    ["a form", { type: 5, data: { custom_id: "x" } }],
    ["one without anybody who asks", { type: 2, data: { name: "status" }, member: undefined }],
    ["one that cannot be answered", { type: 2, data: { name: "status" }, token: undefined }],
  ])("is none of ours: %s", (_what, about) => {
    expect(read(about)).toBe(null);
  });

  it.each([
    [{ ...member, nick: "Addie" }, "Addie"],
    [{ user: { id: "2", username: "ada" } }, "ada"],
    [{ user: { id: "2" } }, "2"],
  ])("names who asks as people know them %#", (asking, name) => {
    expect(read({ type: 2, data: { name: "status" }, member: asking })).toMatchObject({ asker: { name } });
  });

  it("may be anything at all", () => {
    fc.assert(
      fc.property(fc.anything(), fc.constantFrom(1, 2, 3, 4, 5), (packet, type) => {
        readInteraction(packet, { channelId: CHANNEL, secret: SECRET });
        read({ type, data: packet, message: packet });
      }),
    );
  });
});
