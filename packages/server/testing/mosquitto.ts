/** A real Mosquitto for tests, on a free port, with its configuration in a folder of its own. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

export interface Mosquitto extends AsyncDisposable {
  readonly url: string;
  readonly port: number;
  start(): Promise<void>;
  stop(): Promise<void>;
}

/** Debian puts it where only root's path leads. */
const PROGRAM = existsSync("/usr/sbin/mosquitto") ? "/usr/sbin/mosquitto" : "mosquitto";

export async function createMosquitto(): Promise<Mosquitto> {
  const folder = mkdtempSync(join(tmpdir(), "tocsin-mosquitto-"));
  const port = await freePort();
  const config = join(folder, "mosquitto.conf");
  writeFileSync(config, `listener ${port} 127.0.0.1\nallow_anonymous true\npersistence false\nlog_dest stderr\n`);
  let child: ChildProcess | null = null;

  async function stop(): Promise<void> {
    if (child === null) return;
    const ended = once(child, "exit");
    child.kill("SIGTERM");
    await ended;
    child = null;
  }

  return {
    url: `mqtt://127.0.0.1:${port}`,
    port,
    async start() {
      child = spawn(PROGRAM, ["-c", config], { stdio: ["ignore", "ignore", "pipe"] });
      for await (const text of child.stderr!) if (String(text).includes("running")) break;
    },
    stop,
    async [Symbol.asyncDispose]() {
      await stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as { readonly port: number };
  server.close();
  await once(server, "close");
  return port;
}
