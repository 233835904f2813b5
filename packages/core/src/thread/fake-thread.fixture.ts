/** A thread that exists on paper: it takes down what is posted, says what it is told to say, and dies when it is told to. */
import type { FromThread, News, ToThread } from "./protocol.ts";
import type { StartThread, Thread, ThreadListener } from "./thread.ts";

export interface FakeThread extends Thread {
  /** Everything that was posted, in order. */
  readonly posted: readonly ToThread[];
  readonly isHeld: boolean;
  readonly hasEnded: boolean;
  say(message: FromThread): void;
  die(why?: string): void;
}

export interface FakeThreads {
  readonly start: StartThread;
  /** Every thread that was started, the newest last. */
  readonly all: readonly FakeThread[];
  readonly newest: FakeThread;
}

/** @param atExit what a thread says when its exit flush is awaited */
export function createFakeThreads(atExit: (thread: FakeThread) => void = () => {}): FakeThreads {
  const all: FakeThread[] = [];
  return {
    all,
    get newest() {
      return all.at(-1)!;
    },
    start(listener) {
      const thread = createFakeThread(listener, atExit);
      all.push(thread);
      return thread;
    },
  };
}

function createFakeThread(listener: ThreadListener, atExit: (thread: FakeThread) => void): FakeThread {
  const posted: ToThread[] = [];
  const state = { isHeld: false, hasEnded: false };
  const thread: FakeThread = {
    posted,
    get isHeld() {
      return state.isHeld;
    },
    get hasEnded() {
      return state.hasEnded;
    },
    post: (message) => void posted.push(message),
    hold(isHeld) {
      state.isHeld = isHeld;
    },
    awaitExitFlush: () => atExit(thread),
    async end() {
      state.hasEnded = true;
    },
    say: (message) => listener.onMessage(message),
    die: (why = "shot") => listener.onDeath(why),
  };
  return thread;
}

/** News without anything in them but what is given. */
export function news(about: Partial<News> = {}): News {
  const nothing = { lines: [], events: [], accepted: [], settled: [], open: 0, status: null, silences: null };
  return { kind: "news", isDurable: false, ...nothing, ...about };
}
