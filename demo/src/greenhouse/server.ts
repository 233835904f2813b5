/** The Tocsin server in this process, with its own broker and a database in a folder that goes with it. */
import { pino } from "pino";
import { type Addresses, createApp } from "tocsin/app";
import type { Plan } from "../settings/plan.ts";

export interface ServerOptions {
  readonly plan: Plan;
  readonly httpPort: number;
  readonly mqttPort: number;
  readonly databaseFile: string;
  /** Where alerts go: `DISCORD_…` variables. */
  readonly discord: Readonly<Record<string, string>>;
  /** Told what the server's log says from warnings up. */
  readonly onTrouble: (text: string) => void;
}

export interface Server {
  readonly httpUrl: string;
  readonly mqttUrl: string;
  stop(options: { readonly timeoutMs: number }): Promise<void>;
}

/** @throws Error when a port cannot be had */
export async function startServer(options: ServerOptions): Promise<Server> {
  const { plan, httpPort, mqttPort, databaseFile, discord, onTrouble } = options;
  const app = createApp({
    // Nothing of the caller's environment: no real webhook must ever be used here.
    env: {
      PORT: String(httpPort),
      MQTT_PORT: String(mqttPort),
      DATABASE_URL: `sqlite:${databaseFile}`,
      DEVICE_OFFLINE_AFTER_SECONDS: inSeconds(plan.offlineAfterMs),
      OFFLINE_CHECK_INTERVAL_SECONDS: inSeconds(plan.offlineCheckMs),
      ALERT_COOLDOWN_SECONDS: inSeconds(plan.cooldownMs),
      ...discord,
    },
    logger: pino({ level: "warn" }, { write: (line) => onTrouble(messageOf(line)) }),
  });
  const addresses: Addresses = await app.start();
  return {
    httpUrl: addresses.http,
    mqttUrl: `mqtt://127.0.0.1:${addresses.mqttPort}`,
    stop: app.stop,
  };
}

function inSeconds(ms: number): string {
  return (ms / 1_000).toFixed(3);
}

function messageOf(line: string): string {
  const { msg, err } = JSON.parse(line) as { msg?: string; err?: { message?: string } };
  return [msg, err?.message].filter(Boolean).join(": ");
}
