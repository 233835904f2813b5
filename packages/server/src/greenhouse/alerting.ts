/**
 * Runs detectors and alert life cycles over what arrives, in memory, and hands what follows to the journal: the changed
 * state and the records of what was told or held back, which are committed together with the readings that caused them.
 *
 * Upstream   intake (readings, signs of life) and the offline checker.
 * Downstream the book of alerts and the journal; the alert worker, which prepares the message and sends it once it has been committed.
 */
import {
  type AlertPolicy,
  checkAbsence,
  checkThreshold,
  type QuietReason,
  stepAlert,
  type TellReason,
  type ThresholdDirection,
} from "@tocsin/core/stages";
import type { AlertFinding, AlertReason, AlertRecord, AlertRecordId, HeldReason, NewAlert } from "./alert.ts";
import type { AlertBook, Entry } from "./alert-book.ts";
import type { AlertId } from "./alert-life.ts";
import { type AlertTiming, offlinePolicy, stepSilenced, thresholdPolicy } from "./alert-policy.ts";
import { ALERT_SEVERITY } from "./alert-text.ts";
import type { Journal } from "./journal.ts";
import type { PlantId } from "./plant.ts";
import type { LiveDevice, LivePlant } from "./register.ts";

export interface AlertingOptions extends AlertTiming {
  readonly journal: Journal;
  readonly book: AlertBook;
  readonly newId: () => AlertRecordId;
  readonly offlineAfterMs: number;
  /** Makes the message of an alert that is to be told. */
  readonly prepare: (alert: AlertRecord) => NewAlert;
  /** Whether a silence keeps it from being told now. */
  readonly isWithheld: (alert: AlertRecord) => boolean;
}

export interface Alerting {
  /** A reading has arrived. */
  reading(device: LiveDevice, metric: { readonly name: string; readonly value: number }, now: number): void;
  /** A sign of life has arrived. */
  alive(device: LiveDevice, now: number): void;
  /** Time has passed; `listeningSince` as in the absence detector. */
  checkSilence(device: LiveDevice, listeningSince: number, now: number): void;
  /** Ends the alerts about thresholds that the plant does not have any more. */
  thresholdsChanged(plant: LivePlant, now: number): void;
  forgetPlant(id: PlantId, now: number): void;
  forgetDevice(id: string, now: number): void;
}

interface Turn {
  readonly entry: Entry;
  readonly policy: AlertPolicy;
  readonly device: LiveDevice;
  readonly finding: AlertFinding;
  readonly now: number;
}

/** What may have to be told, for those who say whether it may be. */
const DRAFT = { id: "ale_", reason: "fired", delivery: "queued" } as const;
const NOT_BEGUN: AlertId = "alr_";

export function createAlerting(options: AlertingOptions): Alerting {
  const { journal, book, newId, prepare, offlineAfterMs } = options;
  const policies = { threshold: thresholdPolicy(options), offline: offlinePolicy(options) };

  function met(turn: Turn): void {
    const { entry, policy, device, finding, now } = turn;
    const wanted = stepAlert(policy, entry.state, { kind: "met", now });
    const isWithheld = wanted.tell && options.isWithheld(recordOf(turn, entry.life?.id ?? NOT_BEGUN, DRAFT));
    // As if nobody had been told: so it is told as soon as the silence is over.
    const decision = isWithheld ? stepSilenced(policy, entry.state, now) : wanted;
    const life = book.apply(entry, decision, { now, beginning: () => beginningOf(device, finding) });
    if (life === null) return;
    if (decision.tell) {
      entry.held = null;
      const fate = { id: newId(), reason: reasonOf(decision.reason), delivery: "queued" } as const;
      return journal.alert(prepare(recordOf(turn, life.id, fate)));
    }
    const reason = heldReasonOf(decision.reason, options.remindAfterMs !== null);
    if (reason !== null) hold(turn, life.id, reason);
  }

  /** The first one held back makes a record, the others raise its count: a trembling value must not flood the history. */
  function hold(turn: Turn, alertId: AlertId, reason: HeldReason): void {
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

  function notMet(fingerprint: string, policy: AlertPolicy, now: number): void {
    const entry = book.find(fingerprint);
    if (entry === undefined) return;
    book.close(entry, null);
    book.apply(entry, stepAlert(policy, entry.state, { kind: "not-met", now }), { now });
  }

  return {
    reading(device, { name, value }, now) {
      const { plant } = device;
      const limits = plant?.thresholds.get(name);
      if (plant === null || limits === undefined) return;
      for (const { direction, limit, met: isMet } of checkThreshold(limits, value)) {
        const fingerprint = thresholdFingerprint(plant, name, direction);
        if (!isMet) {
          notMet(fingerprint, policies.threshold, now);
          continue;
        }
        const entry = book.entryOf({ fingerprint, plantId: plant.id, deviceId: null });
        const finding = { kind: "threshold", metric: name, direction, limit, value } as const;
        met({ entry, policy: policies.threshold, device, finding, now });
      }
    },
    alive(device, now) {
      notMet(offlineFingerprint(device), policies.offline, now);
    },
    checkSilence(device, listeningSince, now) {
      const { lastSeenAt, createdAt } = device;
      const watched = { lastSignAt: lastSeenAt, knownSince: createdAt, listeningSince };
      if (!checkAbsence(watched, offlineAfterMs, now).met) return;
      const entry = book.entryOf({ fingerprint: offlineFingerprint(device), plantId: null, deviceId: device.id });
      // Somebody knows, and has said so.
      if (entry.closedAt !== null) return;
      met({ entry, policy: policies.offline, device, finding: { kind: "offline", lastSeenAt }, now });
    },
    thresholdsChanged: (plant, now) => book.end((entry) => lacksThreshold(entry, plant), "threshold-removed", now),
    forgetPlant: (id, now) => book.forget(({ subject }) => subject.plantId === id, "plant-removed", now),
    forgetDevice: (id, now) => book.forget(({ subject }) => subject.deviceId === id, "device-removed", now),
  };
}

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

function lacksThreshold({ subject, life }: Entry, plant: LivePlant): boolean {
  if (subject.plantId !== plant.id || life?.finding.kind !== "threshold") return false;
  const { metric, direction } = life.finding;
  return (plant.thresholds.get(metric)?.[direction] ?? null) === null;
}

function beginningOf(device: LiveDevice, finding: AlertFinding) {
  const { plant, id: deviceId } = device;
  return { finding, severity: ALERT_SEVERITY, plantId: plant?.id ?? null, plantName: plant?.name ?? null, deviceId };
}

function recordOf(
  { device, finding, now }: Turn,
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

// Metric last: it is the one part that may contain anything.
function thresholdFingerprint(plant: LivePlant, metric: string, direction: ThresholdDirection): string {
  return `threshold:${plant.id}:${direction}:${metric}`;
}

function offlineFingerprint(device: LiveDevice): string {
  return `offline:${device.id}`;
}
