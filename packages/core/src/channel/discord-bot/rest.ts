/**
 * Requests to Discord as a bot, over the same transport as webhooks: discord.js's own client repeats for ever, 50 times a second, under
 * one form of ban, and its waits are in memory only.
 *
 * Before the bot has a token, requests wait for it, each for {@link LOGIN_PATIENCE_MS} at most: a bot that never logs in is out of reach like
 * a server that does not answer, so that what is meant for it is tried again, taken over or kept as a dead letter, and never waits in silence.
 * Nothing here rejects, waits after a refusal, or repeats.
 */
import type { Clock } from "../../clock/clock.ts";
import type { Reply } from "../http/exchange.ts";
import { CLOSED_REPLY, createRequests } from "../http/requests.ts";
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
  readonly clock: Clock;
  readonly api: BotApi;
  readonly credentials: BotCredentials;
  /** Who made it closes it. */
  readonly transport: HttpTransport;
}

/** How long one request waits for the bot to log in: more than a start of discord.js takes, a resumed one included. */
const LOGIN_PATIENCE_MS = 60_000;

const NOT_LOGGED_IN: Reply = { kind: "no-answer", cause: "not-logged-in", error: null, written: false };

/** The credentials of a bot whose token is known from the start. */
export function knownToken(token: string): BotCredentials {
  return { token: () => token, whenReady: () => Promise.resolve() };
}

export function createBotRest({ api, clock, credentials, transport }: BotRestParts): BotRest {
  const requests = createRequests(transport);
  let closed = false;
  let endWaiting = (): void => {};
  const closing = new Promise<void>((resolve) => {
    endWaiting = resolve;
  });

  async function tokenInTime(): Promise<string | null> {
    const known = closed ? null : credentials.token();
    if (known !== null || closed) return known;
    const decided = new AbortController();
    let isPatient = true;
    const patience = clock.sleep(LOGIN_PATIENCE_MS, decided.signal).then(
      () => {
        isPatient = false;
      },
      () => {},
    );
    let token: string | null = null;
    while (token === null && isPatient && !closed) {
      await Promise.race([credentials.whenReady(), closing, patience]);
      token = closed ? null : credentials.token();
    }
    decided.abort();
    return token;
  }

  const request: BotRest["request"] = async (method, path, bodyFor = () => null) => {
    const token = await tokenInTime();
    if (token === null) return closed ? CLOSED_REPLY : NOT_LOGGED_IN;
    const body = bodyFor(token);
    const headers = ["user-agent", DISCORD_USER_AGENT, "authorization", `Bot ${token}`];
    if (typeof body === "string") headers.push("content-type", "application/json");
    const wire = { method, origin: api.origin, path: `${api.base}${path}`, headers, body };
    return requests.ask(wire, (reply) => reply);
  };

  return {
    api,
    token: credentials.token,
    request,
    close() {
      closed = true;
      endWaiting();
      requests.close();
    },
  };
}
