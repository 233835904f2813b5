/**
 * What follows when a condition is met: it is told, or held back for a reason that is kept: the life cycle's, a preference of its plant, a
 * silence.
 *
 * Upstream   alerting. Downstream the book of alerts; the journal, which commits the record with the readings that caused it; the alert
 * worker, which prepares the message and sends it once it has been committed.
 */
import type { Severity, Withheld } from "@tocsin/core";
import { type AlertPolicy, type QuietReason, stepAlert, type TellReason } from "@tocsin/core/stages";
import type { AlertFinding, AlertReason, AlertRecord, AlertRecordId, HeldReason, NewAlert } from "./alert.ts";
import type { AlertBook, Beginning, Entry } from "./alert-book.ts";
import type { AlertId } from "./alert-life.ts";
import { type AlertTiming, stepSilenced } from "./alert-policy.ts";
import { ALERT_SEVERITY, type Manner } from "./alert-text.ts";
import type { Journal } from "./journal.ts";
import type { LiveDevice } from "./register.ts";

export interface AlertTellingOptions extends Pick<AlertTiming, "remindAfterMs"> {
  readonly journal: Pick<Journal, "alert" | "repeat">;
  readonly book: AlertBook;
  readonly newId: () => AlertRecordId;
  /** Makes the message of an alert that is to be told. */
  readonly prepare: (alert: AlertRecord, manner: Manner) => NewAlert;
  /** What keeps it from being told now; `null` for nothing. */
  readonly withheldBy: (alert: AlertRecord, manner: Manner) => Withheld["by"] | null;
}

export interface AlertTelling {
  met(turn: MetTurn): void;
}

/** A condition has been found to be met. */
export interface MetTurn {
  readonly entry: Entry;
  readonly policy: AlertPolicy;
  readonly device: LiveDevice;
  readonly finding: AlertFinding;
  readonly now: number;
}

/** What may have to be told, for those who say whether it may be. */
const DRAFT = { id: "ale_", reason: "fired", delivery: "queued" } as const;
const NOT_BEGUN: AlertId = "alr_";

export function createAlertTelling(options: AlertTellingOptions): AlertTelling {
  const { journal, book, newId, prepare } = options;

  function met(turn: MetTurn): void {
    const { entry, policy, device, finding, now } = turn;
    const wanted = stepAlert(policy, entry.state, { kind: "met", now });
    const heldBy = wanted.tell ? keptBackBy(turn) : null;
    // As if nobody had been told: so it is told as soon as the reason is gone.
    const decision = heldBy === null ? wanted : stepSilenced(policy, entry.state, now);
    const life = book.apply(entry, decision, { now, beginning: () => beginningOf(device, finding) });
    if (life === null) return;
    if (decision.tell) {
      entry.held = null;
      const fate = { id: newId(), reason: reasonOf(decision.reason), delivery: "queued" } as const;
      return journal.alert(prepare(recordOf(turn, life.id, fate), mannerOf(device, life.severity)));
    }
    const reason = heldBy ?? heldReasonOf(decision.reason, options.remindAfterMs !== null);
    if (reason !== null) hold(turn, life.id, reason);
  }

  /** The preferences of the plant, or what withholds for everyone. */
  function keptBackBy(turn: MetTurn): HeldReason | null {
    const { entry, device, finding, now } = turn;
    const severity = entry.life?.severity ?? severityOf(device, finding);
    const metric = finding.kind === "threshold" ? finding.metric : null;
    const preference = device.plant?.rules.heldBy({ metric, severity, now }) ?? null;
    if (preference !== null) return preference;
    const draft = recordOf(turn, entry.life?.id ?? NOT_BEGUN, DRAFT);
    const by = options.withheldBy(draft, mannerOf(device, severity));
    return by === null ? null : WITHHELD[by];
  }

  /** The first one held back makes a record, the others raise its count: a trembling value must not flood the history. */
  function hold(turn: MetTurn, alertId: AlertId, reason: HeldReason): void {
    const { entry, finding, now } = turn;
    if (entry.held?.reason !== reason) {
      const record = recordOf(turn, alertId, { id: newId(), reason, delivery: "not-sent" });
      entry.held = { id: record.id, reason, count: 1 };
      journal.alert({ record, message: null });
      return;
    }
    entry.held.count++;
    const value = finding.kind === "threshold" ? finding.value : null;
    journal.repeat(entry.held.id, { count: entry.held.count, lastAt: now, value });
  }

  return { met };
}

const WITHHELD = {
  silence: "silenced",
  maintenance: "maintenance",
  inhibition: "inhibited",
} as const satisfies Record<Withheld["by"], HeldReason>;

/** A condition that is met can only begin to be told, or be told again. */
function reasonOf(reason: TellReason): AlertReason {
  return reason === "reminded" ? "repeated" : "fired";
}

/** `null` when there is nothing that would have been told. Without reminders of its own an alert is told again after its cooldown. */
function heldReasonOf(reason: QuietReason, hasReminders: boolean): HeldReason | null {
  switch (reason) {
    case "cooldown":
    case "acknowledged":
    case "silenced":
      return reason;
    case "reminder-not-due":
      return hasReminders ? reason : "cooldown";
    default:
      return null;
  }
}

function severityOf({ plant }: LiveDevice, finding: AlertFinding): Severity {
  if (plant === null || finding.kind !== "threshold") return ALERT_SEVERITY;
  return plant.rules.preferences.metrics.get(finding.metric)?.severity ?? ALERT_SEVERITY;
}

function mannerOf({ plant }: LiveDevice, severity: Severity): Manner {
  return { severity, quietHours: plant?.rules.preferences.quietHours ?? [] };
}

function beginningOf(device: LiveDevice, finding: AlertFinding): Beginning {
  const { plant, id: deviceId } = device;
  return {
    finding,
    severity: severityOf(device, finding),
    plantId: plant?.id ?? null,
    plantName: plant?.name ?? null,
    deviceId,
  };
}

function recordOf(
  { device, finding, now }: MetTurn,
  alertId: AlertId,
  fate: Pick<AlertRecord, "id" | "reason" | "delivery">,
): AlertRecord {
  return {
    ...fate,
    alertId,
    finding,
    plantId: device.plant?.id ?? null,
    plantName: device.plant?.name ?? null,
    deviceId: device.id,
    createdAt: now,
    count: 1,
    lastAt: now,
    notificationId: null,
    error: null,
    settledAt: null,
  };
}
