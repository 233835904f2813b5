/**
 * The devices and plants that are known, in memory: what a reading needs is found here without asking the database.
 * Loaded at start, kept in step by the services that change them. One server owns its database.
 */
import type { Device } from "./device.ts";
import type { Plant, PlantId, Thresholds } from "./plant.ts";
import { compilePreferences, type PlantRules } from "./preferences.ts";
import type { Series } from "./reading.ts";

export interface LivePlant {
  readonly id: PlantId;
  name: string;
  thresholds: Thresholds;
  rules: PlantRules;
}

export interface LiveDevice {
  readonly id: string;
  readonly createdAt: number;
  passwordHash: string;
  lastSeenAt: number | null;
  plant: LivePlant | null;
  /** By the plant they were measured for (`null`: for none), then by metric. */
  readonly series: Map<PlantId | null, Map<string, Series>>;
}

export interface Register {
  readonly devices: ReadonlyMap<string, LiveDevice>;
  readonly plants: ReadonlyMap<string, LivePlant>;
  addPlant(plant: Plant): void;
  changePlant(plant: Plant): void;
  /** Its devices stay, without a plant. */
  removePlant(id: PlantId): void;
  addDevice(device: Device): void;
  assign(deviceId: string, plantId: PlantId | null): void;
  /** It has another password from now on. */
  renewPassword(deviceId: string, passwordHash: string): void;
  removeDevice(id: string): void;
}

export interface RegisterContent {
  readonly plants: readonly Plant[];
  readonly devices: readonly Device[];
  readonly series: readonly Series[];
}

export function createRegister(content: RegisterContent): Register {
  const plants = new Map<string, LivePlant>();
  const devices = new Map<string, LiveDevice>();

  function addPlant({ id, name, thresholds, preferences }: Plant): void {
    plants.set(id, { id, name, thresholds, rules: compilePreferences(preferences) });
  }

  function addDevice({ id, createdAt, passwordHash, lastSeenAt, plantId }: Device): void {
    const plant = plantId === null ? null : (plants.get(plantId) ?? null);
    devices.set(id, { id, createdAt, passwordHash, lastSeenAt, plant, series: new Map() });
  }

  for (const plant of content.plants) addPlant(plant);
  for (const device of content.devices) addDevice(device);
  for (const series of content.series) {
    const device = devices.get(series.deviceId);
    if (device !== undefined) seriesFor(device, series.plantId as PlantId | null).set(series.metric, series);
  }

  return {
    devices,
    plants,
    addPlant,
    addDevice,
    changePlant({ id, name, thresholds, preferences }) {
      const plant = plants.get(id);
      if (plant !== undefined) Object.assign(plant, { name, thresholds, rules: compilePreferences(preferences) });
    },
    removePlant(id) {
      plants.delete(id);
      for (const device of devices.values()) {
        if (device.plant?.id === id) device.plant = null;
        device.series.delete(id);
      }
    },
    assign(deviceId, plantId) {
      const device = devices.get(deviceId);
      if (device !== undefined) device.plant = plantId === null ? null : (plants.get(plantId) ?? null);
    },
    renewPassword(deviceId, passwordHash) {
      const device = devices.get(deviceId);
      if (device !== undefined) device.passwordHash = passwordHash;
    },
    removeDevice: (id) => void devices.delete(id),
  };
}

/** The series a device writes while it serves that plant. */
export function seriesFor(device: LiveDevice, plantId: PlantId | null): Map<string, Series> {
  let series = device.series.get(plantId);
  if (series === undefined) {
    series = new Map();
    device.series.set(plantId, series);
  }
  return series;
}
