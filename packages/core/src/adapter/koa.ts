/**
 * `@tocsin/core/koa`: failures, health and an orderly end for Koa.
 *
 * @module
 */
import type { IncomingMessage, ServerResponse } from "node:http";
import { watchExchange } from "./exchange.ts";
import { createMonitor, type HealthBody, type MonitorOptions, type WebMonitor } from "./monitor.ts";

export type { RequestFailure } from "./failure-message.ts";
export type { HealthBody, MonitorOptions, WebMonitor, WebNotifier } from "./monitor.ts";
export { type Closable, closeOnSignals, type ShutdownOptions } from "./shutdown.ts";

interface Context {
  readonly req: IncomingMessage;
  readonly res: ServerResponse;
  body: unknown;
  /** Set by @koa/router: the pattern with its prefix. */
  readonly _matchedRoute?: unknown;
}

/** An application of Koa, as far as it is used. */
export interface KoaApp {
  use(middleware: (context: Context, next: () => Promise<unknown>) => Promise<void>): unknown;
}

export interface KoaMonitor extends Omit<WebMonitor, "health"> {
  /** Answers `/health`. */
  readonly health: (context: { body: unknown }) => void;
}

/**
 * Watches all that is added to the application after it. Routes are those of @koa/router.
 *
 * @example
 * const app = new Koa();
 * const monitor = monitorKoa(app, { notifier, service: "Shop" });
 * router.get("/health", monitor.health);
 */
export function monitorKoa(app: KoaApp, options: MonitorOptions): KoaMonitor {
  const monitor = createMonitor(options);
  app.use(async (context, next) => {
    const { req: request, res: response } = context;
    const exchange = watchExchange({ request, response, route: () => context._matchedRoute }, monitor);
    try {
      await next();
    } catch (error) {
      exchange.failed(error);
      throw error;
    }
  });
  return {
    report: monitor.report,
    close: monitor.close,
    health(context) {
      context.body = monitor.health() satisfies HealthBody;
    },
  };
}
