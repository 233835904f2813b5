/**
 * The connections of channels that speak HTTP: one pool per origin, shared by all channels of a notifier, so that alerts to
 * many webhooks reuse the same few TLS sessions.
 *
 * HTTP/1.1 on purpose: a send that breaks off then concerns one message, while a broken HTTP/2 session would leave
 * every message on it in doubt. At the rates that webhooks allow there is nothing for multiplexing to win.
 */

import type { FormData } from "undici";
import { Pool } from "undici";
import type { Clock } from "../../clock/clock.ts";
import { ConfigError } from "../../errors/config-error.ts";
import { MORE_THAN_0, rangeProblems, WHOLE_FROM_1 } from "../../errors/ranges.ts";
import { createDeadlines } from "./deadlines.ts";
import { Exchange, type Reply } from "./exchange.ts";

export interface HttpTransportOptions {
  readonly clock: Clock;
  /** How long a request may take in all: waiting for a connection, headers and body. @defaultValue 10_000 */
  readonly timeoutMs?: number;
  /** Connections per origin; further requests wait for one. @defaultValue 128 */
  readonly connections?: number;
}

export interface WireRequest {
  readonly method: "GET" | "HEAD" | "POST" | "PUT" | "PATCH";
  readonly origin: string;
  /** With its query. */
  readonly path: string;
  /** Names and values in turn. */
  readonly headers: readonly string[];
  /** Text, or a form with files; `null` for none. */
  readonly body: string | FormData | null;
}

export interface HttpTransport {
  /**
   * Starts a request, which ends after `timeoutMs` at the latest, and never fails.
   *
   * @param tell called once, at the end; that may be before this has returned
   */
  start(request: WireRequest, tell: (reply: Reply) => void): Exchange;
  /** Ends all connections; requests still under way end without an answer. */
  close(): Promise<void>;
}

const DEFAULT_TIMEOUT_MS = 10_000;
const DEFAULT_CONNECTIONS = 128;
/** Longer than undici's own 4 s, because paced sends are seconds apart; short enough that nobody in between has dropped it. */
const KEEP_ALIVE_MS = 10_000;

/** @throws {@link ConfigError} `CONFIG_HTTP_TRANSPORT`, naming each bad option. */
export function createHttpTransport(options: HttpTransportOptions): HttpTransport {
  const { clock, timeoutMs = DEFAULT_TIMEOUT_MS, connections = DEFAULT_CONNECTIONS } = options;
  checkOptions({ timeoutMs, connections });
  const pools = new Map<string, Pool>();
  const deadlines = createDeadlines<Exchange>({ clock, timeoutMs, onOverdue: (exchange) => exchange.abort("timeout") });
  let closed = false;

  function poolOf(origin: string): Pool {
    const known = pools.get(origin);
    if (known !== undefined) return known;
    const pool = new Pool(origin, {
      connections,
      pipelining: 1,
      allowH2: false,
      keepAliveTimeout: KEEP_ALIVE_MS,
      connect: { timeout: timeoutMs },
      // The exchange has one deadline over everything; undici's own would each start anew.
      headersTimeout: 0,
      bodyTimeout: 0,
    });
    pools.set(origin, pool);
    return pool;
  }

  function start({ origin, method, path, headers, body }: WireRequest, tell: (reply: Reply) => void): Exchange {
    const exchange = new Exchange((reply) => {
      deadlines.end(deadline);
      tell(reply);
    });
    const deadline = deadlines.start(exchange);
    if (closed) exchange.abort("closed");
    else poolOf(origin).dispatch({ method, path, headers: [...headers], body }, exchange);
    return exchange;
  }

  async function close(): Promise<void> {
    closed = true;
    await Promise.all([...pools.values()].map((pool) => pool.destroy()));
    pools.clear();
  }

  return { start, close };
}

function checkOptions({ timeoutMs, connections }: Required<Omit<HttpTransportOptions, "clock">>): void {
  const problems = rangeProblems({ timeoutMs, connections }, { timeoutMs: MORE_THAN_0, connections: WHOLE_FROM_1 });
  if (problems.length > 0) throw new ConfigError("CONFIG_HTTP_TRANSPORT", problems);
}
