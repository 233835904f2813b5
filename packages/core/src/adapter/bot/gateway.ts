/**
 * One connection to Discord's gateway with a discord.js client: the one handed in, or one of our own, which is brought up, brought up
 * again, and ended here.
 *
 * Only what comes in is taken from discord.js; what goes out takes our own transport. Its raw packets are listened to, so that nothing
 * depends on what its caches hold.
 *
 * Nothing here throws into the program or keeps it waiting. discord.js itself reconnects and resumes; what it gives up, we begin anew.
 */
import type { Clock } from "../../clock/clock.ts";
import type { Logger } from "../../config/logger.ts";
import { classifyLoginError, closeProblem, DISALLOWED_INTENTS, FATAL_CLOSE_CODES } from "./gateway-errors.ts";

/** What we need of a discord.js `Client`; any of version 14 is one. */
export interface GatewayClient {
  /** `null` before it has logged in. */
  readonly token: string | null;
  readonly user: { readonly id: string } | null;
  readonly application: { readonly id: string } | null;
  isReady(): boolean;
  on(event: "raw", listener: (packet: unknown) => void): unknown;
  off(event: "raw", listener: (packet: unknown) => void): unknown;
}

/** A client of our own, which may also be started and ended. */
export interface OwnClient extends GatewayClient {
  on(event: "raw", listener: (packet: unknown) => void): unknown;
  on(event: "shardDisconnect", listener: (closing: { readonly code: number }) => void): unknown;
  on(event: "invalidated" | "error" | "shardReconnecting" | "shardResume", listener: () => void): unknown;
  login(token: string): Promise<unknown>;
  destroy(): Promise<void>;
}

/** Who the bot is, as far as it is known. */
export interface BotIdentity {
  readonly userId: string | null;
  readonly applicationId: string | null;
}

export interface GatewayListener {
  /** Each packet of Discord's, by its name, e.g. `MESSAGE_CREATE`. */
  onPacket(name: string, data: unknown): void;
  /** The bot is there, for the first time or again. */
  onReady(identity: BotIdentity): void;
}

export interface Connection {
  readonly state: ConnectionState;
  /** Ends a client of our own; from one that was handed in it only withdraws. Never rejects. */
  close(): Promise<void>;
}

export type ConnectionState = "connecting" | "ready" | "failed" | "closed";

/** Listens to packets of a client; returns how to stop. */
function listen(client: GatewayClient, { onPacket, onReady }: GatewayListener): () => void {
  const onRaw = (packet: unknown): void => {
    const { t: name, d: data } = (packet ?? {}) as { readonly t?: unknown; readonly d?: unknown };
    if (typeof name !== "string") return;
    if (name === "READY") onReady(identityIn(data));
    onPacket(name, data);
  };
  client.on("raw", onRaw);
  return () => void client.off("raw", onRaw);
}

function identityIn(data: unknown): BotIdentity {
  const { user, application } = (data ?? {}) as {
    readonly user?: { readonly id?: unknown };
    readonly application?: { readonly id?: unknown };
  };
  const idOf = (id: unknown) => (typeof id === "string" ? id : null);
  return { userId: idOf(user?.id), applicationId: idOf(application?.id) };
}

/** Listens to a client that somebody else starts and ends. */
export function joinClient(client: GatewayClient, listener: GatewayListener): Connection {
  let isClosed = false;
  const stop = listen(client, listener);
  if (client.isReady()) {
    listener.onReady({ userId: client.user?.id ?? null, applicationId: client.application?.id ?? null });
  }
  return {
    get state() {
      if (isClosed) return "closed";
      return client.isReady() ? "ready" : "connecting";
    },
    async close() {
      isClosed = true;
      stop();
    },
  };
}

export interface OwnConnectionParts {
  readonly token: string;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly listener: GatewayListener;
  /** @throws when discord.js is not installed */
  readonly makeClient: (options: { readonly withContent: boolean }) => Promise<OwnClient>;
  /** How to end the sockets of a client without a goodbye, for when it gets no answer to one. */
  readonly cutterOf: (client: OwnClient) => () => void;
  /** Whether logging in can work at all, asked over our own transport. */
  readonly mayConnect: () => Promise<MayConnect>;
}

export type MayConnect =
  | { readonly kind: "yes" }
  | { readonly kind: "later"; readonly problem: string; readonly waitMs: number }
  | { readonly kind: "never"; readonly problem: string };

const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 300_000;
/** Connected for so long, a loss is a new one and no repetition. */
const STEADY_AFTER_MS = 60_000;
/** discord.js waits for 60 s for the gateway's greeting, and for 15 s until it is ready. */
const LOGIN_WITHIN_MS = 90_000;

/** A network that is gone says no goodbye. */
const GOODBYE_WITHIN_MS = 1_000;
/** So many sessions begun in so long are too many. */
const MAX_READY = 20;
const READY_WINDOW_MS = 600_000;

/** What became of one client: how it ended, and why. */
type Ending =
  | { readonly kind: "lost"; readonly problem: string; readonly waitMs?: number }
  | { readonly kind: "without-content" }
  | { readonly kind: "over"; readonly problem: string };

const CLOSED: Ending = { kind: "lost", problem: "closed" };
const WITHOUT_CONTENT =
  "the bot may not read messages (Message Content Intent is off on the application's page, under Bot): " +
  "it does not hear the word status, but answers mentions and /status";

/** Brings up a client of our own, and again whenever it is lost, until it is closed or there is no use. */
export function openConnection(parts: OwnConnectionParts): Connection {
  return new OwnConnection(parts);
}

class OwnConnection implements Connection {
  readonly #parts: OwnConnectionParts;
  readonly #closing = new AbortController();
  readonly #over: Promise<void>;
  #state: ConnectionState = "connecting";
  #withContent = true;

  constructor(parts: OwnConnectionParts) {
    this.#parts = parts;
    this.#over = this.#live().catch((error: unknown) => this.#fail(String(error)));
  }

  get state(): ConnectionState {
    return this.#closing.signal.aborted ? "closed" : this.#state;
  }

  close(): Promise<void> {
    this.#closing.abort();
    return this.#over;
  }

  async #live(): Promise<void> {
    const { clock, logger } = this.#parts;
    let waitMs = FIRST_WAIT_MS;
    while (!this.#closing.signal.aborted) {
      const startedAt = clock.now();
      const ending = await this.#oneLife();
      if (this.#closing.signal.aborted) return;
      if (ending.kind === "over") return this.#fail(ending.problem);
      this.#state = "connecting";
      if (ending.kind === "without-content") {
        this.#withContent = false;
        logger.warn(WITHOUT_CONTENT);
        continue;
      }
      if (clock.now() - startedAt > STEADY_AFTER_MS) waitMs = FIRST_WAIT_MS;
      const pauseMs = Math.max(ending.waitMs ?? 0, waitMs * (1 + clock.random() / 2));
      logger.warn(`the bot is not connected, trying again in ${Math.ceil(pauseMs / 1_000)} s: ${ending.problem}`);
      waitMs = Math.min(waitMs * 2, LONGEST_WAIT_MS);
      await clock.sleep(pauseMs, this.#closing.signal).catch(() => {});
    }
  }

  #fail(problem: string): void {
    this.#state = "failed";
    this.#parts.logger.error(`the bot stays away: ${problem}`);
  }

  /** From the attempt to log in to the loss of the connection. */
  async #oneLife(): Promise<Ending> {
    const may = await this.#parts.mayConnect();
    if (may.kind === "never") return { kind: "over", problem: may.problem };
    if (may.kind === "later") return { kind: "lost", problem: may.problem, waitMs: may.waitMs };
    if (this.#closing.signal.aborted) return CLOSED;
    let client: OwnClient;
    try {
      client = await this.#parts.makeClient({ withContent: this.#withContent });
    } catch {
      return { kind: "over", problem: "the package discord.js is missing: npm install discord.js" };
    }
    const life = new AbortController();
    this.#closing.signal.addEventListener("abort", () => life.abort(), { once: true, signal: life.signal });
    if (this.#closing.signal.aborted) life.abort();
    try {
      return await Promise.race([this.#endOf(client, life.signal), this.#logIn(client, life.signal)]);
    } finally {
      life.abort();
      await this.#end(client);
    }
  }

  /** Ends only where logging in fails: from then on the end is that of the connection. */
  async #logIn(client: OwnClient, life: AbortSignal): Promise<Ending> {
    const { clock, token } = this.#parts;
    const done = new AbortController();
    const late = clock.sleep(LOGIN_WITHIN_MS, AbortSignal.any([life, done.signal])).then(
      () => true,
      () => false,
    );
    try {
      const isLate = await Promise.race([client.login(token).then(() => false), late]);
      if (isLate) return { kind: "lost", problem: "Discord's gateway does not answer" };
    } catch (error) {
      const found = classifyLoginError(error, token);
      if (found.kind === "disallowed-intents" && this.#withContent) return { kind: "without-content" };
      return { kind: found.kind === "passing" ? "lost" : "over", problem: found.problem };
    } finally {
      done.abort();
    }
    return new Promise(() => {});
  }

  /** When discord.js gives up, or we do. */
  #endOf(client: OwnClient, life: AbortSignal): Promise<Ending> {
    const { clock, listener } = this.#parts;
    return new Promise((resolve) => {
      const lose = (problem: string): void => resolve({ kind: "lost", problem });
      const counter = createReadyCounter(clock);
      const stop = listen(client, {
        onPacket: listener.onPacket,
        onReady: (identity) => {
          this.#state = "ready";
          listener.onReady(identity);
          if (counter.isTooMany()) lose("Discord ends the connection again and again");
        },
      });
      const onEnd = (): void => {
        stop();
        resolve(CLOSED);
      };
      if (life.aborted) onEnd();
      else life.addEventListener("abort", onEnd, { once: true });
      client.on("shardReconnecting", () => {
        this.#state = "connecting";
      });
      client.on("shardResume", () => {
        this.#state = "ready";
      });
      client.on("shardDisconnect", ({ code }) => {
        if (code === DISALLOWED_INTENTS && this.#withContent) resolve({ kind: "without-content" });
        else if (FATAL_CLOSE_CODES.has(code)) resolve({ kind: "over", problem: closeProblem(code) });
        else lose(`the gateway has closed the connection (${code})`);
      });
      client.on("invalidated", () => lose("Discord has ended the session"));
      // Without a listener, an "error" event would end the process.
      client.on("error", () => {});
    });
  }

  async #end(client: OwnClient): Promise<void> {
    const { clock, cutterOf, logger } = this.#parts;
    const done = new AbortController();
    const cut = cutterOf(client);
    try {
      await Promise.race([client.destroy(), clock.sleep(GOODBYE_WITHIN_MS, done.signal)]);
    } catch (error) {
      logger.warn(`the bot's connection did not end in order: ${String(error)}`);
    } finally {
      done.abort();
      cut();
    }
  }
}

/** discord.js begins a lost session anew at once and for ever, while Discord takes a token away after 1,000 beginnings in a day. */
function createReadyCounter(clock: Clock): { isTooMany(): boolean } {
  let latest: readonly number[] = [];
  return {
    isTooMany() {
      const now = clock.now();
      latest = [...latest.filter((at) => now - at < READY_WINDOW_MS), now];
      return latest.length > MAX_READY;
    },
  };
}
