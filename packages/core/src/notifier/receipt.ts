/** What `notify()` hands back: the id at once, the rest as promises that are only made when somebody asks for them. */
import type { DeliveryResult } from "../delivery/result.ts";
import type { Listener } from "../delivery/tracker.ts";
import type { NotificationId } from "../notification/notification.ts";
import type { Verdicts } from "./verdicts.ts";

export interface Receipt {
  readonly id: NotificationId;
  /**
   * Resolves once the notification is in the outbox (durable, with a durable store), or, while that store fails, has been told:
   * `false` when it was neither. Never rejects.
   */
  readonly accepted: Promise<boolean>;
  /** Resolves with what became of it. Never rejects. */
  readonly settled: Promise<DeliveryResult>;
}

/** The notifier's own side of a receipt. */
export class OpenReceipt implements Receipt, Listener {
  readonly id: NotificationId;
  #accepted: boolean | null = null;
  #result: DeliveryResult | null = null;
  #onAccepted: ((accepted: boolean) => void) | null = null;
  #onSettled: ((result: DeliveryResult) => void) | null = null;
  readonly #verdicts: Pick<Verdicts, "lookUp"> | null;
  #isLetGo = false;
  #acceptedPromise: Promise<boolean> | null = null;
  #settledPromise: Promise<DeliveryResult> | null = null;

  /** @param verdicts where the verdict is found when it is not brought here; `null` when it always is */
  constructor(id: NotificationId, verdicts: Pick<Verdicts, "lookUp"> | null) {
    this.id = id;
    this.#verdicts = verdicts;
  }

  get accepted(): Promise<boolean> {
    this.#acceptedPromise ??=
      this.#accepted === null
        ? new Promise((resolve) => {
            this.#onAccepted = resolve;
          })
        : Promise.resolve(this.#accepted);
    return this.#acceptedPromise;
  }

  get settled(): Promise<DeliveryResult> {
    this.#settledPromise ??= this.#verdict();
    return this.#settledPromise;
  }

  #verdict(): Promise<DeliveryResult> {
    if (this.#result !== null) return Promise.resolve(this.#result);
    if (this.#isLetGo && this.#verdicts !== null) return this.#verdicts.lookUp(this.id);
    return new Promise((resolve) => {
      this.#onSettled = resolve;
    });
  }

  /** Whether anybody has asked for the verdict. */
  isAwaited(): boolean {
    return this.#settledPromise !== null;
  }

  /** It ended before it had begun: it was never in the outbox. */
  get isRefused(): boolean {
    return this.#accepted === false;
  }

  /** The verdict will not be brought here: whoever asks later is to look it up. */
  letGo(): void {
    this.#isLetGo = true;
  }

  /** The outbox has it, unless it was settled without ever waiting. */
  accept(): void {
    this.#decideAccepted(true);
  }

  settle(result: DeliveryResult): void {
    if (this.#result !== null) return;
    this.#result = result;
    // Told before it was durable, or never to be.
    this.#decideAccepted(result.success || result.attempts > 0);
    this.#onSettled?.(result);
  }

  #decideAccepted(accepted: boolean): void {
    if (this.#accepted !== null) return;
    this.#accepted = accepted;
    this.#onAccepted?.(accepted);
  }
}

/** The receipt of one that an earlier process has accepted, or that this one follows no more: its verdict is looked up. */
export function reopenedReceipt(id: NotificationId, verdicts: Pick<Verdicts, "lookUp">): OpenReceipt {
  const receipt = new OpenReceipt(id, verdicts);
  receipt.accept();
  receipt.letGo();
  return receipt;
}
