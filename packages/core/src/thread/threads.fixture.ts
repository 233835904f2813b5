/** A Discord of the test's own, notifiers in a thread that post to it, and programs that have one and come to an end. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import type { Worker } from "node:worker_threads";
import { NO_LIMITS, startEmulator } from "@tocsin/discord-emulator";
import { onTestFinished } from "vitest";
import type { NotifierOptions } from "../notifier/options.ts";
import { createNotifier } from "../notifier.ts";
import type { Ending, Program } from "./program.fixture.ts";

const PROGRAM = fileURLToPath(new URL("./program.fixture.ts", import.meta.url));
/** Programs start slowly where many tests run at once. */
const PATIENCE_MS = 60_000;

export interface Discord {
  readonly emulator: Awaited<ReturnType<typeof startEmulator>>;
  /** Of a notifier that posts there: all of it data, so that it can go to another process as well. */
  readonly options: NotifierOptions & { readonly webhookUrl: string };
  /** Titles of everything that has arrived, the oldest first. */
  titles(): string[];
  /** Resolves when as many messages have come. */
  arrived(count: number): Promise<unknown>;
}

export async function discord(): Promise<Discord> {
  const emulator = await startEmulator({ limits: NO_LIMITS });
  onTestFinished(() => emulator.close());
  const { url } = emulator.createWebhook({ channel: emulator.createChannel({ name: "alerts" }) });
  const { host } = new URL(url);
  const lifted = { egress: null, pool: null, bucket: null };
  return {
    emulator,
    options: {
      env: { LOG_LEVEL: "silent" },
      webhookUrl: url,
      allowedHosts: [host],
      limits: lifted,
      batching: false,
      rateLimit: { limit: 10_000 },
      queueSize: 10_000,
      validateOnStart: false,
    },
    titles: () => emulator.messages().flatMap(({ embeds }) => embeds.map(({ title = "" }) => title)),
    arrived: (count) => emulator.waitForMessages({ count, timeoutMs: PATIENCE_MS }),
  };
}

/** A notifier with a thread, and the threads that it has had, the newest last. */
export function threaded(options: NotifierOptions) {
  const workers: Worker[] = [];
  const note = (worker: Worker): void => void workers.push(worker);
  process.on("worker", note);
  const notifier = createNotifier({ ...options, thread: true });
  onTestFinished(async () => {
    process.off("worker", note);
    await notifier.close({ timeoutMs: 100 });
  });
  return { notifier, workers };
}

export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program to its end. `onReady` is called when it says that everything has been told. */
export async function run(
  options: NotifierOptions,
  program: Omit<Program, "options">,
  onReady: (pid: number) => void = () => {},
): Promise<Ended> {
  const given: Program = { ...program, options };
  const child = spawn(process.execPath, ["--conditions=tocsin-source", PROGRAM, JSON.stringify(given)], {
    timeout: PATIENCE_MS,
    killSignal: "SIGKILL",
  });
  const said = { stdout: "", stderr: "" };
  for (const name of ["stdout", "stderr"] as const) {
    child[name].setEncoding("utf8").on("data", (text: string) => {
      if (!said[name].includes("ready") && `${said[name]}${text}`.includes("ready")) onReady(child.pid!);
      said[name] += text;
    });
  }
  const [code, signal] = (await once(child, "close")) as [number | null, NodeJS.Signals | null];
  return { code, signal, ...said };
}

export type { Ending };
