/**
 * The broker that comes with the server, for devices with credentials of their own (A8): Aedes on a TCP port, with the rules
 * of `permission.ts` and the limits of `connections.ts`.
 */
import type { EventEmitter } from "node:events";
import { createServer, type Server } from "node:net";
import type { Clock } from "@tocsin/core/stages";
import { Aedes } from "aedes";
import type { Logger } from "pino";
import type { Intake } from "../../greenhouse/intake.ts";
import type { Journal } from "../../greenhouse/journal.ts";
import type { Register } from "../../greenhouse/register.ts";
import type { IntakeCounters } from "../../observe/intake-counters.ts";
import { createConnections } from "./connections.ts";
import {
  createAuthenticate,
  createAuthorizePublish,
  createAuthorizeSubscribe,
  createPreConnect,
} from "./permission.ts";

export interface EmbeddedBrokerOptions {
  readonly host: string;
  /** 0 for any free one. */
  readonly port: number;
  readonly clock: Clock;
  readonly register: Register;
  readonly intake: Intake;
  readonly journal: Journal;
  readonly counters: IntakeCounters;
  readonly logger: Logger;
}

export interface EmbeddedBroker {
  readonly port: number;
  readonly connectedClients: number;
  /** Ends the connections of a device that has been removed, or has another password. */
  disconnect(deviceId: string): void;
  close(): Promise<void>;
}

const LOGIN_WITHIN_MS = 10_000;
/** QoS 2 publishes of one client that may wait for their release. */
const MAX_UNRELEASED = 100;

/** @throws Error `EADDRINUSE` and the like; nothing is left open then */
export async function startEmbeddedBroker(options: EmbeddedBrokerOptions): Promise<EmbeddedBroker> {
  const { host, port, counters, logger } = options;
  const connections = createConnections({ counters });
  const rules = { ...options, connections };
  const broker = await Aedes.createBroker({
    connectTimeout: LOGIN_WITHIN_MS,
    maxInflightInbound: MAX_UNRELEASED,
    // The user's name is put before each id; the protocol's 23 characters are the device's business.
    maxClientsIdLength: Number.MAX_SAFE_INTEGER,
    preConnect: createPreConnect(),
    authenticate: createAuthenticate(rules),
    authorizePublish: createAuthorizePublish(rules),
    authorizeSubscribe: createAuthorizeSubscribe(rules),
  });
  for (const event of ["clientError", "connectionError"] as const) {
    broker.on(event, (client, error) => {
      logger.debug({ err: error, deviceId: connections.ownerOf(client)?.id }, "An MQTT connection ended with an error");
    });
  }
  // Without a listener, either of them would end the process.
  const events: EventEmitter = broker;
  events.on("error", (error: unknown) => logger.error({ err: error }, "The MQTT broker reports an error"));
  const server = createServer((socket) => connections.accept(socket, broker));
  try {
    await listen(server, host, port);
  } catch (error) {
    await closeBroker(broker);
    throw error;
  }

  server.on("error", (error) => logger.error({ err: error }, "The MQTT port reports an error"));

  return {
    get port() {
      const address = server.address();
      return typeof address === "object" && address !== null ? address.port : port;
    },
    get connectedClients() {
      return broker.connectedClients;
    },
    disconnect: connections.disconnect,
    async close() {
      const closed = new Promise((resolve) => server.close(resolve));
      await closeBroker(broker);
      connections.destroyAll();
      await closed;
    },
  };
}

function listen(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen({ host, port }, () => {
      server.off("error", reject);
      resolve();
    });
  });
}

function closeBroker(broker: Aedes): Promise<void> {
  return new Promise((resolve) => broker.close(() => resolve()));
}
