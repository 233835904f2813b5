/**
 * The main module of the thread: opens the store, makes the notifier, and listens to the program.
 *
 * Whatever fails here ends the thread, and the program's side starts another; a store that does not open is no such failure: the
 * notifier goes on in memory, and says so, as it does with a store that fails later.
 */
import { Console } from "node:console";
import { writeSync } from "node:fs";
import { Writable } from "node:stream";
import { type MessagePort, workerData } from "node:worker_threads";
import type { Clock } from "../clock/clock.ts";
import { createSystemClock } from "../clock/system-clock.ts";
import { nextTurn } from "../clock/turn.ts";
import { StoreError } from "../errors/store-error.ts";
import type { Notification } from "../notification/notification.ts";
import { LocalNotifier } from "../notifier/local-notifier.ts";
import type { SqliteFile } from "../notifier/options.ts";
import { defineNotifierOptions } from "../notifier/settings.ts";
import type { Store } from "../store/store.ts";
import type { ThreadData } from "./crossing.ts";
import { Host } from "./host.ts";
import { NewsDesk } from "./news.ts";
import type { FromThread, ToThread } from "./protocol.ts";
import { FLUSHED, LISTENS } from "./thread.ts";

/** What the program's side hands over at the start. */
export interface WorkerStart extends ThreadData {
  readonly port: MessagePort;
  /** Two words of memory: see thread.ts. */
  readonly words: Int32Array;
  readonly wantsEvents: boolean;
  readonly wantsDebug: boolean;
}

/** A process that is just ending may still have the store's file. */
const STORE_PATIENCE_MS = 5_000;
const STORE_RETRY_MS = 100;

/** The console of a thread goes through the program's event loop, which may be busy, or at its end. */
function directConsole(): Console {
  const to = (fd: number) =>
    new Writable({
      write(chunk: Uint8Array, _encoding, done) {
        try {
          writeSync(fd, chunk);
          done();
        } catch (error) {
          done(error as Error);
        }
      },
    }).on("error", () => {});
  return new Console({ stdout: to(1), stderr: to(2) });
}

interface OpenedStore {
  readonly store: Store | null;
  /** Why there is none although one was asked for. */
  readonly error: string | null;
}

async function openStore(file: SqliteFile | null, clock: Clock): Promise<OpenedStore> {
  if (file === null) return { store: null, error: null };
  const { sqlite, ...options } = file;
  const giveUpAt = clock.now() + STORE_PATIENCE_MS;
  // Loaded for those alone who keep something: not every Node.js is built with it.
  const { openSqliteStore } = await import("../store/sqlite/sqlite-store.ts");
  for (;;) {
    try {
      return { store: openSqliteStore({ ...options, database: sqlite }), error: null };
    } catch (error) {
      const isInUse = error instanceof StoreError && error.code === "STORE_IN_USE";
      if (!isInUse || clock.now() >= giveUpAt)
        return { store: null, error: error instanceof Error ? error.message : String(error) };
      await clock.sleep(STORE_RETRY_MS);
    }
  }
}

async function main({ options, store: file, port, words, wantsEvents, wantsDebug }: WorkerStart): Promise<void> {
  globalThis.console = directConsole();
  const post = (message: FromThread): void => port.postMessage(message);
  const clock = createSystemClock();
  const desk = new NewsDesk({ clock, defer: nextTurn, post, wantsEvents, wantsDebug });
  const { store, error } = await openStore(file, clock);
  if (error !== null) desk.logger.error(`the store cannot be opened, going on in memory: ${error}`);
  let host: Host | null = null;
  const settings = defineNotifierOptions({
    ...options,
    ...(store === null ? {} : { store }),
    logger: desk.logger,
    onEvent: (event) => host?.onEvent(event),
  });
  const notifier = new LocalNotifier({ ...settings, normalise: (input) => input as Notification });
  const release = (): void => {
    set(words, FLUSHED);
  };
  host = new Host({ notifier, history: store?.history ?? null, memory: store?.memory ?? null, desk, post, release });
  desk.about({
    getQueueSize: () => notifier.getQueueSize(),
    silences: () => notifier.silences(),
    status: () => {
      const status = notifier.status();
      return error === null ? status : { ...status, store: { ...status.store, error } };
    },
  });
  port.on("message", (message: ToThread) => host.handle(message));
  set(words, LISTENS);
}

/** Wakes the program, if it waits for that. */
function set(words: Int32Array, word: number): void {
  Atomics.store(words, word, 1);
  Atomics.notify(words, word);
}

await main(workerData as WorkerStart);
