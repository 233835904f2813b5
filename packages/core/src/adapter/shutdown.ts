/**
 * The orderly end of a web server: takes no more requests, lets those under way finish, sends what is queued, and then ends as the
 * signal asked.
 *
 * Upstream signals of the process. Downstream a server and a monitor.
 */
import type { Clock } from "../clock/clock.ts";
import { createSystemClock } from "../clock/system-clock.ts";
import type { WebMonitor } from "./monitor.ts";
import { raiseAgain } from "./raise-again.ts";

/** A server of `node:http`, or an application of Fastify. */
export interface Closable {
  close(done: () => void): unknown;
  closeAllConnections?(): void;
}

export interface ShutdownOptions {
  /** @defaultValue SIGTERM and SIGINT */
  readonly signals?: readonly NodeJS.Signals[];
  /** For requests under way, and again for what is queued. More than 0. @defaultValue 5_000 */
  readonly timeoutMs?: number;
  /** @defaultValue the machine's */
  readonly clock?: Clock;
}

const DEFAULT_TIMEOUT_MS = 5_000;

/**
 * Ends server and monitor when a signal comes; the process then ends by that signal unless others listen for it.
 *
 * @returns the function that takes the listeners away again.
 *
 * @example
 * closeOnSignals(app.listen(8080), monitor);
 */
export function closeOnSignals(
  server: Closable,
  monitor: Pick<WebMonitor, "close">,
  {
    signals = ["SIGTERM", "SIGINT"],
    timeoutMs = DEFAULT_TIMEOUT_MS,
    clock = createSystemClock(),
  }: ShutdownOptions = {},
): () => void {
  const onSignal = (signal: NodeJS.Signals): void => {
    uninstall();
    void end(server, { clock, timeoutMs })
      .then(() => monitor.close({ timeoutMs }))
      .finally(() => raiseAgain(signal, { process }));
  };
  const uninstall = (): void => {
    for (const signal of signals) process.off(signal, onSignal);
  };
  for (const signal of signals) process.on(signal, onSignal);
  return uninstall;
}

async function end(server: Closable, { clock, timeoutMs }: { clock: Clock; timeoutMs: number }): Promise<void> {
  const done = new AbortController();
  const closed = new Promise<void>((resolve) => {
    server.close(resolve);
  });
  const late = clock.sleep(timeoutMs, done.signal).then(
    () => server.closeAllConnections?.(),
    () => {},
  );
  await Promise.race([closed, late]);
  done.abort();
}
