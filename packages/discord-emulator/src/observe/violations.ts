/** Remembers what strict mode has refused, so that a test can fail on it at the end. */
import type { Events } from "./events.ts";

export interface Violation {
  /** Epoch milliseconds. */
  readonly at: number;
  /** The webhook or the bot. */
  readonly senderId: string;
  /** The message leaves it to Discord whom it pings. */
  readonly kind: "allowed-mentions-missing";
  /** The beginning of the message's text. */
  readonly excerpt: string;
}

export interface Violations {
  readonly add: (violation: Violation) => void;
  readonly all: () => readonly Violation[];
}

const KEPT = 1000;
const EXCERPT_CHARACTERS = 80;

export function createViolations(events: Events): Violations {
  let kept: Violation[] = [];
  return {
    add: (violation) => {
      const cut = { ...violation, excerpt: violation.excerpt.slice(0, EXCERPT_CHARACTERS) };
      kept = [...kept.slice(-(KEPT - 1)), cut];
      events.emit({ kind: "violation", violation: cut });
    },
    all: () => kept,
  };
}
