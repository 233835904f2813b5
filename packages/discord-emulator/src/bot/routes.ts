/** The routes that bots use, as a table: method, path, handler. */
import { createHash } from "node:crypto";
import { EMPTY } from "../http/answer.ts";
import type { BotHandler } from "./call.ts";
import { getChannel, openDirect } from "./channel.ts";
import * as commands from "./commands.ts";
import { createBotMessage } from "./create-message.ts";
import * as guild from "./guild.ts";
import * as messages from "./messages.ts";
import * as reactions from "./reactions.ts";
import { getApplication, getGateway, getGatewayBot, getMe } from "./self.ts";
import * as threads from "./threads.ts";
import { createBotWebhook, listWebhooks } from "./webhooks.ts";

export interface BotRoute {
  readonly method: string;
  /** Names after a colon stand for one segment each. The first of them is what Discord calls the major parameter. */
  readonly path: string;
  readonly handle: BotHandler;
  /** What the header calls its bucket. */
  readonly bucket: string;
}

const MESSAGES = "/channels/:channel/messages";
const MESSAGE = `${MESSAGES}/:message`;
const REACTION = `${MESSAGE}/reactions/:emoji`;

export const ROUTES: readonly BotRoute[] = [
  ...route("/gateway", { GET: getGateway }),
  ...route("/gateway/bot", { GET: getGatewayBot }),
  ...route("/users/@me", { GET: getMe }),
  ...route("/users/@me/channels", { POST: openDirect }),
  ...route("/users/:user", { GET: guild.getUser }),
  ...route("/applications/@me", { GET: getApplication }),
  ...route("/oauth2/applications/@me", { GET: getApplication }),
  ...route("/channels/:channel", { GET: getChannel, PATCH: threads.changeThread }),
  ...route("/channels/:channel/typing", { POST: (call, workshop) => threads.joinThread(call, workshop) }),
  ...route("/channels/:channel/webhooks", { GET: listWebhooks, POST: createBotWebhook }),
  ...route("/channels/:channel/threads", { POST: threads.startThread }),
  ...route("/channels/:channel/thread-members/@me", { PUT: threads.joinThread, DELETE: () => EMPTY }),
  ...route(MESSAGES, { GET: messages.listBotMessages, POST: createBotMessage }),
  ...route(MESSAGE, {
    GET: messages.getBotMessage,
    PATCH: messages.editBotMessage,
    DELETE: messages.deleteBotMessage,
  }),
  ...route(`${MESSAGE}/threads`, { POST: threads.startThreadOnMessage }),
  ...route(`${MESSAGE}/reactions`, { DELETE: reactions.clearReactions }),
  ...route(REACTION, { GET: reactions.listReactions, DELETE: reactions.clearReactions }),
  ...route(`${REACTION}/@me`, { PUT: reactions.putReaction, DELETE: reactions.deleteReaction }),
  ...route(`${REACTION}/:user`, { DELETE: reactions.deleteReaction }),
  ...route("/guilds/:guild", { GET: guild.getGuild }),
  ...route("/guilds/:guild/channels", { GET: guild.listChannels }),
  ...route("/guilds/:guild/roles", { GET: guild.listRoles }),
  ...route("/guilds/:guild/members", { GET: guild.listMembers }),
  ...route("/guilds/:guild/members/:user", { GET: guild.getMember }),
  ...route("/guilds/:guild/threads/active", { GET: threads.listActiveThreads }),
  ...commandRoutes("/applications/:application/commands"),
  ...commandRoutes("/applications/:application/guilds/:guild/commands"),
];

function commandRoutes(path: string): BotRoute[] {
  return [
    ...route(path, { GET: commands.listCommands, POST: commands.createCommand, PUT: commands.replaceCommands }),
    ...route(`${path}/:command`, {
      GET: commands.getCommand,
      PATCH: commands.changeCommand,
      DELETE: commands.deleteCommand,
    }),
  ];
}

function route(path: string, handlers: Readonly<Record<string, BotHandler>>): BotRoute[] {
  return Object.entries(handlers).map(([method, handle]) => ({
    method,
    path,
    handle,
    bucket: hashOf(`${method} ${path}`),
  }));
}

function hashOf(text: string): string {
  return createHash("md5").update(text).digest("hex");
}

export type FoundRoute =
  | { readonly kind: "route"; readonly route: BotRoute; readonly params: Readonly<Record<string, string>> }
  | { readonly kind: "wrong-method" }
  | { readonly kind: "unknown" };

/** @param path - without `/api` and version. */
export function findRoute(method: string, path: string): FoundRoute {
  let kind: "unknown" | "wrong-method" = "unknown";
  const segments = path.split("/");
  for (const one of ROUTES) {
    const params = matchPath(one.path.split("/"), segments);
    if (params === null) continue;
    if (one.method === method) return { kind: "route", route: one, params };
    kind = "wrong-method";
  }
  return { kind };
}

function matchPath(pattern: readonly string[], segments: readonly string[]): Record<string, string> | null {
  if (pattern.length !== segments.length) return null;
  const params: Record<string, string> = {};
  for (const [at, part] of pattern.entries()) {
    const segment = segments[at]!;
    if (part.startsWith(":") && segment !== "") params[part.slice(1)] = decode(segment);
    else if (part !== segment) return null;
  }
  return params;
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
