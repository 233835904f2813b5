/** The server as a user runs it: a process of its own, on free ports. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

export interface ServerProcess {
  /** E.g. `http://127.0.0.1:41234` */
  readonly url: string;
  readonly mqttPort: string;
  /** Calls the API and gives back the body. @throws Error for a status that is no success */
  call<Body = unknown>(method: string, path: string, body?: unknown): Promise<Body>;
  readonly pid: number;
  /** All it has written so far, to standard output and standard error. */
  output(): string;
  signal(signal: NodeJS.Signals): void;
  /** Its exit code, when it has ended. */
  readonly exited: Promise<number | null>;
  /** Ends it and waits for that. */
  stop(): Promise<void>;
}

const TOCSIN = [fileURLToPath(new URL("../../packages/server/bin/tocsin.mjs", import.meta.url)), "serve"];
/** The same server without limits of its own; see there. */
export const UNHURRIED = [
  "--conditions=tocsin-source",
  fileURLToPath(new URL("unhurried-server.ts", import.meta.url)),
] as const;

type Variables = Readonly<Record<string, string>>;

/** Starts a server that is expected to give up, and says how it did. */
export async function startInVain(
  env: Variables,
  user: User = {},
): Promise<{ readonly exitCode: number | null; readonly output: string }> {
  const child = spawnServer(env, { user });
  let output = "";
  for (const stream of [child.stdout!, child.stderr!]) stream.on("data", (chunk: Buffer) => (output += chunk));
  const [exitCode] = (await once(child, "close")) as [number | null];
  return { exitCode, output };
}

/** As whom it runs. @defaultValue as this process */
interface User {
  readonly uid?: number;
  readonly gid?: number;
}

interface SpawnOptions {
  readonly user?: User;
  /** Arguments of Node. */
  readonly program?: readonly string[];
}

function spawnServer(env: Variables, { user = {}, program = TOCSIN }: SpawnOptions): ChildProcess {
  return spawn(process.execPath, program, {
    env: { PATH: process.env["PATH"], PORT: "0", MQTT_PORT: "0", ...env },
    stdio: ["ignore", "pipe", "pipe"],
    ...user,
  });
}

export async function startServer(env: Variables, options: Pick<SpawnOptions, "program"> = {}): Promise<ServerProcess> {
  const child = spawnServer(env, options);
  const exited = once(child, "exit").then(([code]: (number | null)[]) => code ?? null);
  let output = "";
  const [url, mqttPort] = await new Promise<[string, string]>((resolve, reject) => {
    const take = (chunk: Buffer): void => {
      output += chunk;
      const said = /listening on (http:\S+), MQTT on port (\d+)/.exec(output);
      if (said !== null) resolve([said[1]!, said[2]!]);
    };
    child.stdout!.on("data", take);
    child.stderr!.on("data", take);
    child.once("exit", (code) => reject(new Error(`The server ended with ${code}:\n${output}`)));
  });

  return {
    url,
    mqttPort,
    pid: child.pid!,
    exited,
    output: () => output,
    signal: (signal) => void child.kill(signal),
    async call<Body>(method: string, path: string, body?: unknown) {
      const json =
        body === undefined ? {} : { body: JSON.stringify(body), headers: { "content-type": "application/json" } };
      const answer = await fetch(url + path, { method, ...json });
      const text = await answer.text();
      if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
      return (text === "" ? null : JSON.parse(text)) as Body;
    },
    async stop() {
      child.kill("SIGTERM");
      await exited;
    },
  };
}
