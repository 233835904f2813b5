/** A message as the emulator stores it, for tests. */
import type { StoredMessage } from "@tocsin/discord-emulator";
import type { Exchange } from "./exchanges.ts";

const NOBODY = { everyone: false, here: false, users: [], roles: [] };

export function aMessage(parts: Partial<StoredMessage> = {}): StoredMessage {
  return {
    id: "1",
    channelId: "2",
    author: { kind: "webhook", id: "3" },
    webhookId: "3",
    type: 0,
    createdAt: 0,
    editedAt: null,
    username: "Web shop",
    avatarUrl: null,
    content: "",
    tts: false,
    flags: 0,
    embeds: [],
    shownEmbeds: [],
    components: [],
    attachments: [],
    poll: null,
    allowedMentions: null,
    pings: NOBODY,
    mentions: NOBODY,
    reactions: [],
    replyTo: null,
    nonce: null,
    cause: null,
    visibleTo: null,
    apiVersion: 10,
    ...parts,
  };
}

export function anExchange(parts: Partial<Exchange> = {}): Exchange {
  return { method: "POST", channel: "general", status: 200, message: aMessage(), isFault: false, at: 0, ...parts };
}
