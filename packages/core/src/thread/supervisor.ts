/**
 * Keeps a thread running: starts another when one has died, after waits that grow, and at last no more.
 *
 * Upstream the notifier of the program's side, which has everything posted again to a new thread. Downstream {@link decideAfterDeath}.
 */
import type { Clock, Timer } from "../clock/clock.ts";
import type { FromThread, ToThread } from "./protocol.ts";
import { decideAfterDeath } from "./restart.ts";
import type { StartThread, Thread } from "./thread.ts";

export interface SupervisorParts {
  readonly clock: Clock;
  readonly start: StartThread;
  onMessage(message: FromThread): void;
  /** There is a new thread, which knows nothing yet. */
  onStart(): void;
  /** It died; another follows at that instant, or none any more (`null`). */
  onDeath(why: string, nextAt: number | null): void;
}

export class Supervisor {
  readonly #parts: SupervisorParts;
  #thread: Thread | null = null;
  #startedAt = 0;
  #deaths = 0;
  #restart: Timer | null = null;
  #isHeld = false;
  #isOver = false;

  constructor(parts: SupervisorParts) {
    this.#parts = parts;
  }

  /** Whether there will never be a thread again. */
  get isOver(): boolean {
    return this.#isOver;
  }

  /** Starts a thread, unless there is one. */
  start(): void {
    if (this.#thread !== null || this.#isOver) return;
    this.#restart?.cancel();
    this.#restart = null;
    this.#startedAt = this.#parts.clock.now();
    try {
      this.#thread = this.#parts.start({
        onMessage: (message) => this.#parts.onMessage(message),
        onDeath: (why) => this.#onDeath(why),
      });
    } catch (cause) {
      return this.#onDeath(cause instanceof Error ? cause.message : String(cause));
    }
    this.#thread.hold(this.#isHeld);
    this.#parts.onStart();
  }

  /** While there is no thread nobody hears it: what matters is posted again in `onStart`. */
  post(message: ToThread): void {
    this.#thread?.post(message);
  }

  /** Whether the process is to live on for its sake. */
  hold(isHeld: boolean): void {
    if (isHeld === this.#isHeld) return;
    this.#isHeld = isHeld;
    this.#thread?.hold(isHeld);
    if (!isHeld) this.#restart?.unref?.();
  }

  /** Has everything sent before the process ends, by a new thread where there is none, and blocks until it is. */
  flushAtExit(timeoutMs: number, graceMs: number): void {
    this.start();
    this.post({ kind: "flush-at-exit", timeoutMs });
    this.#thread?.awaitExitFlush(timeoutMs + graceMs);
  }

  async end(): Promise<void> {
    this.#isOver = true;
    this.#restart?.cancel();
    const thread = this.#thread;
    this.#thread = null;
    await thread?.end();
  }

  #onDeath(why: string): void {
    this.#thread = null;
    const { clock, onDeath } = this.#parts;
    const now = clock.now();
    const next = decideAfterDeath(this.#deaths, now - this.#startedAt);
    this.#deaths = next.deaths;
    if (next.action === "end") {
      this.#isOver = true;
      return onDeath(why, null);
    }
    this.#restart = clock.schedule(now + next.afterMs, () => {
      this.#restart = null;
      this.start();
    });
    if (!this.#isHeld) this.#restart.unref?.();
    onDeath(why, now + next.afterMs);
  }
}
