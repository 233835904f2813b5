/**
 * The alerts that are known, in memory: the state of each condition, the life of what is open, and what is being held back. Whatever
 * changes is handed to the journal.
 *
 * Upstream   alerting, which runs the detectors, and people's orders. Downstream the journal.
 */
import { type AlertDecision, type AlertState, NEW_ALERT } from "@tocsin/core/stages";
import type { AlertRecordId, AlertSubject, HeldReason, StoredAlertState } from "./alert.ts";
import {
  type AlertId,
  type AlertLife,
  follow,
  NOBODY,
  type Person,
  phaseOf,
  type TransitionReason,
} from "./alert-life.ts";
import { endByHand } from "./alert-policy.ts";
import type { Journal } from "./journal.ts";

/** One condition. */
export interface Entry {
  readonly subject: AlertSubject;
  readonly state: AlertState;
  /** Of the alert that is open; `null` when none is. */
  readonly life: AlertLife | null;
  /** See {@link StoredAlertState}. */
  readonly closedAt: number | null;
  /** The record that counts what is held back. */
  held: { readonly id: AlertRecordId; readonly reason: HeldReason; count: number } | null;
}

type Mutable<Part> = { -readonly [Key in keyof Part]: Part[Key] };

/** What is said of an alert that begins. */
export type Beginning = Pick<AlertLife, "finding" | "severity" | "plantId" | "plantName" | "deviceId">;

export interface Turn {
  readonly now: number;
  /** Why, in a life's words. @defaultValue as the state machine says */
  readonly reason?: TransitionReason;
  readonly person?: Person;
  /** Wanted when an alert may begin. */
  readonly beginning?: () => Beginning;
}

export interface AlertBook {
  /** The condition of this subject, as it is known or new. */
  entryOf(subject: AlertSubject): Entry;
  find(fingerprint: string): Entry | undefined;
  /** The condition whose alert this is, while it is open. */
  findAlert(id: string): Entry | undefined;
  /** Takes over what the state machine has decided. @returns the life it belongs to; `null` when none was open */
  apply(entry: Entry, decision: Pick<AlertDecision, "state" | "reason">, turn: Turn): AlertLife | null;
  /** It does not begin again before its cause has gone; `null` when that has happened. */
  close(entry: Entry, at: number | null): void;
  /** Ends the alerts of these conditions. */
  end(which: (entry: Entry) => boolean, reason: TransitionReason, now: number): void;
  /** Ends them, and forgets the conditions. */
  forget(which: (entry: Entry) => boolean, reason: TransitionReason, now: number): void;
}

export interface AlertBookParts {
  readonly journal: Pick<Journal, "state" | "life">;
  readonly newId: () => AlertId;
  /** As they were stored. */
  readonly states: readonly StoredAlertState[];
  readonly open: readonly AlertLife[];
  /** An alert that had been told is over. @defaultValue nobody is told */
  readonly onEnd?: ((life: AlertLife) => void) | undefined;
}

export function createAlertBook({ journal, newId, states, open, onEnd }: AlertBookParts): AlertBook {
  const entries = new Map<string, Mutable<Entry>>();
  const byAlert = new Map<string, Mutable<Entry>>();
  for (const { state, closedAt, ...subject } of states) {
    entries.set(subject.fingerprint, { subject, state, closedAt, life: null, held: null });
  }
  for (const life of open) {
    const { fingerprint, finding, plantId, deviceId } = life;
    const subject = finding.kind === "offline" ? { plantId: null, deviceId } : { plantId, deviceId: null };
    const entry = own({ fingerprint, ...subject });
    entry.life = life;
    byAlert.set(life.id, entry);
  }

  function own(subject: AlertSubject): Mutable<Entry> {
    const known = entries.get(subject.fingerprint);
    if (known !== undefined) return known;
    const entry = { subject, state: NEW_ALERT, life: null, closedAt: null, held: null };
    entries.set(subject.fingerprint, entry);
    return entry;
  }

  function keep({ subject, state, closedAt }: Entry): void {
    journal.state({ ...subject, state, closedAt });
  }

  const apply: AlertBook["apply"] = ({ subject }, { state, reason: decided }, turn) => {
    const entry = own(subject);
    const { now, reason = decided, person = NOBODY, beginning } = turn;
    const wasTold = isKnown(entry.state);
    if (state !== entry.state) {
      entry.state = state;
      keep(entry);
    }
    const phase = phaseOf(state);
    const before = entry.life;
    let life: AlertLife | null = before === null ? null : follow(before, { state, reason, now, person });
    if (life === null && phase !== "resolved" && beginning !== undefined) {
      const transitions = [{ at: now, phase, reason, ...person }];
      life = { id: newId(), fingerprint: subject.fingerprint, ...beginning(), startedAt: now, transitions };
      byAlert.set(life.id, entry);
    }
    if (life !== before && life !== null) journal.life(life);
    entry.life = phase === "resolved" ? null : life;
    if (phase === "resolved" && life !== null) {
      byAlert.delete(life.id);
      entry.held = null;
      if (wasTold) onEnd?.(life);
    }
    return life;
  };

  function end(which: (entry: Entry) => boolean, reason: TransitionReason, now: number): void {
    for (const entry of entries.values()) {
      if (entry.life === null || !which(entry)) continue;
      apply(entry, endByHand(entry.state, now), { now, reason });
    }
  }

  return {
    entryOf: own,
    find: (fingerprint) => entries.get(fingerprint),
    findAlert: (id) => byAlert.get(id),
    apply,
    close({ subject }, at) {
      const entry = own(subject);
      if (entry.closedAt === at) return;
      entry.closedAt = at;
      keep(entry);
    },
    end,
    forget(which, reason, now) {
      end(which, reason, now);
      for (const [fingerprint, entry] of entries) if (which(entry)) entries.delete(fingerprint);
    },
  };
}

/** Whether somebody has been told of it. */
function isKnown(state: AlertState): boolean {
  return "knownAs" in state && state.knownAs !== null;
}
