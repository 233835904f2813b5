/**
 * Requests to Discord as a bot, over the same transport as webhooks: discord.js's own client repeats for ever, 50 times a second, under
 * one form of ban, and its waits are in memory only.
 *
 * Before the bot has a token, requests wait for it. Nothing here rejects, waits after a refusal, or repeats.
 */
import type { Exchange, Reply } from "../http/exchange.ts";
import type { HttpTransport, WireRequest } from "../http/transport.ts";
import { DISCORD_USER_AGENT } from "../user-agent.ts";
import type { BotApi } from "./target.ts";

/** Who the bot is, as soon as that is known. */
export interface BotCredentials {
  /** `null` while the bot has not logged in. */
  token(): string | null;
  /** Resolves when there may be a token, and at once when there is. */
  whenReady(): Promise<void>;
}

export interface BotRest {
  readonly api: BotApi;
  /** `null` while the bot has not logged in. */
  token(): string | null;
  /**
   * @param path below the API's base, with its query
   * @param bodyFor made when the token is known
   */
  request(
    method: WireRequest["method"],
    path: string,
    bodyFor?: (token: string) => WireRequest["body"],
  ): Promise<Reply>;
  /** Requests under way end without an answer, and so do further ones. */
  close(): void;
}

export interface BotRestParts {
  readonly api: BotApi;
  readonly credentials: BotCredentials;
  /** Who made it closes it. */
  readonly transport: HttpTransport;
}

const CLOSED: Reply = { kind: "no-answer", cause: "closed", error: null, written: false };

/** The credentials of a bot whose token is known from the start. */
export function knownToken(token: string): BotCredentials {
  return { token: () => token, whenReady: () => Promise.resolve() };
}

export function createBotRest({ api, credentials, transport }: BotRestParts): BotRest {
  const underWay = new Set<Exchange>();
  let closed = false;
  let endWaiting = (): void => {};
  const closing = new Promise<void>((resolve) => {
    endWaiting = resolve;
  });

  async function tokenInTime(): Promise<string | null> {
    for (let token = credentials.token(); !closed; token = credentials.token()) {
      if (token !== null) return token;
      await Promise.race([credentials.whenReady(), closing]);
    }
    return null;
  }

  const request: BotRest["request"] = async (method, path, bodyFor = () => null) => {
    const token = await tokenInTime();
    if (token === null) return CLOSED;
    const body = bodyFor(token);
    const headers = ["user-agent", DISCORD_USER_AGENT, "authorization", `Bot ${token}`];
    if (typeof body === "string") headers.push("content-type", "application/json");
    const started = transport.start({ method, origin: api.origin, path: `${api.base}${path}`, headers, body });
    underWay.add(started);
    const reply = await started.reply;
    underWay.delete(started);
    return reply;
  };

  return {
    api,
    token: credentials.token,
    request,
    close() {
      closed = true;
      endWaiting();
      for (const exchange of underWay) exchange.abort("closed");
    },
  };
}
