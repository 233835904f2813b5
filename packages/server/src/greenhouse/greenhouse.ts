/** The server's own domain, put together: everything between ingest and the notifier. */
import type { Notifier } from "@tocsin/core";
import { type Clock, createIdSource } from "@tocsin/core/stages";
import type { Logger } from "pino";
import type { Config } from "../config/config.ts";
import { createVault } from "../secrets/vault.ts";
import type { Storage } from "../storage/storage.ts";
import type { AlertRecord, AlertRecordId } from "./alert.ts";
import { createAlertBook } from "./alert-book.ts";
import { type AlertId, type AlertLife, present } from "./alert-life.ts";
import { type AlertOrders, createAlertOrders } from "./alert-orders.ts";
import { createAlertTelling } from "./alert-telling.ts";
import { composeAlert } from "./alert-text.ts";
import { type AlertWorker, createAlertWorker } from "./alert-worker.ts";
import { createAlerting } from "./alerting.ts";
import { createDevices, type Devices } from "./devices.ts";
import { createIntake, type Intake } from "./intake.ts";
import { createJournal, type Journal } from "./journal.ts";
import { createOfflineChecker, type OfflineChecker } from "./offline-checker.ts";
import type { PlantId } from "./plant.ts";
import { createPlantWebhooks, type PlantWebhooks, type PlantWebhooksOptions } from "./plant-webhooks.ts";
import { createPlants, type Plants } from "./plants.ts";
import { createRegister, type Register } from "./register.ts";

export interface GreenhouseOptions {
  readonly config: Config;
  readonly clock: Clock;
  readonly storage: Storage;
  /** Not called before a device reports, or somebody calls `openWebhooks()`. */
  readonly notifier: Pick<Notifier, "prepare" | "explain" | "changeQuietHours"> & PlantWebhooksOptions["notifier"];
  /** Hosts beside Discord's own to which webhooks may lead. */
  readonly allowedHosts: readonly string[];
  readonly logger: Logger;
  /** Since when devices can reach us; `null` while they cannot. */
  readonly reachableSince: () => number | null;
  readonly onDeviceRegistered: () => void;
  readonly onDeviceLockedOut: (id: string) => void;
}

export interface Greenhouse {
  readonly register: Register;
  readonly journal: Journal;
  readonly intake: Intake;
  readonly plants: Plants;
  readonly devices: Devices;
  readonly offlineChecker: OfflineChecker;
  readonly alertWorker: AlertWorker;
  readonly alertOrders: AlertOrders;
  readonly webhooks: PlantWebhooks;
  /** Has the plants' own webhooks in use, as far as they can be; right after the notifier has been made. */
  openWebhooks(): Promise<void>;
}

/** Seconds' worth of reports that a device may send at once after a rest. */
const BURST_SECONDS = 2;

export async function createGreenhouse(options: GreenhouseOptions): Promise<Greenhouse> {
  const { config, clock, storage, notifier, logger } = options;
  const [plants, devices, series, { states, unreadable }, open] = await Promise.all([
    storage.plants.all(),
    storage.devices.all(),
    storage.readings.series(),
    storage.alerts.states(),
    storage.alerts.open(),
  ]);
  if (unreadable > 0) logger.warn({ unreadable }, "Alert states of an earlier version cannot be read; they begin anew");
  const register = createRegister({ plants, devices, series });
  const journal = createJournal({
    clock,
    logger,
    write: storage.writeBatch,
    onAlertsCommitted: (alerts) => alertWorker.committed(alerts),
  });
  const { alertCooldownMs: cooldownMs, alertRemindAfterMs: remindAfterMs, offlineAfterMs } = config;
  const { alerts: store, notifications } = storage;
  const sending = { notifier, store, history: notifications.history, tellsEnds: config.tellsRecoveries };
  const alertWorker = createAlertWorker({ clock, logger, journal, ...sending });
  const newRecordId = createIdSource<AlertRecordId>("ale", clock);
  const onEnd = (life: AlertLife): void => {
    const told = alertWorker.prepareEnd(endRecordOf(life, newRecordId()), life, quietHoursOf(life, register));
    if (told !== null) journal.alert(told);
  };
  const newId = createIdSource<AlertId>("alr", clock);
  const book = createAlertBook({ journal, states, open, newId, onEnd });
  const telling = createAlertTelling({
    journal,
    book,
    remindAfterMs,
    newId: newRecordId,
    prepare: alertWorker.prepare,
    withheldBy: (record, manner) => notifier.explain(composeAlert(record, manner)).withheld?.by ?? null,
  });
  const alerting = createAlerting({ book, telling, cooldownMs, remindAfterMs, offlineAfterMs });
  const shared = { clock, register, journal, alerting };
  const webhooks = createPlantWebhooks({ ...options, vault: createVault(config.keys), store: storage.plants });
  const plantParts = { ...shared, webhooks, store: storage.plants, newId: createIdSource<PlantId>("plt", clock) };
  return {
    register,
    journal,
    alertWorker,
    webhooks,
    openWebhooks: () => webhooks.begin(plants),
    alertOrders: createAlertOrders({ clock, book, journal, store: storage.alerts }),
    intake: createIntake({ ...shared, rateLimit: rateLimitOf(config) }),
    plants: createPlants({
      ...plantParts,
      quietHoursChanged: ({ id, preferences }) =>
        notifier.changeQuietHours({ matchers: alertsOf(id), quietHours: preferences.quietHours }),
    }),
    devices: createDevices({
      ...shared,
      store: storage.devices,
      newId: createIdSource<string>("dev", clock),
      onRegistered: options.onDeviceRegistered,
      onLockedOut: options.onDeviceLockedOut,
    }),
    offlineChecker: createOfflineChecker({
      clock,
      register,
      alerting,
      intervalMs: config.offlineCheckIntervalMs,
      reachableSince: options.reachableSince,
    }),
  };
}

/** As silences name them. */
function alertsOf(id: PlantId): string {
  return `plant_id=${id}, alert!=""`;
}

function quietHoursOf({ plantId }: AlertLife, { plants }: Register): readonly string[] {
  return plants.get(plantId ?? "")?.rules.preferences.quietHours ?? [];
}

function rateLimitOf({ deviceReportsPerSecond: perSecond }: Config) {
  return { perSecond, burst: perSecond * BURST_SECONDS };
}

function endRecordOf(
  { id: alertId, finding, plantId, plantName, deviceId, ...life }: AlertLife,
  id: AlertRecordId,
): AlertRecord {
  const { at } = present(life);
  const about = { id, alertId, finding, plantId, plantName, deviceId };
  const untold = { delivery: "queued", notificationId: null, error: null, settledAt: null } as const;
  return { ...about, ...untold, reason: "resolved", createdAt: at, count: 1, lastAt: at };
}
