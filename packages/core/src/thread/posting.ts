/**
 * The way in on the program's side: makes a notification complete, posts it, and hands back a receipt. This is all that `notify()`
 * costs the program.
 */
import { createIdSource } from "../clock/id.ts";
import { createMemoryOutbox } from "../delivery/outbox.ts";
import type { FailureReason } from "../delivery/result.ts";
import type { NotificationId } from "../notification/notification.ts";
import { createIdempotency, type Idempotency } from "../notifier/idempotency.ts";
import { OpenReceipt, type Receipt } from "../notifier/receipt.ts";
import { refusedReceipt } from "../notifier/refusal.ts";
import type { NotifierSettings } from "../notifier/settings.ts";
import { Ledger } from "./ledger.ts";
import type { ToThread } from "./protocol.ts";

/** What may be posted without an answer: while no thread answers, a storm must not fill the memory of the program. */
const MAX_UNACCEPTED = 200_000;

export interface PostingParts {
  readonly settings: NotifierSettings;
  readonly post: (message: ToThread) => void;
}

export class Posting {
  readonly ledger = new Ledger();
  readonly #parts: PostingParts;
  readonly #nextId: () => NotificationId;
  readonly #idempotency: Idempotency;
  #refusal: FailureReason | null = null;

  constructor(parts: PostingParts) {
    this.#parts = parts;
    const { clock, idempotencyWindowMs: windowMs } = parts.settings;
    this.#nextId = createIdSource<NotificationId>("ntf", clock);
    // Those of earlier processes are known to the thread alone.
    const nobody = { lookUp: () => Promise.reject(new Error("only this process is asked")) };
    this.#idempotency = createIdempotency({ windowMs, outbox: createMemoryOutbox(), verdicts: nobody });
  }

  get isClosed(): boolean {
    return this.#refusal === "closed";
  }

  /** Takes nothing more. */
  end(reason: FailureReason): void {
    this.#refusal = reason;
  }

  /** Never throws. */
  take(input: unknown): Receipt {
    const { settings } = this.#parts;
    try {
      return this.#post(input);
    } catch (cause) {
      // Not known to happen; an alert that cannot be taken must still not take the program down.
      settings.logger.error(`a notification could not be taken: ${cause instanceof Error ? cause.message : cause}`);
      return refusedReceipt(this.#nextId(), "internal-error");
    }
  }

  #post(input: unknown): Receipt {
    const { settings, post } = this.#parts;
    const notification = settings.normalise(input, { id: this.#nextId(), now: settings.clock.now() });
    const { id, idempotencyKey: key, createdAt } = notification;
    if (this.#refusal !== null) return refusedReceipt(id, this.#refusal);
    const first = key === null ? null : this.#idempotency.find(key, createdAt);
    // Whoever was refused may ask again; only the thread knows why it refused.
    if (first !== null && !first.isRefused) return first;
    if (this.ledger.unaccepted >= MAX_UNACCEPTED) return refusedReceipt(id, "queue-full");
    const receipt = new OpenReceipt(id, null);
    if (key !== null) this.#idempotency.add(key, receipt, createdAt);
    this.ledger.add(notification, receipt);
    post({ kind: "take", notification, again: false });
    return receipt;
  }
}
