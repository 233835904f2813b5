/**
 * The whole server as an object: what `tocsin serve` runs and what tests run. Nothing here acts before `start()`.
 *
 * It starts from the inside out and ends in reverse (A5): alert worker, offline checker, MQTT, then HTTP, journal, database.
 */
import { type Clock, createSystemClock } from "@tocsin/core/stages";
import type { Logger } from "pino";
import type { Config } from "./config/config.ts";
import type { AlertSink } from "./greenhouse/alert-sink.ts";
import { createGreenhouse, type Greenhouse } from "./greenhouse/greenhouse.ts";
import { alertRoutes } from "./http/alerts.ts";
import { deviceRoutes } from "./http/devices.ts";
import { type Health, healthRoute } from "./http/health.ts";
import { notificationRoutes } from "./http/notifications.ts";
import { plantRoutes } from "./http/plants.ts";
import { createHttp, type Http } from "./http/server.ts";
import { reportRoutes } from "./ingest/http/reports.ts";
import { startMqtt } from "./ingest/mqtt/mqtt.ts";
import { createLifeCycle, type LifeCycle } from "./life-cycle.ts";
import { checkHealth } from "./observe/health.ts";
import { createIntakeCounters, type IntakeCounters } from "./observe/intake-counters.ts";
import { openStorage, type Storage } from "./storage/storage.ts";

export interface AppOptions {
  readonly config: Config;
  readonly logger: Logger;
  readonly sink: AlertSink;
  /** @defaultValue the system's */
  readonly clock?: Clock;
  /** Shown in the API's description. @defaultValue "0.0.0" */
  readonly version?: string;
}

export interface Addresses {
  /** E.g. `http://127.0.0.1:8000` */
  readonly http: string;
  /** Port of the embedded broker; `null` with an external one. */
  readonly mqttPort: number | null;
}

export interface App {
  /** @throws Error when a part cannot start; what had started by then has been ended again */
  start(): Promise<Addresses>;
  /** @param options.timeoutMs for the whole. @defaultValue 10_000 */
  stop(options?: { readonly timeoutMs?: number }): Promise<void>;
  /** The HTTP interface without a socket, for tests; `null` before `start()`. */
  readonly http: Http | null;
}

interface Parts extends Required<AppOptions> {
  readonly lifeCycle: LifeCycle;
  readonly counters: IntakeCounters;
}

/** Of the time for stopping, the share that alerts which are under way may take. */
const ALERTS_SHARE = 0.6;
const STOP_TIMEOUT_MS = 10_000;

export function createApp(options: AppOptions): App {
  const { clock = createSystemClock(), version = "0.0.0", logger } = options;
  const lifeCycle = createLifeCycle({ clock, logger });
  const counters = createIntakeCounters({ clock, logger });
  let http: Http | null = null;

  return {
    get http() {
      return http;
    },
    async start() {
      try {
        const started = await startParts({ ...options, clock, version, lifeCycle, counters });
        http = started.http;
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
  const { config, clock, logger, lifeCycle, counters, sink } = parts;
  const storage = await openStorage(config.databasePath);
  lifeCycle.onStop("database", storage.close);

  const mqtt: { current: Awaited<ReturnType<typeof startMqtt>> | null } = { current: null };
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

  const mqttHealth = (): Health["services"]["mqtt"] =>
    mqtt.current?.health() ?? { status: "disconnected", broker: config.mqtt.kind, connected_clients: null };
  const http = await startHttp({ ...parts, storage, greenhouse, mqttHealth });
  mqtt.current = await startMqtt({ config: config.mqtt, clock, register, intake, journal, counters, logger });
  lifeCycle.onStop("MQTT", mqtt.current.close);
  offlineChecker.start();
  lifeCycle.onStop("offline checker", offlineChecker.stop);
  alertWorker.wake();
  lifeCycle.onStop("alert worker", ({ timeoutMs }) => alertWorker.stop({ timeoutMs: timeoutMs * ALERTS_SHARE }));
  return { http: http.server, addresses: { http: http.address, mqttPort: mqtt.current.port } };
}

interface HttpParts extends Parts {
  readonly storage: Storage;
  readonly greenhouse: Greenhouse;
  readonly mqttHealth: () => Health["services"]["mqtt"];
}

async function startHttp(parts: HttpParts): Promise<{ readonly server: Http; readonly address: string }> {
  const { config, clock, logger, version, lifeCycle, counters, sink, storage, greenhouse } = parts;
  const { plants, devices, intake, journal } = greenhouse;
  const check = () => checkHealth({ clock, storage, greenhouse, counters, mqtt: parts.mqttHealth });
  const server = await createHttp({
    logger,
    version,
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
