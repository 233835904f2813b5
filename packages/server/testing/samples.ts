/** Small complete values for tests. */
import type { PreparedNotification } from "@tocsin/core";
import type { AlertRecord, NewAlert } from "../src/greenhouse/alert.ts";
import type { AlertId, AlertLife } from "../src/greenhouse/alert-life.ts";
import { type Batch, emptyBatch } from "../src/greenhouse/batch.ts";
import type { Device } from "../src/greenhouse/device.ts";
import type { Plant } from "../src/greenhouse/plant.ts";
import { NO_PREFERENCES } from "../src/greenhouse/preferences.ts";
import type { Series } from "../src/greenhouse/reading.ts";

/** 2026-01-01T00:00:00Z */
/** How an alert is told without preferences. */
export const MANNER = { severity: "warning", quietHours: [] } as const;
export const T = Date.UTC(2026, 0, 1);

export function aPlant(parts: Partial<Plant> = {}): Plant {
  const thresholds = new Map([["soil_moisture", { min: 20, max: 80 }]]);
  return {
    id: "plt_1",
    name: "Monstera",
    species: null,
    thresholds,
    preferences: NO_PREFERENCES,
    webhook: null,
    createdAt: T,
    updatedAt: T,
    ...parts,
  };
}

export function aDevice(parts: Partial<Device> = {}): Device {
  return { id: "device-abc", plantId: null, passwordHash: "none", createdAt: T, lastSeenAt: null, ...parts };
}

export function aSeries(parts: Partial<Series> = {}): Series {
  return { id: null, deviceId: "device-abc", plantId: "plt_1", metric: "soil_moisture", ...parts };
}

export function anAlert(parts: Partial<AlertRecord> = {}): AlertRecord {
  const { id = "ale_1" } = parts;
  return {
    id,
    // Each of an alert of its own, of the same number.
    alertId: id.replace("ale_", "alr_") as AlertId,
    finding: { kind: "threshold", metric: "soil_moisture", direction: "min", limit: 20, value: 15.2 },
    plantId: "plt_1",
    plantName: "Monstera",
    deviceId: "device-abc",
    reason: "fired",
    createdAt: T,
    count: 1,
    lastAt: T,
    delivery: "queued",
    notificationId: null,
    error: null,
    settledAt: null,
    ...parts,
  };
}

export function aLife(parts: Partial<AlertLife> = {}): AlertLife {
  return {
    id: "alr_1",
    fingerprint: "threshold:plt_1:min:soil_moisture",
    finding: { kind: "threshold", metric: "soil_moisture", direction: "min", limit: 20, value: 15.2 },
    severity: "warning",
    plantId: "plt_1",
    plantName: "Monstera",
    deviceId: "device-abc",
    startedAt: T,
    transitions: [{ at: T, phase: "firing", reason: "fired", by: null, comment: null }],
    ...parts,
  };
}

/** A message that goes nowhere. */
export function aMessage(parts: Partial<PreparedNotification> = {}): PreparedNotification {
  const id = parts.id ?? "ntf_1";
  const settled = Promise.resolve({ success: false, status: "skipped", id, attempts: 0, destinations: [] } as const);
  return {
    id,
    records: [],
    admit: () => ({ id, accepted: Promise.resolve(false), settled }),
    withdraw: () => {},
    ...parts,
  };
}

/** An alert that is told. */
export function withMessage(record: AlertRecord): NewAlert {
  return { record, message: aMessage() };
}

export function aBatch(parts: Partial<Batch> = {}): Batch {
  return { ...emptyBatch(), ...parts };
}
