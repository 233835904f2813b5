/**
 * A store: everything that is kept of notifications and deliveries, behind the ports that delivery and history declare.
 * packages/core/testing/store-conformance.ts says what each must do.
 */
import type { Memory, Outbox } from "../delivery/outbox.ts";
import type { DeadLetters } from "../history/dead-letters.ts";
import type { History } from "../history/history.ts";

export interface Store {
  readonly outbox: Outbox;
  readonly memory: Memory;
  readonly history: History;
  readonly deadLetters: DeadLetters;
  /** Writes what has been asked for, then ends. Calling it again is harmless; so is closing the outbox. */
  close(): Promise<void>;
}
