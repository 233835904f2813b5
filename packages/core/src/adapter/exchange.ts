/**
 * One request and its answer in the terms of `node:http`, which Express, Koa and plain servers share: when it has failed, and what
 * may be told of it.
 *
 * Downstream monitor.ts.
 */
import type { IncomingMessage, ServerResponse } from "node:http";
import type { WebMonitor } from "./monitor.ts";

const FIRST_SERVER_ERROR = 500;
const REQUEST_ID_HEADER = "x-request-id";
/** Whoever sends a request chooses its id, so it may be anything. */
const HARMLESS_ID = /^[\w.:+/=-]{1,128}$/;

export interface Exchange {
  /** What its handler threw, or called `next` with. */
  failed(error: unknown): void;
}

export interface ExchangeParts {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  /** The pattern of the route that took the request, a text or a regular expression; anything else is none. Asked when the answer has ended. */
  readonly route: () => unknown;
}

/** Reports an exchange once its answer has ended with 5xx, or has broken off because of an error. */
export function watchExchange(parts: ExchangeParts, monitor: WebMonitor): Exchange {
  const { response } = parts;
  let thrown: { readonly error: unknown } | null = null;
  response.once("close", () => {
    // An error after the answer had begun: it cannot become a 500 any more.
    const isCutOff = thrown !== null && !response.writableFinished;
    if (hasFailed(response) || isCutOff) reportExchange(parts, thrown?.error, monitor);
  });
  return {
    failed(error) {
      thrown = { error };
    },
  };
}

export function hasFailed({ statusCode }: { readonly statusCode: number }): boolean {
  return statusCode >= FIRST_SERVER_ERROR;
}

/** Never throws. */
export function reportExchange({ request, response, route }: ExchangeParts, error: unknown, monitor: WebMonitor): void {
  monitor.report({
    method: request.method ?? "GET",
    route: patternOf(route),
    status: response.statusCode,
    requestId: requestIdOf(response.getHeader(REQUEST_ID_HEADER), request.headers[REQUEST_ID_HEADER]),
    error,
  });
}

/** The first that is an id. */
export function requestIdOf(...candidates: readonly unknown[]): string | null {
  return candidates.find((id): id is string => typeof id === "string" && HARMLESS_ID.test(id)) ?? null;
}

/** The pattern as the framework has it, or `null`: where it keeps that is not in its documentation, so it may be gone one day. */
export function patternOf(read: () => unknown): string | null {
  try {
    const pattern = read();
    return typeof pattern === "string" || pattern instanceof RegExp ? String(pattern) : null;
  } catch {
    return null;
  }
}
