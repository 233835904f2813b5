/**
 * `@tocsin/core/express`: failures, health and an orderly end for Express 5.
 *
 * @module
 */
import type { IncomingMessage, ServerResponse } from "node:http";
import { hasFailed, reportExchange } from "./exchange.ts";
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
  /** What its answers inherit from; Express documents it as the place to extend them. */
  readonly response: object;
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
  const thrown = new WeakMap<IncomingMessage, { readonly error: unknown }>();
  const tell = (response: ServerResponse): void => {
    const { req: request } = response;
    const route = (): string | null => expressRoute(app, request);
    reportExchange({ request, response, route }, thrown.get(request)?.error, monitor);
  };
  const errors = errorHandler((error, response) => {
    const { req: request } = response;
    const isKnown = thrown.has(request);
    thrown.set(request, { error });
    if (isKnown) return;
    // After the answer has begun it is cut off, without an end.
    response.once("close", () => {
      if (!response.writableEnded) tell(response);
    });
  });
  onEnd(app, (response) => {
    if (hasFailed(response)) tell(response);
  });
  addLast(app, errors);
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
function errorHandler(note: (error: unknown, response: ServerResponse) => void): ErrorHandler {
  const handler: ErrorHandler = (error, _request, ...[response, next]) => {
    note(error, response);
    next(error);
  };
  return Object.defineProperty(handler, "length", { value: 4 });
}

/** Errors meet handlers in the order of their adding: with the first request everything else has been added. */
function addLast(app: ExpressApp, errors: ErrorHandler): void {
  let isAdded = false;
  app.use((_request: IncomingMessage, _response: ServerResponse, next: Next) => {
    if (!isAdded) app.use(errors);
    isAdded = true;
    next();
  });
}

/**
 * Looks at each answer of the application when it ends. A listener for each would cost a tenth of what Express itself takes for a
 * request; this costs nothing that can be measured.
 */
function onEnd(app: ExpressApp, look: (response: ServerResponse) => void): void {
  const answers = app.response as { end: (...given: unknown[]) => unknown };
  const { end } = answers;
  answers.end = function (this: ServerResponse, ...given) {
    if (!this.writableEnded) look(this);
    return end.apply(this, given);
  };
}
