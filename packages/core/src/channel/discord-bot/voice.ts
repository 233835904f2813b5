/** What Discord's answers mean for the bot, and what to do about them. Pure. */
import { type ApiCodeClass, classOfApiCode } from "../discord-webhook/api-codes.ts";
import type { Voice } from "../discord-webhook/voice.ts";
import { sentenceOfStatus } from "../http/status.ts";

const WRONG_TOKEN =
  "Discord does not accept the bot's token: copy it again from the application's page (Bot, Reset Token) into DISCORD_BOT_TOKEN";
const NO_SUCH_CHANNEL =
  "the bot knows no such channel: copy the channel's id (Developer Mode, Copy Channel ID), and invite the bot to its server";

const STATUS: ReadonlyMap<number, string> = new Map([
  [401, WRONG_TOKEN],
  [403, "access is denied: allow the bot to view the channel and to send messages in it"],
  [404, NO_SUCH_CHANNEL],
]);

/** Where the remedy differs from a webhook's. https://docs.discord.com/developers/topics/opcodes-and-status-codes#json */
const CODES: ReadonlyMap<number, ApiCodeClass> = new Map([
  [10003, misconfigured(NO_SUCH_CHANNEL)],
  [40001, misconfigured(WRONG_TOKEN)],
  [
    40058,
    misconfigured("a forum channel takes no messages of its own: use the id of one of its posts, or a text channel"),
  ],
  [50001, misconfigured("the bot cannot see the channel: allow it View Channel there, or invite it to the server")],
  [50008, misconfigured("this kind of channel takes no messages: use the id of a text channel")],
  [50013, misconfigured("permission is missing: allow the bot Send Messages and Embed Links in the channel")],
  [50083, misconfigured("the thread is archived: open it again, or use another channel's id")],
  [160005, misconfigured("the thread is locked: unlock it, or use another channel's id")],
]);

export const BOT_VOICE: Voice = {
  sender: "this bot in the channel",
  wrongAddress: "the channel's id is wrong",
  sharesPool: false,
  sentenceOf: (status) => STATUS.get(status) ?? sentenceOfStatus(status),
  classOfCode: (code) => (code === null ? null : (CODES.get(code) ?? classOfApiCode(code))),
};

function misconfigured(message: string): ApiCodeClass {
  return { kind: "misconfigured", message };
}
