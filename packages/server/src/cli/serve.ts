/** `tocsin serve`: runs the server until it is told to end. */
import { StoreError } from "@tocsin/core/sqlite";
import { ConfigError } from "@tocsin/core/stages";
import { type App, createApp } from "../app.ts";
import type { Environment } from "../config/environment.ts";
import { configurationProblems } from "./config.ts";
import { EXIT, type ExitCode } from "./exit-code.ts";
import type { Io } from "./io.ts";
import { UsageError } from "./usage-error.ts";

/** @throws ConfigError, UsageError, or what kept the server from starting */
export async function serve({ env, err, onTermination, onReload }: Io): Promise<ExitCode> {
  const app = await configured(env);
  const told = Promise.withResolvers<void>();
  onTermination(told.resolve);
  onReload(() => void app.reload());
  const addresses = await app.start().catch((error: unknown) => {
    throw explained(error);
  });
  const mqtt = addresses.mqttPort === null ? "an external MQTT broker" : `MQTT on port ${addresses.mqttPort}`;
  err(`tocsin: listening on ${addresses.http}, ${mqtt}. Ctrl-C ends it.\n`);
  await told.promise;
  err("tocsin: ending; this takes 10 s at most. A second Ctrl-C ends it at once.\n");
  await app.stop();
  return EXIT.delivered;
}

/** @throws ConfigError with all that is wrong, not only with what was found first */
async function configured(env: Environment): Promise<App> {
  try {
    return createApp({ env });
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    throw new ConfigError("CONFIG_ENVIRONMENT", await configurationProblems(env));
  }
}

/** The usual reasons why a server does not start, with what to do. */
function explained(error: unknown): unknown {
  // What SQLite says of a damaged file has lines of its own.
  if (error instanceof StoreError) {
    return new UsageError(`The database cannot be used. ${error.message.replaceAll(/\s+/g, " ")}`);
  }
  if (!(error instanceof Error) || !("code" in error)) return error;
  const { address = "", port = "" } = error as { readonly address?: string; readonly port?: number };
  switch (error.code) {
    case "EADDRINUSE":
      return new UsageError(
        `${address}:${port} is in use already. End what uses it, or set PORT or MQTT_PORT to another.`,
      );
    case "EACCES":
      return new UsageError(
        `Not allowed: ${error.message}. Ports below 1024 need privileges; folders need to be writable.`,
      );
    case "EADDRNOTAVAIL":
      return new UsageError(`${address} is no address of this machine. Set HOST or MQTT_HOST to one that is.`);
    default:
      return error;
  }
}
