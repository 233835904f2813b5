/** Remembers, for each destination, what went wrong there last since the start. */
import type { DeliveryEvent } from "@tocsin/core";

export interface LastError {
  readonly at: number;
  /** Stable and short, e.g. `discord-10015`. */
  readonly code: string;
  /** One sentence, free of secrets. */
  readonly message: string;
}

export interface LastErrors {
  /** Listens to delivery. */
  onEvent(event: DeliveryEvent): void;
  /** `null` when nothing has. */
  of(destination: string): LastError | null;
}

export function createLastErrors(): LastErrors {
  const last = new Map<string, LastError>();
  return {
    onEvent(event) {
      if (event.type !== "attempt" && event.type !== "lane-disabled") return;
      const { at, destination, error } = event;
      if (error !== null) last.set(destination, { at, code: error.code, message: error.message });
    },
    of: (destination) => last.get(destination) ?? null,
  };
}
