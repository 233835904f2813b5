/**
 * `@tocsin/core/http`: failures, health and an orderly end for a plain `node:http` server.
 *
 * @module
 */
import type { IncomingMessage, ServerResponse } from "node:http";
import { watchExchange } from "./exchange.ts";
import { createMonitor, type MonitorOptions, type WebMonitor } from "./monitor.ts";

export type { RequestFailure } from "./failure-message.ts";
export type { HealthBody, MonitorOptions, WebMonitor, WebNotifier } from "./monitor.ts";
export { type Closable, closeOnSignals, type ShutdownOptions } from "./shutdown.ts";

type Listener = (request: IncomingMessage, response: ServerResponse) => unknown;

export interface HttpMonitorOptions extends MonitorOptions {
  /** The pattern of the route that took a request, `/users/:id`; not its path, which may hold secrets. @defaultValue none */
  readonly route?: (request: IncomingMessage) => string | null;
}

export interface HttpMonitor extends Omit<WebMonitor, "health"> {
  /** Answers `/health`. */
  readonly health: (request: IncomingMessage, response: ServerResponse) => void;
  /** A listener that is watched. What it throws or rejects with is reported and answered with 500; the process goes on. */
  wrap(listener: Listener): (request: IncomingMessage, response: ServerResponse) => void;
}

/**
 * @example
 * const monitor = monitorHttp({ notifier, service: "Shop" });
 * createServer(monitor.wrap(listener)).listen(8080);
 */
export function monitorHttp(options: HttpMonitorOptions): HttpMonitor {
  const monitor = createMonitor(options);
  const { route = () => null } = options;
  return {
    report: monitor.report,
    close: monitor.close,
    health(_request, response) {
      answerHealth(response, monitor);
    },
    wrap: (listener) => (request, response) => {
      const exchange = watchExchange({ request, response, route: () => route(request) }, monitor);
      const fail = (error: unknown): void => {
        exchange.failed(error);
        refuse(response);
      };
      try {
        void Promise.resolve(listener(request, response)).catch(fail);
      } catch (error) {
        fail(error);
      }
    },
  };
}

/** Answers with the health body. */
export function answerHealth(response: ServerResponse, monitor: WebMonitor): void {
  response.statusCode = 200;
  response.setHeader("Content-Type", "application/json; charset=utf-8");
  response.setHeader("Cache-Control", "no-store");
  response.end(JSON.stringify(monitor.health()));
}

function refuse(response: ServerResponse): void {
  // An answer that has begun can only be broken off, so that nobody takes it for whole.
  if (response.headersSent) return void response.destroy();
  response.statusCode = 500;
  response.setHeader("Content-Type", "text/plain; charset=utf-8");
  response.end("Internal Server Error\n");
}
