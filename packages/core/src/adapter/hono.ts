/**
 * `@tocsin/core/hono`: failures, health and an orderly end for Hono.
 *
 * @module
 */
import { patternOf, requestIdOf } from "./exchange.ts";
import { createMonitor, type MonitorOptions, type WebMonitor } from "./monitor.ts";

export type { RequestFailure } from "./failure-message.ts";
export type { HealthBody, MonitorOptions, WebMonitor, WebNotifier } from "./monitor.ts";
export { type Closable, closeOnSignals, type ShutdownOptions } from "./shutdown.ts";

const FIRST_SERVER_ERROR = 500;
const REQUEST_ID_HEADER = "x-request-id";

interface MatchedRoute {
  readonly method: string;
  readonly path: string;
}

interface Context {
  readonly req: {
    readonly method: string;
    readonly matchedRoutes: readonly MatchedRoute[];
    header(name: string): string | undefined;
  };
  readonly res: Response;
  readonly error: Error | undefined;
}

/** An application of Hono, as far as it is used. */
export interface HonoApp {
  use(path: string, middleware: (context: Context, next: () => Promise<void>) => Promise<void>): unknown;
}

export interface HonoMonitor extends Omit<WebMonitor, "health"> {
  /** Answers `/health`. */
  readonly health: () => Response;
}

/**
 * Watches all that is added to the application after it.
 *
 * @example
 * const app = new Hono();
 * const monitor = monitorHono(app, { notifier, service: "Shop" });
 * app.get("/health", monitor.health);
 */
export function monitorHono(app: HonoApp, options: MonitorOptions): HonoMonitor {
  const monitor = createMonitor(options);
  app.use("*", async (context, next) => {
    await next();
    const { req, res, error } = context;
    if (res.status < FIRST_SERVER_ERROR) return;
    monitor.report({
      method: req.method,
      route: patternOf(() => routeOf(req.matchedRoutes)),
      status: res.status,
      requestId: requestIdOf(res.headers.get(REQUEST_ID_HEADER), req.header(REQUEST_ID_HEADER)),
      error,
    });
  });
  return {
    report: monitor.report,
    close: monitor.close,
    health: () => Response.json(monitor.health(), { headers: { "Cache-Control": "no-store" } }),
  };
}

/** The last that was added for a method of its own, or for all but not everywhere, as middleware is. */
function routeOf(matched: readonly MatchedRoute[]): string | undefined {
  const handler =
    matched.findLast(({ method }) => method !== "ALL") ?? matched.findLast(({ path }) => !path.endsWith("*"));
  return handler?.path;
}
