/** MQTT, by the embedded broker or an external one: the rest of the server need not know which. */
import type { Clock } from "@tocsin/core/stages";
import type { Logger } from "pino";
import type { ExternalMqttConfig, MqttConfig } from "../../config/config.ts";
import type { Intake } from "../../greenhouse/intake.ts";
import type { Journal } from "../../greenhouse/journal.ts";
import type { Register } from "../../greenhouse/register.ts";
import type { IntakeCounters } from "../../observe/intake-counters.ts";
import { startEmbeddedBroker } from "./embedded-broker.ts";
import { connectExternalBroker } from "./external-broker.ts";
import { createMosquittoKeeper, type MosquittoKeeper } from "./mosquitto-keeper.ts";

export interface MqttOptions {
  readonly config: MqttConfig;
  readonly clock: Clock;
  readonly register: Register;
  readonly intake: Intake;
  readonly journal: Journal;
  readonly counters: IntakeCounters;
  readonly logger: Logger;
}

export interface Mqtt {
  /** Of the embedded broker. */
  readonly port: number | null;
  /** Since when devices can reach us; `null` while they cannot. */
  reachableSince(): number | null;
  /** A device has been registered. */
  welcome(): void;
  /** Ends the connections of a device that has been removed, or has another password. */
  disconnect(deviceId: string): void;
  health(): { status: "healthy" | "disconnected"; broker: "embedded" | "external"; connected_clients: number | null };
  close(): Promise<void>;
}

export async function startMqtt({ config, ...options }: MqttOptions): Promise<Mqtt> {
  if (config.kind === "external") {
    const { url, username, password } = config;
    const keeper = keeperOf(config, options);
    await keeper?.sync();
    const broker = connectExternalBroker({ ...options, url, login: password === null ? null : { username, password } });
    return {
      port: null,
      reachableSince: () => broker.connectedSince,
      welcome: () => void keeper?.sync(),
      disconnect: () => void keeper?.sync(),
      health: () => ({
        status: broker.connectedSince === null ? "disconnected" : "healthy",
        broker: "external",
        connected_clients: null,
      }),
      async close() {
        await keeper?.sync();
        await broker.close();
      },
    };
  }
  const broker = await startEmbeddedBroker({ ...options, host: config.host, port: config.port });
  const startedAt = options.clock.now();
  return {
    port: broker.port,
    reachableSince: () => startedAt,
    welcome: () => undefined,
    disconnect: broker.disconnect,
    health: () => ({ status: "healthy", broker: "embedded", connected_clients: broker.connectedClients }),
    close: broker.close,
  };
}

/** `null` where somebody else looks after the broker's files. */
function keeperOf(
  { username, password, passwordFile, accessFile }: ExternalMqttConfig,
  { register, logger }: Pick<MqttOptions, "register" | "logger">,
): MosquittoKeeper | null {
  if (passwordFile === null && accessFile === null) return null;
  const backend = { username, password };
  return createMosquittoKeeper({ passwordFile, accessFile, backend, devices: () => register.devices.values(), logger });
}
