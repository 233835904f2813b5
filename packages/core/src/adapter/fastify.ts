/**
 * `@tocsin/core/fastify`: failures, health and an orderly end for Fastify 5.
 *
 * @module
 */
import { hasFailed, requestIdOf } from "./exchange.ts";
import { createMonitor, type HealthBody, type MonitorOptions, type WebMonitor } from "./monitor.ts";

export type { RequestFailure } from "./failure-message.ts";
export type { HealthBody, MonitorOptions, WebMonitor, WebNotifier } from "./monitor.ts";
export { type Closable, closeOnSignals, type ShutdownOptions } from "./shutdown.ts";

interface Request {
  readonly id: unknown;
  readonly method: string;
  readonly routeOptions?: { readonly url?: string | undefined };
}

interface Reply {
  readonly statusCode: number;
}

/** An application of Fastify 5, as far as it is used. */
export interface FastifyApp {
  addHook(name: "onError", hook: (request: Request, ...rest: [reply: Reply, error: unknown]) => Promise<void>): unknown;
  addHook(name: "onResponse", hook: (request: Request, reply: Reply) => Promise<void>): unknown;
  addHook(name: "onClose", hook: () => Promise<void>): unknown;
}

export interface FastifyMonitor extends Omit<WebMonitor, "health"> {
  /** Answers `/health`. */
  readonly health: () => HealthBody;
}

/**
 * Watches every route of the application; closing the application sends what is queued and closes the notifier.
 *
 * @example
 * const app = Fastify();
 * const monitor = monitorFastify(app, { notifier, service: "Shop" });
 * app.get("/health", monitor.health);
 */
export function monitorFastify(app: FastifyApp, options: MonitorOptions): FastifyMonitor {
  const monitor = createMonitor(options);
  const thrown = new WeakMap<Request, { readonly error: unknown }>();
  app.addHook("onError", async (request, ...[, error]) => {
    thrown.set(request, { error });
  });
  app.addHook("onResponse", async (request, reply) => {
    if (!hasFailed(reply)) return;
    monitor.report({
      method: request.method,
      route: request.routeOptions?.url ?? null,
      status: reply.statusCode,
      requestId: requestIdOf(request.id),
      error: thrown.get(request)?.error,
    });
  });
  app.addHook("onClose", async () => {
    await monitor.close();
  });
  return { report: monitor.report, close: monitor.close, health: monitor.health };
}
