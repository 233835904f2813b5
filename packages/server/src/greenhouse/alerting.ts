/**
 * Runs detectors and alert life cycles over what arrives, in memory, and hands what follows to the journal: the changed
 * state and the row of the history, which are committed together with the readings that caused them.
 *
 * Upstream   intake (readings, signs of life) and the offline checker.
 * Downstream the journal; the alert worker, which prepares the message and sends it once it has been committed.
 */
import {
  type AlertPolicy,
  type AlertState,
  checkAbsence,
  checkThreshold,
  DEFAULT_ALERT_POLICY,
  NEW_ALERT,
  stepAlert,
  type TellReason,
  type ThresholdDirection,
} from "@tocsin/core/stages";
import type { AlertFinding, AlertId, AlertRecord, AlertSubject, NewAlert, StoredAlertState } from "./alert.ts";
import type { Journal } from "./journal.ts";
import type { PlantId } from "./plant.ts";
import type { LiveDevice, LivePlant } from "./register.ts";

export interface AlertingOptions {
  readonly journal: Journal;
  readonly newId: () => AlertId;
  /** As they were stored. */
  readonly states: readonly StoredAlertState[];
  /** Least time between two threshold alerts of one plant, metric and direction. */
  readonly cooldownMs: number;
  readonly offlineAfterMs: number;
  /** Makes the message of an alert that is to be told. */
  readonly prepare: (alert: AlertRecord) => NewAlert;
}

export interface Alerting {
  /** A reading has arrived. */
  reading(device: LiveDevice, metric: { readonly name: string; readonly value: number }, now: number): void;
  /** A sign of life has arrived. */
  alive(device: LiveDevice, now: number): void;
  /** Time has passed; `listeningSince` as in the absence detector. */
  checkSilence(device: LiveDevice, listeningSince: number, now: number): void;
  forgetPlant(id: PlantId): void;
  forgetDevice(id: string): void;
}

/** The state of one condition, and the row that counts what its cooldown holds back. */
interface Entry {
  readonly subject: AlertSubject;
  state: AlertState;
  held: { readonly id: AlertId; count: number } | null;
}

interface Turn {
  readonly entry: Entry;
  readonly policy: AlertPolicy;
  readonly device: LiveDevice;
  readonly finding: AlertFinding;
  readonly now: number;
}

/** Told once per outage, and at once. */
const OFFLINE_POLICY = DEFAULT_ALERT_POLICY;

export function createAlerting(options: AlertingOptions): Alerting {
  const { journal, newId, prepare, cooldownMs, offlineAfterMs } = options;
  const thresholdPolicy: AlertPolicy = { ...DEFAULT_ALERT_POLICY, cooldownMs, remindAfterMs: [cooldownMs] };
  const entries = new Map<string, Entry>();
  for (const { state, ...subject } of options.states) entries.set(subject.fingerprint, { subject, state, held: null });

  function met(turn: Turn): void {
    const { entry, policy, now } = turn;
    const decision = stepAlert(policy, entry.state, { kind: "met", now });
    keep(entry, decision.state);
    if (decision.tell) {
      entry.held = null;
      journal.alert(prepare(recordOf(turn, { id: newId(), reason: reasonOf(decision.reason), delivery: "queued" })));
    } else if (decision.reason === "cooldown" || decision.reason === "reminder-not-due") hold(turn);
  }

  /** The first one held back makes a row, the others raise its count: a trembling value must not flood the history. */
  function hold(turn: Turn): void {
    const { entry, finding, now } = turn;
    if (entry.held === null) {
      const record = recordOf(turn, { id: newId(), reason: "cooldown", delivery: "not-sent" });
      entry.held = { id: record.id, count: 1 };
      journal.alert({ record, message: null });
      return;
    }
    entry.held.count++;
    const value = finding.kind === "threshold" ? finding.value : null;
    journal.repeat(entry.held.id, { count: entry.held.count, lastAt: now, value });
  }

  function notMet(fingerprint: string, policy: AlertPolicy, now: number): void {
    const entry = entries.get(fingerprint);
    if (entry !== undefined) keep(entry, stepAlert(policy, entry.state, { kind: "not-met", now }).state);
  }

  function keep(entry: Entry, state: AlertState): void {
    if (state === entry.state) return;
    entry.state = state;
    journal.state(entry.subject, state);
  }

  const entryOf = (subject: AlertSubject): Entry => entryIn(entries, subject);

  function forget(belongs: (subject: AlertSubject) => boolean): void {
    for (const [fingerprint, { subject }] of entries) if (belongs(subject)) entries.delete(fingerprint);
  }

  return {
    reading(device, { name, value }, now) {
      const { plant } = device;
      const limits = plant?.thresholds.get(name);
      if (plant === null || limits === undefined) return;
      for (const { direction, limit, met: isMet } of checkThreshold(limits, value)) {
        const fingerprint = thresholdFingerprint(plant, name, direction);
        if (!isMet) {
          notMet(fingerprint, thresholdPolicy, now);
          continue;
        }
        const entry = entryOf({ fingerprint, plantId: plant.id, deviceId: null });
        const finding = { kind: "threshold", metric: name, direction, limit, value } as const;
        met({ entry, policy: thresholdPolicy, device, finding, now });
      }
    },
    alive(device, now) {
      notMet(offlineFingerprint(device), OFFLINE_POLICY, now);
    },
    checkSilence(device, listeningSince, now) {
      const { lastSeenAt, createdAt } = device;
      const watched = { lastSignAt: lastSeenAt, knownSince: createdAt, listeningSince };
      if (!checkAbsence(watched, offlineAfterMs, now).met) return;
      const entry = entryOf({ fingerprint: offlineFingerprint(device), plantId: null, deviceId: device.id });
      met({ entry, policy: OFFLINE_POLICY, device, finding: { kind: "offline", lastSeenAt }, now });
    },
    forgetPlant: (id) => forget(({ plantId }) => plantId === id),
    forgetDevice: (id) => forget(({ deviceId }) => deviceId === id),
  };
}

/** A condition that is met can only begin to be told, or be told again. */
function reasonOf(reason: TellReason): "fired" | "repeated" {
  return reason === "reminded" ? "repeated" : "fired";
}

function entryIn(entries: Map<string, Entry>, subject: AlertSubject): Entry {
  const known = entries.get(subject.fingerprint);
  if (known !== undefined) return known;
  const entry: Entry = { subject, state: NEW_ALERT, held: null };
  entries.set(subject.fingerprint, entry);
  return entry;
}

function recordOf({ device, finding, now }: Turn, fate: Pick<AlertRecord, "id" | "reason" | "delivery">): AlertRecord {
  return {
    ...fate,
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
