/**
 * The whole server as an object: what `tocsin serve` runs and what tests run. Nothing here acts before `start()`.
 *
 * It starts from the inside out and ends in reverse (A5): alert worker, offline checker, MQTT, then HTTP, notifier, journal,
 * database.
 */
import { createNotifier } from "@tocsin/core";
import { type Clock, createSystemClock } from "@tocsin/core/stages";
import type { Logger } from "pino";
import type { Config } from "./config/config.ts";
import { type Environment, readEnvironment } from "./config/environment.ts";
import type { AlertSink } from "./greenhouse/alert-sink.ts";
import { createGreenhouse, type Greenhouse } from "./greenhouse/greenhouse.ts";
import { alertRoutes } from "./http/alerts.ts";
import { deviceRoutes } from "./http/devices.ts";
import { type Health, healthRoute } from "./http/health.ts";
import { notificationRoutes } from "./http/notifications.ts";
import { plantRoutes } from "./http/plants.ts";
import { createHttp, type Http } from "./http/server.ts";
import { reportRoutes } from "./ingest/http/reports.ts";
import { type Mqtt, startMqtt } from "./ingest/mqtt/mqtt.ts";
import { createLifeCycle, type LifeCycle } from "./life-cycle.ts";
import { checkHealth } from "./observe/health.ts";
import { createIntakeCounters, type IntakeCounters } from "./observe/intake-counters.ts";
import { createLogger } from "./observe/logger.ts";
import { openStorage, type Storage } from "./storage/storage.ts";
import { readVersion } from "./version.ts";

export interface AppOptions {
  /** @defaultValue process.env */
  readonly env?: Environment;
  /** @defaultValue JSON lines on standard output, from `LOG_LEVEL` up */
  readonly logger?: Logger;
  /** @defaultValue the system's */
  readonly clock?: Clock;
  /** Who sends the alerts. @defaultValue a notifier of `@tocsin/core` with the same environment */
  readonly sink?: AlertSink;
}

export interface Addresses {
  /** E.g. `http://127.0.0.1:8000` */
  readonly http: string;
  /** Port of the embedded broker; `null` with an external one. */
  readonly mqttPort: number | null;
}

export interface App {
  readonly config: Config;
  /** @throws Error when a part cannot start; what had started by then has been ended again */
  start(): Promise<Addresses>;
  /** @param options.timeoutMs for the whole. @defaultValue 10_000 */
  stop(options?: { readonly timeoutMs?: number }): Promise<void>;
  /** The HTTP interface without a socket, for tests; `null` before `start()`. */
  readonly http: Http | null;
}

interface Parts {
  readonly config: Config;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly lifeCycle: LifeCycle;
  readonly counters: IntakeCounters;
  readonly openSink: () => AlertSink;
}

const STOP_TIMEOUT_MS = 10_000;

/** @throws ConfigError when the environment is wrong */
export function createApp({ env = process.env, clock = createSystemClock(), ...given }: AppOptions = {}): App {
  const config = readEnvironment(env);
  const logger = given.logger ?? createLogger(config.logLevel);
  const lifeCycle = createLifeCycle({ clock, logger });
  const counters = createIntakeCounters({ clock, logger });
  const openSink = (): AlertSink => given.sink ?? createNotifier({ env, clock, logger });
  let http: Http | null = null;

  return {
    config,
    get http() {
      return http;
    },
    async start() {
      try {
        const started = await startParts({ config, clock, logger, lifeCycle, counters, openSink });
        http = started.http;
        logger.info(started.addresses, "Tocsin has started");
        return started.addresses;
      } catch (error) {
        await lifeCycle.stop({ timeoutMs: STOP_TIMEOUT_MS });
        throw error;
      }
    },
    stop: ({ timeoutMs = STOP_TIMEOUT_MS } = {}) => lifeCycle.stop({ timeoutMs }),
  };
}

async function startParts(parts: Parts): Promise<{ readonly http: Http; readonly addresses: Addresses }> {
  const { config, clock, logger, lifeCycle, counters } = parts;
  const storage = await openStorage(config.databasePath);
  lifeCycle.onStop("database", storage.close);
  const sink = parts.openSink();
  const mqtt: { current: Mqtt | null } = { current: null };
  const greenhouse = await createGreenhouse({
    config,
    clock,
    storage,
    sink,
    logger,
    reachableSince: () => mqtt.current?.reachableSince() ?? null,
    onDeviceRemoved: (id) => mqtt.current?.disconnect(id),
  });
  const { journal, register, intake, offlineChecker, alertWorker } = greenhouse;
  lifeCycle.onStop("journal", journal.close);
  lifeCycle.onStop("notifier", (left) => sink.close(left));

  const mqttHealth = (): Health["services"]["mqtt"] =>
    mqtt.current?.health() ?? { status: "disconnected", broker: config.mqtt.kind, connected_clients: null };
  const http = await startHttp({ ...parts, storage, greenhouse, sink, mqttHealth });
  mqtt.current = await startMqtt({ config: config.mqtt, clock, register, intake, journal, counters, logger });
  lifeCycle.onStop("MQTT", mqtt.current.close);
  offlineChecker.start();
  lifeCycle.onStop("offline checker", offlineChecker.stop);
  alertWorker.wake();
  lifeCycle.onStop("alert worker", alertWorker.stop);
  return { http: http.server, addresses: { http: http.address, mqttPort: mqtt.current.port } };
}

interface HttpParts extends Parts {
  readonly storage: Storage;
  readonly greenhouse: Greenhouse;
  readonly sink: AlertSink;
  readonly mqttHealth: () => Health["services"]["mqtt"];
}

async function startHttp(parts: HttpParts): Promise<{ readonly server: Http; readonly address: string }> {
  const { config, clock, logger, lifeCycle, counters, sink, storage, greenhouse } = parts;
  const { plants, devices, intake, journal } = greenhouse;
  const check = () => checkHealth({ clock, storage, journal, counters, sink, mqtt: parts.mqttHealth });
  const server = await createHttp({
    logger,
    version: readVersion(),
    routes: (http) => {
      healthRoute(http, { check });
      plantRoutes(http, { plants, readings: storage.readings });
      deviceRoutes(http, { devices, clock, offlineAfterMs: config.offlineAfterMs });
      reportRoutes(http, { intake, journal, counters });
      alertRoutes(http, { alerts: storage.alerts });
      notificationRoutes(http, { sink });
    },
  });
  lifeCycle.onStop("HTTP", () => server.close());
  return { server, address: await server.listen({ host: config.host, port: config.port }) };
}
