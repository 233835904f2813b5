/** The server as `tocsin serve` runs it: a process of its own, free ports, a database in a folder of its own. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { createTempFolder } from "../temp-folder.ts";

export interface TocsinServer extends AsyncDisposable {
  /** E.g. `http://127.0.0.1:8000` */
  readonly http: string;
  readonly mqttPort: number;
  /** The SQLite file. */
  readonly database: string;
}

const MAIN = fileURLToPath(import.meta.resolve("../../../packages/server/src/main.ts"));
const LISTENING = /listening on (http:\S+), MQTT on port (\d+)/;

/** @throws Error with what the server said, when it does not start */
export async function startTocsinServer(): Promise<TocsinServer> {
  const folder = createTempFolder();
  const database = join(folder.path, "bench.db");
  const env = { ...process.env, PORT: "0", MQTT_PORT: "0", DATABASE_URL: `sqlite:${database}`, LOG_LEVEL: "warn" };
  const child = spawn(process.execPath, [...process.execArgv, MAIN, "serve"], {
    env,
    stdio: ["ignore", "ignore", "pipe"],
  });
  const end = async (): Promise<void> => {
    await stop(child);
    folder[Symbol.dispose]();
  };
  try {
    const [http, mqttPort] = await addressesOf(child);
    return { http, mqttPort, database, [Symbol.asyncDispose]: end };
  } catch (error) {
    await end();
    throw error;
  }
}

async function addressesOf(child: ChildProcess): Promise<[http: string, mqttPort: number]> {
  let said = "";
  for await (const chunk of child.stderr!.iterator({ destroyOnReturn: false })) {
    said += chunk;
    const found = LISTENING.exec(said);
    if (found === null) continue;
    child.stderr!.resume();
    return [found[1]!.replace(/,$/, ""), Number(found[2])];
  }
  throw new Error(`the server did not start: ${said}`);
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, "exit");
  child.kill("SIGTERM");
  await ended;
}
