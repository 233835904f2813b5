/** What must hold, and what it looks like when it does not. */

export interface Violation {
  readonly invariant:
    | "nothing accepted is lost"
    | "the engine knows what waits"
    | "a store that cannot be read is told of"
    | "what is settled stays settled"
    | "a lane waits for the store"
    | "delivered means arrived"
    | "order within lane and priority"
    | "no limit exceeded"
    | "what was told is obeyed"
    | "repeats only where an outcome was in doubt"
    | "at most once where asked for"
    | "one message per lane and crash"
    | "everything settles"
    | "every verdict is explained"
    | "no end without its beginning"
    | "nothing is settled that was not recorded"
    | "nothing leaves while paused"
    | "nothing is heard in quiet hours"
    | "what is silenced is not told"
    | "nothing leaves for what is gone"
    | "nothing waits for what is gone"
    | "messages are changed where they stand"
    | "statistics count everything once"
    | "queues stay within their bounds"
    | "memory stays within its bound"
    | "nothing is left behind";
  readonly detail: string;
}

export function violation(invariant: Violation["invariant"], detail: string): Violation {
  return { invariant, detail };
}
