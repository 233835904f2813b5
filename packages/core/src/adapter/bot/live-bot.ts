/**
 * A bot that is switched on: what comes in from the gateway is answered, commands are registered, and all of it ends in order.
 *
 * Upstream   the connection. Downstream the answers, and the bot's own requests.
 */

import { createHash } from "node:crypto";
import { createBotRest, knownToken } from "../../channel/discord-bot/rest.ts";
import { createHttpTransport } from "../../channel/http/transport.ts";
import { type Answerer, createAnswerer } from "./answer.ts";
import { type Called, type Caller, createCaller } from "./caller.ts";
import { clientCredentials } from "./channel.ts";
import { COMMANDS } from "./commands.ts";
import { joinDesks } from "./desks.ts";
import { cut, makeDiscordClient, socketsOf } from "./discord-js.ts";
import { type BotIdentity, type Connection, joinClient, type MayConnect, openConnection } from "./gateway.ts";
import { WRONG_TOKEN } from "./gateway-errors.ts";
import { readInteraction, readMessage } from "./incoming.ts";
import { createInteractions, type Interactions } from "./interactions.ts";
import type { BotSettings } from "./options.ts";
import { createRecent } from "./recent.ts";

export interface LiveBot {
  readonly state: Connection["state"];
  readonly interactions: Interactions | null;
  close(): Promise<void>;
}

/** As an emoji in the path of a reaction: a white check mark on green. */
const CHECK_MARK = encodeURIComponent("✅");
/** Of what may be asked again without harm. */
const ATTEMPTS = 3;
const TIMEOUT_MS = 10_000;
const NONCE_CHARS = 25;
const UNAUTHORIZED = 401;
const NOT_FOUND = 404;
/** 10008 and 10062. */
const NO_LONGER =
  "the message has been deleted meanwhile, or Discord waits no longer (3 s); what was asked for is done";

export function openBot(settings: BotSettings): LiveBot {
  const { client, clock, channelId, logger, subjects } = settings;
  const credentials =
    client === null ? { ...knownToken(settings.token ?? ""), end: () => {} } : clientCredentials(client);
  const transport = createHttpTransport({ clock, timeoutMs: TIMEOUT_MS, connections: 4 });
  const rest = createBotRest({ api: settings.api, clock, credentials, transport });
  const caller = createCaller({ rest, clock });
  const answerer = createAnswerer({
    ...settings,
    startedAt: clock.now(),
    desk: joinDesks(settings.desks),
    components: async () => (await Promise.all(subjects.map((subject) => subject.status()))).flat(),
    secret: rest.token,
  });
  const hear = createHearing({ settings, caller, answerer, secret: rest.token });
  const connection =
    client === null
      ? openConnection({
          token: settings.token ?? "",
          clock,
          logger,
          listener: hear,
          makeClient: (options) => makeDiscordClient(settings.api, options),
          cutterOf: (own) => {
            const sockets = socketsOf(own);
            return () => sockets.forEach(cut);
          },
          mayConnect: () => askGateway(caller),
        })
      : joinClient(client, hear);
  const { publicKey } = settings;
  return {
    get state() {
      return connection.state;
    },
    interactions:
      publicKey === null
        ? null
        : createInteractions({ key: publicKey, clock, answerer, channelId, secret: rest.token }),
    async close() {
      credentials.end();
      await connection.close();
      rest.close();
      await transport.close();
    },
  };
}

interface HearingParts {
  readonly settings: BotSettings;
  readonly caller: Caller;
  readonly answerer: Answerer;
  readonly secret: () => string | null;
}

/** Whatever goes wrong in an answer is logged, and ends there. */
function createHearing({ settings, caller, answerer, secret }: HearingParts) {
  const { channelId, logger } = settings;
  // Discord may send the same event again.
  const isNew = createRecent();
  let identity: BotIdentity = { userId: null, applicationId: null };
  let hasCommands = false;

  function contain(what: string, work: () => Promise<void>): void {
    work().catch((error: unknown) => logger.error(`${what}: ${error instanceof Error ? error.message : error}`));
  }

  async function tellStatus(messageId: string): Promise<void> {
    const nonce = createHash("sha256").update(`status:${messageId}`).digest("base64url").slice(0, NONCE_CHARS);
    const told = await caller.call({
      method: "POST",
      path: `/channels/${channelId}/messages`,
      attempts: ATTEMPTS,
      body: {
        embeds: await answerer.status(),
        message_reference: { message_id: messageId, fail_if_not_exists: false },
        allowed_mentions: { parse: [], replied_user: false },
        nonce,
        enforce_nonce: true,
      },
    });
    warn("the status could not be told", told);
    const path = `/channels/${channelId}/messages/${messageId}/reactions/${CHECK_MARK}/@me`;
    warn("the check mark could not be set", await caller.call({ method: "PUT", path, attempts: ATTEMPTS }));
  }

  async function answerInteraction(data: unknown): Promise<void> {
    const interaction = readInteraction(data, { channelId, secret: secret() });
    if (interaction === null || interaction.kind === "ping" || !isNew(interaction.id)) return;
    const body = await answerer.answer(interaction);
    const path = `/interactions/${interaction.id}/${interaction.token}/callback`;
    const called = await caller.call({ method: "POST", path, body });
    warn(
      "an answer did not arrive",
      called.ok || called.status !== NOT_FOUND ? called : { ...called, problem: NO_LONGER },
    );
  }

  async function registerCommands(applicationId: string): Promise<void> {
    const found = await caller.call({ method: "GET", path: `/channels/${channelId}`, attempts: ATTEMPTS });
    warn("the channel cannot be looked up", found);
    const guildId = found.ok ? found.body["guild_id"] : null;
    if (typeof guildId !== "string") return;
    // One by one: registering all at once would take away those of the application that are not ours.
    const path = `/applications/${applicationId}/guilds/${guildId}/commands`;
    for (const body of COMMANDS) {
      const registered = await caller.call({ method: "POST", path, body, attempts: ATTEMPTS });
      warn(`the command /${body.name} could not be registered`, registered);
      if (!registered.ok) return;
    }
    hasCommands = true;
  }

  function warn(what: string, called: Called): void {
    if (!called.ok) logger.warn(`${what}: ${called.problem}`);
  }

  return {
    onReady(ready: BotIdentity): void {
      identity = ready;
      logger.info("the bot is connected");
      const { applicationId } = ready;
      if (!settings.registersCommands || hasCommands || applicationId === null) return;
      contain("the commands could not be registered", () => registerCommands(applicationId));
    },
    onPacket(name: string, data: unknown): void {
      if (name === "INTERACTION_CREATE") return contain("an interaction failed", () => answerInteraction(data));
      if (name !== "MESSAGE_CREATE") return;
      const question = readMessage(data, { channelId, botId: identity.userId });
      if (question === null || !isNew(question.messageId)) return;
      contain("the status could not be told", () => tellStatus(question.messageId));
    },
  };
}

/** Before discord.js logs in: it would ask on for ever where there is no use, and give up where there is. */
async function askGateway(caller: Caller): Promise<MayConnect> {
  const asked = await caller.call({ method: "GET", path: "/gateway/bot" });
  if (!asked.ok) {
    const { status, problem, waitMs } = asked;
    // Whatever else is in the way may go away: a proxy, a log-in page of the network, a ban.
    return status === UNAUTHORIZED ? { kind: "never", problem: WRONG_TOKEN } : { kind: "later", problem, waitMs };
  }
  const { session_start_limit: limit } = asked.body as {
    readonly session_start_limit?: { readonly remaining?: unknown; readonly reset_after?: unknown };
  };
  if (limit?.remaining !== 0) return { kind: "yes" };
  // Once more than allowed, and Discord takes the token away.
  const waitMs = Number(limit.reset_after) || 0;
  return { kind: "later", problem: "the bot has logged in too often today", waitMs };
}
