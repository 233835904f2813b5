/**
 * Starts the thread and talks to it: the only file that knows how Node.js makes threads. Everything it has is plain data and one port.
 */
import { extname } from "node:path";
import { fileURLToPath } from "node:url";
import { MessageChannel, receiveMessageOnPort, Worker } from "node:worker_threads";
import type { ThreadData } from "./crossing.ts";
import type { FromThread, ToThread } from "./protocol.ts";
import type { WorkerStart } from "./worker.ts";

export interface Thread {
  post(message: ToThread): void;
  /** Whether it keeps the process alive. At first it does not. */
  hold(isHeld: boolean): void;
  /**
   * Blocks this thread until the other has done its exit flush, or the time is over, and hands on what it has posted meanwhile. A thread that
   * has only just been started has that time from when it listens.
   */
  awaitExitFlush(timeoutMs: number): void;
  end(): Promise<void>;
}

export interface ThreadListener {
  onMessage(message: FromThread): void;
  /** It has ended by itself, and nothing more comes from it. Called once. */
  onDeath(why: string): void;
}

export interface ThreadSubscriptions {
  readonly wantsEvents: boolean;
  readonly wantsDebug: boolean;
}

export type StartThread = (listener: ThreadListener) => Thread;

/** Which word of the shared memory becomes 1 when the exit flush is done, and which when the thread listens. */
export const FLUSHED = 0;
export const LISTENS = 1;
/** Its modules are loaded by then even on a busy machine, and a store that another process has is given up. Milliseconds. */
const MAX_START_MS = 10_000;

/** Source or built: the thread runs what this file runs from. */
const WORKER = new URL(`./worker${extname(fileURLToPath(import.meta.url))}`, import.meta.url);
/** Arguments by which Node.js takes a program from its command line; a thread that inherits them does not start. */
const PROGRAM_ARGUMENT = /^(?:--input-type|--eval|--print|-e|-p|-pe)(?:=|$)/;

/** @throws Error when no thread can be had at all, e.g. under Node's permission model without `--allow-worker`. */
export function startThread(data: ThreadData, subscriptions: ThreadSubscriptions, listener: ThreadListener): Thread {
  const { port1: port, port2 } = new MessageChannel();
  const words = new Int32Array(new SharedArrayBuffer(2 * Int32Array.BYTES_PER_ELEMENT));
  const start: WorkerStart = { ...data, ...subscriptions, port: port2, words };
  const worker = new Worker(WORKER, {
    name: "tocsin",
    workerData: start,
    transferList: [port2],
    ...(process.execArgv.some((argument) => PROGRAM_ARGUMENT.test(argument)) ? { execArgv: [] } : {}),
  });
  let why = "it ended";
  let isOver = false;
  port.on("message", (message: FromThread) => listener.onMessage(message));
  worker.on("error", (error: unknown) => {
    why = error instanceof Error ? error.message : String(error);
  });
  worker.on("exit", () => {
    port.close();
    if (isOver) return;
    isOver = true;
    listener.onDeath(why);
  });
  worker.unref();
  port.unref();
  return {
    post: (message) => port.postMessage(message),
    hold(isHeld) {
      if (isHeld) worker.ref();
      else worker.unref();
    },
    awaitExitFlush(timeoutMs) {
      // What was posted before it listened has all of the time, too.
      Atomics.wait(words, LISTENS, 0, MAX_START_MS);
      Atomics.wait(words, FLUSHED, 0, timeoutMs);
      for (;;) {
        const received = receiveMessageOnPort(port);
        if (received === undefined) return;
        listener.onMessage(received.message as FromThread);
      }
    },
    async end() {
      isOver = true;
      port.close();
      await worker.terminate();
    },
  };
}
