/** A device that reports, and what is kept of it. */
import type { PlantId } from "./plant.ts";

export interface Device {
  readonly id: string;
  readonly plantId: PlantId | null;
  /** Never the password itself. */
  readonly passwordHash: string;
  readonly createdAt: number;
  /** Last sign of life, `null` before the first. */
  readonly lastSeenAt: number | null;
}

export interface DeviceFilter {
  readonly plantId?: string | undefined;
}

/** What is kept of devices; implemented by `storage/`. */
export interface DeviceStore {
  /** False when the id is taken. */
  insert(device: Device): Promise<boolean>;
  find(id: string): Promise<Device | null>;
  all(): Promise<readonly Device[]>;
  /** In order of id, those after `after`. */
  list(page: DeviceFilter & { readonly after: string | null; readonly limit: number }): Promise<readonly Device[]>;
  assign(id: string, plantId: PlantId | null): Promise<void>;
  setPasswordHash(id: string, passwordHash: string): Promise<void>;
  /** Takes the device away, with the readings that belong to no plant. */
  remove(id: string): Promise<void>;
}

const USERNAME_PREFIX = "device_";

/** The MQTT user of a device. */
export function usernameOf(deviceId: string): string {
  return USERNAME_PREFIX + deviceId;
}

/** The device behind an MQTT user name, or `null` when it is no device's. */
export function deviceIdOf(username: string): string | null {
  return username.startsWith(USERNAME_PREFIX) ? username.slice(USERNAME_PREFIX.length) : null;
}
