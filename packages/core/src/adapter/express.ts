/**
 * `@tocsin/core/express`: failures, health and an orderly end for Express 5.
 *
 * @module
 */
import type { IncomingMessage, ServerResponse } from "node:http";
import { type Exchange, watchExchange } from "./exchange.ts";
import { expressRoute } from "./express-route.ts";
import { answerHealth } from "./http.ts";
import { createMonitor, type MonitorOptions, type WebMonitor } from "./monitor.ts";

export type { RequestFailure } from "./failure-message.ts";
export type { HealthBody, MonitorOptions, WebMonitor, WebNotifier } from "./monitor.ts";
export { type Closable, closeOnSignals, type ShutdownOptions } from "./shutdown.ts";

type Next = (error?: unknown) => void;
type Middleware = (request: IncomingMessage, response: ServerResponse, next: Next) => void;
/** Express tells error handlers by their four parameters, which here are counted as the language counts them. */
type ErrorHandler = (error: unknown, request: IncomingMessage, ...rest: [response: ServerResponse, next: Next]) => void;

/** An application of Express 5, as far as it is used. */
export interface ExpressApp {
  use(handler: Middleware | ErrorHandler): unknown;
}

export interface ExpressMonitor extends Omit<WebMonitor, "health"> {
  /** Answers `/health`. */
  readonly health: (request: IncomingMessage, response: ServerResponse) => void;
  /** To be used before error handlers of your own, so that their messages tell the error and not only the status. */
  readonly errors: ErrorHandler;
}

/**
 * Watches all that is added to the application after it.
 *
 * @example
 * const app = express();
 * const monitor = monitorExpress(app, { notifier, service: "Shop" });
 * app.get("/health", monitor.health);
 */
export function monitorExpress(app: ExpressApp, options: MonitorOptions): ExpressMonitor {
  const monitor = createMonitor(options);
  const exchanges = new WeakMap<IncomingMessage, Exchange>();
  const errors = errorHandler((request, error) => exchanges.get(request)?.failed(error));
  let isLast = false;
  app.use((request: IncomingMessage, response: ServerResponse, next: Next) => {
    if (!isLast) {
      isLast = true;
      // Errors meet handlers in the order of their adding: only now everything has been added.
      app.use(errors);
    }
    const route = (): string | null => expressRoute(app, request);
    exchanges.set(request, watchExchange({ request, response, route }, monitor));
    next();
  });
  return {
    report: monitor.report,
    close: monitor.close,
    errors,
    health(_request, response) {
      answerHealth(response, monitor);
    },
  };
}

/** A function of four parameters, which notes the error and passes it on. */
function errorHandler(note: (request: IncomingMessage, error: unknown) => void): ErrorHandler {
  const handler: ErrorHandler = (error, request, ...[, next]) => {
    note(request, error);
    next(error);
  };
  return Object.defineProperty(handler, "length", { value: 4 });
}
