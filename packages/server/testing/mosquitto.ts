/** A real Mosquitto for tests, on a free port, with its configuration in a folder of its own. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";

export interface Mosquitto extends AsyncDisposable {
  readonly url: string;
  readonly port: number;
  /** Where it looks for its password file and its access list, when it asks for logins. */
  readonly files: { readonly passwords: string; readonly access: string };
  start(): Promise<void>;
  stop(): Promise<void>;
  /** Has it read its files again; done when it has. */
  reload(): Promise<void>;
}

/** Debian puts it where only root's path leads. */
const PROGRAM = existsSync("/usr/sbin/mosquitto") ? "/usr/sbin/mosquitto" : "mosquitto";

/** @param asksForLogins anybody may do anything otherwise */
export async function createMosquitto({ asksForLogins = false } = {}): Promise<Mosquitto> {
  const folder = mkdtempSync(join(tmpdir(), "tocsin-mosquitto-"));
  const port = await freePort();
  const config = join(folder, "mosquitto.conf");
  const files = { passwords: join(folder, "passwords"), access: join(folder, "access") };
  // As the user of the tests, who owns the files; started by root it would become another.
  const logins = `allow_anonymous false\npassword_file ${files.passwords}\nacl_file ${files.access}\nuser ${userInfo().username}`;
  const security = asksForLogins ? logins : "allow_anonymous true";
  writeFileSync(config, `listener ${port} 127.0.0.1\n${security}\npersistence false\nlog_dest stderr\nlog_type all\n`);
  let child: ChildProcess | null = null;

  async function said(text: string): Promise<void> {
    let heard = "";
    for await (const chunk of child!.stderr!.iterator({ destroyOnReturn: false })) {
      heard += String(chunk);
      if (heard.includes(text)) return;
    }
  }

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
    files,
    async start() {
      child = spawn(PROGRAM, ["-c", config], { stdio: ["ignore", "ignore", "pipe"] });
      await said("running");
    },
    stop,
    async reload() {
      child?.kill("SIGHUP");
      await said("Reloading config");
    },
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
