/** The server's settings, as the rest of it sees them: complete, checked, in one unit. */

import type { KeyRing } from "../secrets/keys.ts";

export const LOG_LEVELS = ["debug", "info", "warn", "error", "silent"] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

export interface Config {
  /** Where HTTP listens. */
  readonly host: string;
  /** 0 for any free one. */
  readonly port: number;
  readonly mqtt: MqttConfig;
  /** Path of the YAML file with destinations and routes; `null` for none. */
  readonly configFile: string | null;
  /** Of the SQLite file, or `:memory:`. */
  readonly databasePath: string;
  /** How long notifications stay in history; `Infinity` for ever. */
  readonly historyKeepMs: number;
  /** Where notifications go that leave history: a folder, `null` for nowhere, `undefined` for the one beside the database. */
  readonly historyArchiveFolder: string | null | undefined;
  /** How long readings are kept; `Infinity` for ever. */
  readonly readingsKeepMs: number;
  readonly offlineAfterMs: number;
  readonly offlineCheckIntervalMs: number;
  readonly alertCooldownMs: number;
  /** Waits between reminders; `null` for none but the cooldown. */
  readonly alertRemindAfterMs: readonly number[] | null;
  /** Whether the server tells of its own start and end. */
  readonly announcesItself: boolean;
  /** Reports of one device, on average. */
  readonly deviceReportsPerSecond: number;
  /** Whether the end of an alert about a plant or device is told as well. */
  readonly tellsRecoveries: boolean;
  /** With which secrets are encrypted at rest. */
  readonly keys: KeyRing;
  readonly logLevel: LogLevel;
}

export type MqttConfig =
  | { readonly kind: "embedded"; readonly host: string; readonly port: number }
  | ExternalMqttConfig;

export interface ExternalMqttConfig {
  readonly kind: "external";
  readonly url: string;
  /** Of Tocsin itself: the user that the URL names, or `backend`. */
  readonly username: string;
  /** In place of the one in the URL; `null` for none. */
  readonly password: string | null;
  /** Paths of a Mosquitto's files that Tocsin looks after; `null` for none. */
  readonly passwordFile: string | null;
  readonly accessFile: string | null;
}
