/**
 * One session of a bot: numbers what it is told, and keeps it for when the bot comes back and asks what it missed.
 *
 * A session outlives its connection. It ends when the bot says goodbye (close code 1000 or 1001), when it is declared
 * invalid, or when nobody has come back for it for two minutes.
 */
import type { Application } from "../world/society.ts";
import type { Dispatch } from "./dispatch.ts";
import { OP, type Payload } from "./words.ts";

/** How many events a session keeps for a resume; the figure is ours. */
const KEPT = 1_000;

export interface Session {
  readonly id: string;
  readonly applicationId: string;
  readonly intents: number;
  readonly sequence: () => number;
  readonly tell: (dispatch: Dispatch) => void;
  /** Tells the latest event once more. */
  readonly repeat: () => void;
  /** From now on this hears what the session is told. */
  readonly attach: (send: (payload: Payload) => void) => void;
  readonly detach: () => void;
  /** To anything, or to this. */
  readonly isAttached: (to?: (payload: Payload) => void) => boolean;
  /** Sends again what came after this number; false, when that is not kept any more or never was. */
  readonly replay: (after: number) => boolean;
}

export interface NewSession {
  readonly id: string;
  readonly application: Application;
  readonly intents: number;
}

export function createSession({ id, application, intents }: NewSession): Session {
  let sequence = 0;
  let kept: Payload[] = [];
  let send: ((payload: Payload) => void) | null = null;

  function tell({ t, d }: Dispatch): void {
    sequence += 1;
    const told = { op: OP.DISPATCH, d, s: sequence, t };
    if (kept.push(told) > 2 * KEPT) kept = kept.slice(-KEPT);
    send?.(told);
  }

  return {
    id,
    applicationId: application.id,
    intents,
    sequence: () => sequence,
    tell,
    repeat: () => {
      const { t = null, d } = kept.at(-1) ?? {};
      if (t !== null) tell({ t, d });
    },
    attach: (to) => {
      send = to;
    },
    detach: () => {
      send = null;
    },
    isAttached: (to) => (to === undefined ? send !== null : send === to),
    replay: (after) => {
      const oldest = kept[0]?.s ?? sequence + 1;
      if (after > sequence || after < oldest - 1) return false;
      for (const told of kept) if (told.s !== null && told.s > after) send?.(told);
      return true;
    },
  };
}
