/** The next turn of the event loop, for work that waits until everybody in this turn has had a say. */

/** Calls `fire` once, in the next turn. A parameter of whoever defers, so that a simulation can choose the turn itself. */
export type Defer = (fire: () => void) => void;

/** After the events of this turn, before the timers of the next. Keeps the process alive until then. */
export const nextTurn: Defer = (fire) => void setImmediate(fire);
