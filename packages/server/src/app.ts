/**
 * The whole server as an object: what `tocsin serve` runs and what tests run. Nothing here acts before `start()`.
 *
 * It starts from the inside out and ends in reverse (A5): alert worker, offline checker, MQTT, then HTTP, bot, notifier, journal,
 * housekeeping, database.
 */
import { createNotifier, type Notifier, type NotifierOptions } from "@tocsin/core";
import type { Bot } from "@tocsin/core/bot";
import { type Clock, createSystemClock, readNotifierEnvironment } from "@tocsin/core/stages";
import type { Logger } from "pino";
import { createMonitoring, type Monitoring } from "./checks/monitoring.ts";
import type { Config } from "./config/config.ts";
import { type Environment, readEnvironment } from "./config/environment.ts";
import { readConfigFile } from "./config/file.ts";
import { createGreenhouse, type Greenhouse } from "./greenhouse/greenhouse.ts";
import { alertRoutes } from "./http/alerts.ts";
import { channelRoutes } from "./http/channels.ts";
import { checkRoutes } from "./http/checks.ts";
import { componentRoutes } from "./http/components.ts";
import { deadLetterRoutes } from "./http/dead-letters.ts";
import { deviceRoutes } from "./http/devices.ts";
import { discordRoute } from "./http/discord.ts";
import { type Health, healthRoute } from "./http/health.ts";
import { historyRoutes } from "./http/history.ts";
import { notificationRoutes } from "./http/notifications.ts";
import { pingRoutes } from "./http/pings.ts";
import { plantRoutes } from "./http/plants.ts";
import { preferenceRoutes } from "./http/preferences.ts";
import { explainRoutes } from "./http/routes.ts";
import { createHttp, type Http } from "./http/server.ts";
import { silenceRoutes } from "./http/silences.ts";
import { reportRoutes } from "./ingest/http/reports.ts";
import { type Mqtt, startMqtt } from "./ingest/mqtt/mqtt.ts";
import { createLifeCycle, type LifeCycle } from "./life-cycle.ts";
import { createAccepter } from "./notify/acceptance.ts";
import { createAlertDesk } from "./notify/alert-desk.ts";
import { startBot } from "./notify/bot.ts";
import { createLastErrors, type LastErrors } from "./notify/last-errors.ts";
import { createSilences } from "./notify/silences.ts";
import { checkHealth } from "./observe/health.ts";
import { createIntakeCounters, type IntakeCounters } from "./observe/intake-counters.ts";
import { createLogger } from "./observe/logger.ts";
import { type ReloadParts, reload } from "./reload.ts";
import { createHousekeeping } from "./storage/housekeeping.ts";
import { openStorage, type Storage } from "./storage/storage.ts";
import { readVersion } from "./version.ts";

export interface AppOptions {
  /** @defaultValue process.env */
  readonly env?: Environment;
  /** @defaultValue JSON lines on standard output, from `LOG_LEVEL` up */
  readonly logger?: Logger;
  /** @defaultValue the system's */
  readonly clock?: Clock;
  /** What no environment variable can say to the notifier: channels of one's own, limits. */
  readonly notifier?: Omit<NotifierOptions, "env" | "clock" | "logger" | "store" | "onEvent">;
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
  /** Reads the configuration file again; see reload.ts. Waits for the start. Resolves to whether it is in force now. */
  reload(): Promise<boolean>;
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
  readonly env: Environment;
  readonly notifierOptions: NonNullable<AppOptions["notifier"]>;
}

const STOP_TIMEOUT_MS = 10_000;

/** @throws ConfigError when the environment is wrong */
export function createApp({ env = process.env, clock = createSystemClock(), ...given }: AppOptions = {}): App {
  const config = readEnvironment(env);
  const logger = given.logger ?? createLogger(config.logLevel);
  const lifeCycle = createLifeCycle({ clock, logger });
  const counters = createIntakeCounters({ clock, logger });
  const notifierOptions = { ...readConfigFile(config.configFile, env), ...given.notifier };
  let http: Http | null = null;
  const running = Promise.withResolvers<Pick<ReloadParts, "notifier">>();
  let reloaded: Promise<unknown> = running.promise;

  return {
    config,
    get http() {
      return http;
    },
    async start() {
      if (config.keys.kind === "none" && config.keys.isMistake) logger.error(config.keys.problem);
      try {
        const started = await startParts({ config, clock, logger, lifeCycle, counters, env, notifierOptions });
        http = started.http;
        running.resolve(started);
        logger.info(started.addresses, "Tocsin has started");
        return started.addresses;
      } catch (error) {
        await lifeCycle.stop({ timeoutMs: STOP_TIMEOUT_MS });
        throw error;
      }
    },
    reload() {
      const { configFile: file } = config;
      const next = reloaded.then(async () =>
        reload({ ...(await running.promise), file, env, logger, given: given.notifier ?? {} }),
      );
      reloaded = next;
      return next;
    },
    stop: ({ timeoutMs = STOP_TIMEOUT_MS } = {}) => lifeCycle.stop({ timeoutMs }),
  };
}

interface Started {
  readonly http: Http;
  readonly addresses: Addresses;
  readonly notifier: Notifier;
}

async function startParts(parts: Parts): Promise<Started> {
  const { config, clock, logger, lifeCycle, counters } = parts;
  const storage = await openDatabase(parts);
  const mqtt: { current: Mqtt | null } = { current: null };
  const greenhouse = await createGreenhouse({
    config,
    clock,
    storage,
    logger,
    notifier: {
      prepare: (input) => notifier.prepare(input),
      explain: (input) => notifier.explain(input),
      notify: (input) => notifier.notify(input),
      setDestination: (...given) => notifier.setDestination(...given),
      removeDestination: (...given) => notifier.removeDestination(...given),
      changeQuietHours: (change) => notifier.changeQuietHours(change),
    },
    allowedHosts: parts.notifierOptions.allowedHosts ?? readNotifierEnvironment(parts.env).settings.allowedHosts,
    reachableSince: () => mqtt.current?.reachableSince() ?? null,
    onDeviceRegistered: () => mqtt.current?.welcome(),
    onDeviceLockedOut: (id) => mqtt.current?.disconnect(id),
  });
  const { journal, register, intake, offlineChecker, alertWorker } = greenhouse;
  lifeCycle.onStop("journal", journal.close);
  const lastErrors = createLastErrors();
  const notifier = startNotifier(parts, { storage, greenhouse, lastErrors });
  const webhooksOpened = greenhouse.openWebhooks();
  lifeCycle.onStop("notifier", (left) => notifier.close(left));
  await webhooksOpened;
  await alertWorker.start();

  const mqttHealth = (): Health["services"]["mqtt"] =>
    mqtt.current?.health() ?? { status: "disconnected", broker: config.mqtt.kind, connected_clients: null };
  const plantNameOf = (destination: string) => greenhouse.register.plants.get(destination)?.name ?? null;
  const check = () => checkHealth({ clock, storage, journal, counters, notifier, mqtt: mqttHealth, plantNameOf });
  const { memory } = storage.notifications;
  const monitoring = createMonitoring({ notifier, memory, clock, logger, announces: config.announcesItself });
  const desk = createAlertDesk({ alerts: storage.alerts, orders: greenhouse.alertOrders, notifier });
  const bot = startBot({ ...parts, notifier, check, desks: [desk], trackers: monitoring.trackers });
  lifeCycle.onStop("bot", (left) => bot.close(left));
  lifeCycle.onStop("monitoring", monitoring.stop);
  const http = await startHttp({ ...parts, storage, greenhouse, notifier, lastErrors, monitoring, bot, check });
  mqtt.current = await startMqtt({ config: config.mqtt, clock, register, intake, journal, counters, logger });
  lifeCycle.onStop("MQTT", mqtt.current.close);
  offlineChecker.start();
  lifeCycle.onStop("offline checker", offlineChecker.stop);
  lifeCycle.onStop("alert worker", alertWorker.stop);
  monitoring.start({ http: http.address, mqtt: mqtt.current.port ?? "external broker", version: readVersion() });
  return { notifier, http: http.server, addresses: { http: http.address, mqttPort: mqtt.current.port } };
}

async function openDatabase({ config, clock, logger, lifeCycle }: Parts): Promise<Storage> {
  const storage = await openStorage({
    path: config.databasePath,
    clock,
    keepMs: config.historyKeepMs,
    archiveFolder: config.historyArchiveFolder,
    onProblem: (error) => logger.error({ err: error }, "Indexing or archiving notifications failed; trying again"),
  });
  lifeCycle.onStop("database", storage.close);
  const housekeeping = createHousekeeping({ clock, logger, storage, keepReadingsMs: config.readingsKeepMs });
  housekeeping.start();
  lifeCycle.onStop("housekeeping", housekeeping.stop);
  return storage;
}

interface SendingParts {
  readonly storage: Storage;
  readonly greenhouse: Greenhouse;
  readonly lastErrors: LastErrors;
}

/** It goes on at once from where an earlier process stopped. */
function startNotifier(
  { env, clock, logger, notifierOptions }: Parts,
  { storage, greenhouse, lastErrors }: SendingParts,
): Notifier {
  return createNotifier({
    ...notifierOptions,
    env,
    clock,
    logger,
    store: storage.notifications,
    onEvent: (event) => {
      greenhouse.alertWorker.onEvent(event);
      lastErrors.onEvent(event);
    },
  });
}

interface HttpParts extends Parts, SendingParts {
  readonly notifier: Notifier;
  readonly bot: Bot;
  readonly check: () => Promise<Health>;
  readonly monitoring: Monitoring;
}

async function startHttp(parts: HttpParts): Promise<{ readonly server: Http; readonly address: string }> {
  const { config, clock, logger, lifeCycle, counters, notifier, lastErrors, storage, greenhouse, bot, check } = parts;
  const { plants, devices, register, intake, journal } = greenhouse;
  const { history, deadLetters, sweep } = storage.notifications;
  const { checks, components } = parts.monitoring;
  const server = await createHttp({
    logger,
    clock,
    version: readVersion(),
    routes: (http) => {
      healthRoute(http, { check });
      plantRoutes(http, { plants, readings: storage.readings });
      preferenceRoutes(http, { clock, plants, webhooks: greenhouse.webhooks });
      deviceRoutes(http, { devices, clock, offlineAfterMs: config.offlineAfterMs });
      reportRoutes(http, { intake, journal, counters });
      alertRoutes(http, { alerts: storage.alerts, orders: greenhouse.alertOrders });
      notificationRoutes(http, { accepter: createAccepter({ clock, notifier, store: storage.acceptance }) });
      historyRoutes(http, { clock, history, sweep });
      deadLetterRoutes(http, { deadLetters, replay: (selection, options) => notifier.replay(selection, options) });
      discordRoute(http, bot);
      componentRoutes(http, { components });
      checkRoutes(http, { checks, clock });
      pingRoutes(http, { checks });
      channelRoutes(http, { clock, notifier, lastErrors });
      explainRoutes(http, { notifier, register });
      silenceRoutes(http, { clock, notifier, silences: createSilences({ clock, notifier, store: storage.silences }) });
    },
  });
  lifeCycle.onStop("HTTP", () => server.close());
  return { server, address: await server.listen({ host: config.host, port: config.port }) };
}
