/** Which of the two is asked: a running server, or the file of one that is not running. */
import type { Environment } from "../config/environment.ts";
import type { Api, ApiOptions, Target } from "./api.ts";
import { UsageError } from "./usage-error.ts";

const DEFAULT_PORT = "8000";

export async function openApi({ server, database }: Target, { env, duties = {} }: ApiOptions): Promise<Api> {
  if (server !== undefined && database !== undefined) {
    throw new UsageError("--server and --database exclude each other: leave one of them out.");
  }
  if (database !== undefined) return (await import("./api-file.ts")).openFileApi(database, { env, duties });
  return (await import("./api-server.ts")).openServerApi(server ?? defaultServer(env));
}

function defaultServer(env: Environment): string {
  return env["TOCSIN_SERVER"]?.trim() || `http://127.0.0.1:${env["PORT"]?.trim() || DEFAULT_PORT}`;
}
