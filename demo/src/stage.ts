/**
 * Sets the stage: the emulated Discord, the server, the devices and the web shop, in one process. What has started is ended again
 * in reverse, whether all of it has started or only some.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createNotifier, type Notifier } from "@tocsin/core";
import type { Clock } from "@tocsin/core/stages";
import { startEmulator } from "@tocsin/discord-emulator";
import { furnish } from "./discord/channels.ts";
import { type Exchange, watchExchanges } from "./discord/exchanges.ts";
import { type Api, createApi } from "./greenhouse/api.ts";
import { enlistFleet, type Fleet } from "./greenhouse/fleet.ts";
import { type Server, startServer } from "./greenhouse/server.ts";
import type { Tally } from "./greenhouse/tally.ts";
import { choosePort, USUAL_PORTS } from "./ports.ts";
import type { Addresses } from "./print/introduction.ts";
import type { Plan } from "./settings/plan.ts";

export interface StageOptions {
  readonly clock: Clock;
  readonly plan: Plan;
  readonly tally: Tally;
  readonly freePorts: boolean;
  readonly onExchange: (exchange: Exchange) => void;
  readonly onTrouble: (text: string) => void;
}

export interface Stage extends AsyncDisposable {
  readonly addresses: Addresses;
  readonly databaseFile: string;
  readonly api: Api;
  readonly server: Server;
  readonly fleet: Fleet;
  /** The web shop's. */
  readonly notifier: Notifier;
}

const LAST_RESORT_MS = 500;

/** @throws Error when a part cannot start; what had started by then has been ended again */
export async function setStage(options: StageOptions): Promise<Stage> {
  const { clock, plan, tally, freePorts, onExchange, onTrouble } = options;
  await using parts = new AsyncDisposableStack();
  const ports = await choosePorts(freePorts);

  const folder = await mkdtemp(join(tmpdir(), "tocsin-demo-"));
  parts.defer(() => rm(folder, { recursive: true, force: true }));
  const emulator = await startEmulator({ port: ports.emulator.port, guildName: "Tocsin demo" });
  parts.defer(() => emulator.close());
  parts.defer(watchExchanges(emulator, onExchange));
  const discord = furnish(emulator);

  const databaseFile = join(folder, "tocsin.db");
  const [httpPort, mqttPort] = [ports.http.port, ports.mqtt.port];
  const server = await startServer({ plan, httpPort, mqttPort, databaseFile, discord: discord.server, onTrouble });
  parts.defer(() => server.stop({ timeoutMs: LAST_RESORT_MS }));
  const logger = { debug: () => undefined, info: () => undefined, warn: onTrouble, error: onTrouble };
  const notifier = createNotifier({ env: discord.shop, service: "Web shop", logger });
  parts.defer(() => void notifier.close({ timeoutMs: 0 }));
  const api = createApi(server.httpUrl);
  const fleet = await enlistFleet({ api, brokerUrl: server.mqttUrl, clock, plan, tally });
  parts.defer(() => fleet.stop());

  const taken = (["emulator", "http", "mqtt"] as const).filter((name) => ports[name].taken);
  const addresses = {
    emulator: emulator.url,
    http: server.httpUrl,
    mqtt: server.mqttUrl,
    taken: taken.map((name) => USUAL_PORTS[name]),
  };
  const owned = parts.move();
  return {
    addresses,
    databaseFile,
    api,
    server,
    fleet,
    notifier,
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

async function choosePorts(anyFree: boolean) {
  const [emulator, http, mqtt] = await Promise.all(
    [USUAL_PORTS.emulator, USUAL_PORTS.http, USUAL_PORTS.mqtt].map((usual) => choosePort(usual, { anyFree })),
  );
  return { emulator: emulator!, http: http!, mqtt: mqtt! };
}
