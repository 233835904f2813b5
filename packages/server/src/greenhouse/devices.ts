/** What people do with devices. */
import type { Clock } from "@tocsin/core/stages";
import type { Alerting } from "./alerting.ts";
import { hashPassword, newPassword } from "./credentials.ts";
import { type Device, type DeviceStore, usernameOf } from "./device.ts";
import { deviceNotFound, GreenhouseError, plantNotFound, storageUnavailable } from "./errors.ts";
import type { Journal } from "./journal.ts";
import type { PlantId } from "./plant.ts";
import type { LivePlant, Register } from "./register.ts";

export interface DevicesOptions {
  readonly clock: Clock;
  readonly newId: () => string;
  readonly store: DeviceStore;
  readonly register: Register;
  readonly journal: Journal;
  readonly alerting: Alerting;
  /** A device has been registered. */
  readonly onRegistered: () => void;
  /** A device has been removed, or has another password: whoever holds a connection of it ends it. */
  readonly onLockedOut: (id: string) => void;
}

/** Told once; afterwards only its hash is known. */
export interface MqttCredentials {
  readonly username: string;
  readonly password: string;
}

export interface Devices {
  /** @throws GreenhouseError `device-exists`, `plant-not-found` */
  register(input: { readonly id?: string | undefined; readonly plantId?: string | null | undefined }): Promise<{
    readonly device: Device;
    readonly mqtt: MqttCredentials;
  }>;
  /** @throws GreenhouseError `device-not-found` */
  get(id: string): Promise<Device>;
  list: DeviceStore["list"];
  /** `null` unassigns. @throws GreenhouseError `device-not-found`, `plant-not-found` */
  assign(id: string, plantId: string | null): Promise<Device>;
  /** A new password in place of the present one, whose sessions end. @throws GreenhouseError `device-not-found` */
  renewCredentials(id: string): Promise<MqttCredentials>;
  /** @throws GreenhouseError `device-not-found` */
  remove(id: string): Promise<void>;
}

export function createDevices(options: DevicesOptions): Devices {
  const { clock, newId, store, register, journal, alerting, onRegistered, onLockedOut } = options;

  function plantIdOf(id: string | null): PlantId | null {
    if (id === null) return null;
    const plant = register.plants.get(id);
    if (plant === undefined) throw plantNotFound(id);
    return plant.id;
  }

  async function get(id: string): Promise<Device> {
    const device = await store.find(id);
    if (device === null) throw deviceNotFound(id);
    return device;
  }

  /** One of its devices is there no more. */
  function left(plant: LivePlant | null): void {
    if (plant !== null) alerting.devicesChanged(plant, register.devices.values(), Math.floor(clock.now()));
  }

  return {
    get,
    list: store.list,
    async register({ id = newId(), plantId = null }) {
      const password = newPassword();
      const device: Device = {
        id,
        plantId: plantIdOf(plantId),
        passwordHash: await hashPassword(password),
        createdAt: Math.floor(clock.now()),
        lastSeenAt: null,
      };
      if (!(await store.insert(device))) {
        throw new GreenhouseError(
          "device-exists",
          `There is a device ${id} already. Choose another id, or remove it first with DELETE /api/devices/${id}.`,
        );
      }
      register.addDevice(device);
      onRegistered();
      return { device, mqtt: { username: usernameOf(id), password } };
    },
    async assign(id, plantId) {
      const device = await get(id);
      const assigned = plantIdOf(plantId);
      await store.assign(id, assigned);
      const served = register.devices.get(id)?.plant ?? null;
      register.assign(id, assigned);
      left(served);
      return { ...device, plantId: assigned };
    },
    async renewCredentials(id) {
      const password = newPassword();
      const passwordHash = await hashPassword(password);
      if (!register.devices.has(id)) throw deviceNotFound(id);
      await store.setPasswordHash(id, passwordHash);
      register.renewPassword(id, passwordHash);
      onLockedOut(id);
      return { username: usernameOf(id), password };
    },
    async remove(id) {
      const device = register.devices.get(id);
      if (device === undefined) throw deviceNotFound(id);
      if (journal.failing) throw storageUnavailable();
      // First nothing new arrives from it, then what is on its way arrives, then it goes.
      register.removeDevice(id);
      alerting.forgetDevice(id, Math.floor(clock.now()));
      left(device.plant);
      onLockedOut(id);
      await journal.flush();
      await store.remove(id);
    },
  };
}
