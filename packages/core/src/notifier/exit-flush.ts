/**
 * Has what is queued sent before the process ends, and lets the process end as it would have: same exit code, same signal, same output on
 * stderr. Handlers of the program's own decide, as if these were not there.
 *
 * | the process ends by | a notifier with a thread | one without |
 * |---|---|---|
 * | `process.exit()`, an uncaught exception, nothing left to do | sends at `exit`, while everything else stands still | at `exit` there is no event loop: it tells what is lost |
 * | an uncaught exception that nobody handles | as above | sends first, then throws it again |
 * | SIGTERM, SIGINT that nobody handles | sends at once, then ends by the signal | sends first, then ends by the signal |
 * | nothing left to do, although not all is sent (after `unref()`) | as above | sends at `beforeExit` |
 *
 * Upstream the process. Downstream a notifier, through {@link ExitFlusher}.
 */

import { raiseAgain } from "../adapter/raise-again.ts";
import { nextTurn } from "../clock/turn.ts";

/** A notifier at the end of its process. */
export interface ExitFlusher {
  /** Whether something is on its way. */
  isBusy(): boolean;
  /**
   * Sends what it can within its time. Without a promise it has done so already: then nothing else could run meanwhile, which is the only way at `exit`.
   */
  flush(): Promise<unknown> | undefined;
  /** Nothing can be sent any more: what is lost, in one sentence; `null` for nothing. */
  loss(): string | null;
}

/** The part of `process` that is needed. */
export type ExitingProcess = Pick<
  NodeJS.Process,
  "on" | "off" | "prependListener" | "listeners" | "listenerCount" | "kill" | "pid"
>;

export interface ExitFlushParts {
  readonly flusher: ExitFlusher;
  /** Whether it can flush without the event loop. */
  readonly flushesAtExit: boolean;
  readonly process: ExitingProcess;
  /** Writes a line where the program's errors go. */
  readonly write: (line: string) => void;
}

const SIGNALS = ["SIGTERM", "SIGINT"] as const;
/** Marks these listeners, so that those of several notifiers do not take each other for the program's own. */
const OURS = Symbol.for("@tocsin/core exit flush");

/** @returns the function that takes all listeners away again. */
export function installExitFlush(parts: ExitFlushParts): () => void {
  const uninstallers = [onExit(parts), ...SIGNALS.map((signal) => onSignal(signal, parts))];
  if (!parts.flushesAtExit) uninstallers.push(onUncaught(parts), onBeforeExit(parts));
  return () => {
    for (const uninstall of uninstallers) uninstall();
  };
}

/** How a loss of so many notifications is told; `null` for none. */
export function lossMessage(notifications: number, hasStore: boolean): string | null {
  if (notifications === 0) return null;
  const are = notifications === 1 ? "1 notification was" : `${notifications} notifications were`;
  return hasStore
    ? `the process ends: ${are} not written to the store in time, and lost`
    : `the process ends: ${are} not sent, and lost. With a store such are sent at the next start.`;
}

function onExit({ process, flusher, flushesAtExit, write }: ExitFlushParts): () => void {
  const listener = (): void => {
    if (flushesAtExit && flusher.isBusy()) void flusher.flush();
    tell(flusher, write);
  };
  process.on("exit", listener);
  return () => process.off("exit", listener);
}

function tell(flusher: ExitFlusher, write: (line: string) => void): void {
  const loss = flusher.loss();
  if (loss !== null) write(loss);
}

function onSignal(signal: NodeJS.Signals, { process, flusher, write }: ExitFlushParts): () => void {
  let isFlushing = false;
  const uninstall = (): void => void process.off(signal, listener);
  const die = (): void => {
    uninstall();
    // A process that ends by a signal has no `exit`.
    tell(flusher, write);
    // Where several notifiers flush, the last one to end ends the process.
    raiseAgain(signal, { process });
  };
  const listener = ours((): void => {
    if (hasOwnHandler(process, signal)) return;
    // Who asks a second time wants it now.
    if (isFlushing || !flusher.isBusy()) return die();
    isFlushing = true;
    const flushed = flusher.flush();
    if (flushed === undefined) die();
    else void flushed.then(die, die);
  });
  // First of all, to see the handlers of others before they take themselves away.
  process.prependListener(signal, listener);
  return uninstall;
}

/** Without this listener the process would be dead already; with it the program runs on for as long as sending takes. */
function onUncaught({ process, flusher }: ExitFlushParts): () => void {
  let isFlushing = false;
  const uninstall = (): void => void process.off("uncaughtException", listener);
  const listener = ours((error: unknown): void => {
    if (hasOwnHandler(process, "uncaughtException")) return;
    const die = (): void => {
      uninstall();
      if (process.listenerCount("uncaughtException") > 0) return;
      nextTurn(() => {
        throw error;
      });
    };
    const flushed = isFlushing || !flusher.isBusy() ? undefined : flusher.flush();
    isFlushing = true;
    if (flushed === undefined) die();
    else void flushed.then(die, die);
  });
  process.prependListener("uncaughtException", listener);
  return uninstall;
}

function onBeforeExit({ process, flusher }: ExitFlushParts): () => void {
  let hasFlushed = false;
  const listener = (): void => {
    if (hasFlushed || !flusher.isBusy()) return;
    // Comes again when that is over; what could not be sent then never will be.
    hasFlushed = true;
    void flusher.flush();
  };
  process.on("beforeExit", listener);
  return () => process.off("beforeExit", listener);
}

function ours<Listener extends (...args: never[]) => void>(listener: Listener): Listener {
  return Object.assign(listener, { [OURS]: true });
}

function hasOwnHandler(process: ExitingProcess, event: NodeJS.Signals | "uncaughtException"): boolean {
  return process.listeners(event as "uncaughtException").some((listener) => !(OURS in listener));
}
