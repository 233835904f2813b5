/**
 * Runs detectors over what arrives, in memory: which condition is met, and which is not any more. What follows is committed together
 * with the readings that caused it.
 *
 * Upstream   intake (readings, signs of life) and the offline checker.
 * Downstream the book of alerts, and alert-telling.ts, which tells or holds back.
 */
import {
  type AlertPolicy,
  checkAbsence,
  checkThreshold,
  stepAlert,
  type ThresholdDirection,
} from "@tocsin/core/stages";
import type { AlertBook, Entry } from "./alert-book.ts";
import { type AlertTiming, offlinePolicy, thresholdPolicy } from "./alert-policy.ts";
import type { AlertTelling } from "./alert-telling.ts";
import type { PlantId } from "./plant.ts";
import type { LiveDevice, LivePlant } from "./register.ts";

export interface AlertingOptions extends AlertTiming {
  readonly book: AlertBook;
  readonly telling: AlertTelling;
  readonly offlineAfterMs: number;
}

export interface Alerting {
  /** A reading has arrived. */
  reading(device: LiveDevice, metric: { readonly name: string; readonly value: number }, now: number): void;
  /** A sign of life has arrived. */
  alive(device: LiveDevice, now: number): void;
  /** Time has passed; `listeningSince` as in the absence detector. */
  checkSilence(device: LiveDevice, listeningSince: number, now: number): void;
  /** Ends the alerts about thresholds that the plant does not have any more. */
  thresholdsChanged(plant: Pick<LivePlant, "id" | "thresholds">, now: number): void;
  /** Ends the alerts about what none of its devices measures any more: nothing would ever tell that they are over. */
  devicesChanged(plant: Pick<LivePlant, "id">, devices: Iterable<LiveDevice>, now: number): void;
  forgetPlant(id: PlantId, now: number): void;
  forgetDevice(id: string, now: number): void;
}

export function createAlerting(options: AlertingOptions): Alerting {
  const { book, telling, offlineAfterMs } = options;
  const policies = { threshold: thresholdPolicy(options), offline: offlinePolicy(options) };

  /** With what the plant prefers for this metric. */
  function policyOf({ rules }: LivePlant, metric: string): AlertPolicy {
    const preferred = rules.preferences.metrics.get(metric);
    if (preferred === undefined) return policies.threshold;
    const { cooldownMs, readingsBeforeAlert: failuresBeforeAlert } = preferred;
    const timing = { ...options, cooldownMs: cooldownMs ?? options.cooldownMs };
    return { ...thresholdPolicy(timing), failuresBeforeAlert };
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
          notMet(fingerprint, policyOf(plant, name), now);
          continue;
        }
        const entry = book.entryOf({ fingerprint, plantId: plant.id, deviceId: null });
        const finding = { kind: "threshold", metric: name, direction, limit, value } as const;
        telling.met({ entry, policy: policyOf(plant, name), device, finding, now });
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
      telling.met({ entry, policy: policies.offline, device, finding: { kind: "offline", lastSeenAt }, now });
    },
    thresholdsChanged: (plant, now) => book.end((entry) => lacksThreshold(entry, plant), "threshold-removed", now),
    devicesChanged(plant, devices, now) {
      const own = [...devices].filter((device) => device.plant?.id === plant.id);
      book.end((entry) => isUnmeasured(entry, plant, own), "not-measured", now);
    },
    forgetPlant: (id, now) => book.forget(({ subject }) => subject.plantId === id, "plant-removed", now),
    forgetDevice: (id, now) => book.forget(({ subject }) => subject.deviceId === id, "device-removed", now),
  };
}

function lacksThreshold({ subject, life }: Entry, plant: Pick<LivePlant, "id" | "thresholds">): boolean {
  if (subject.plantId !== plant.id || life?.finding.kind !== "threshold") return false;
  const { metric, direction } = life.finding;
  return (plant.thresholds.get(metric)?.[direction] ?? null) === null;
}

/** Whether none of these, which are the plant's own, has ever reported it for the plant. */
function isUnmeasured({ subject, life }: Entry, { id }: Pick<LivePlant, "id">, own: readonly LiveDevice[]): boolean {
  if (subject.plantId !== id || life?.finding.kind !== "threshold") return false;
  const { metric } = life.finding;
  return !own.some(({ series }) => series.get(id)?.has(metric));
}

// Metric last: it is the one part that may contain anything.
function thresholdFingerprint(plant: LivePlant, metric: string, direction: ThresholdDirection): string {
  return `threshold:${plant.id}:${direction}:${metric}`;
}

function offlineFingerprint(device: LiveDevice): string {
  return `offline:${device.id}`;
}
