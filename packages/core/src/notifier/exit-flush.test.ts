import { EventEmitter } from "node:events";
import { describe, expect, it, vi } from "vitest";
import { type ExitingProcess, installExitFlush } from "./exit-flush.ts";

/** A process that only seems to die. */
function mortal() {
  const process = new EventEmitter();
  const kill = vi.fn();
  return {
    process: Object.assign(process, { kill, pid: 4_711 }) as unknown as ExitingProcess,
    kill,
    emit: process.emit.bind(process),
  };
}

/** A notifier that has something to say, and says it until it is told that it is done. */
function flusher({ isBusy = true, isBlocking = false } = {}) {
  const said = Promise.withResolvers<void>();
  const flush = vi.fn(() => (isBlocking ? undefined : said.promise));
  return { done: () => said.resolve(), flush, isBusy: () => isBusy, loss: () => null as string | null };
}

function install(process: ExitingProcess, one: ReturnType<typeof flusher>, flushesAtExit = false) {
  const write = vi.fn();
  return { write, uninstall: installExitFlush({ process, flusher: one, flushesAtExit, write }) };
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

describe("a signal", () => {
  it("ends the process when all notifiers have flushed, not before", async () => {
    const { process, kill, emit } = mortal();
    const [first, second] = [flusher(), flusher()];
    install(process, first);
    install(process, second);
    emit("SIGTERM");
    first.done();
    await settled();
    expect(kill).not.toHaveBeenCalled();
    second.done();
    await settled();
    expect(kill).toHaveBeenCalledExactlyOnceWith(4_711, "SIGTERM");
  });

  it("ends it at once the second time", () => {
    const { process, kill, emit } = mortal();
    install(process, flusher());
    emit("SIGINT");
    expect(kill).not.toHaveBeenCalled();
    emit("SIGINT");
    expect(kill).toHaveBeenCalledTimes(1);
  });

  it("ends it at once when there is nothing to say", () => {
    const { process, kill, emit } = mortal();
    const silent = flusher({ isBusy: false });
    install(process, silent);
    emit("SIGTERM");
    expect(kill).toHaveBeenCalledTimes(1);
    expect(silent.flush).not.toHaveBeenCalled();
  });

  it("is left to a handler of the program's, also to one that takes itself away first", () => {
    const { process, kill, emit } = mortal();
    const one = flusher();
    process.on("SIGTERM", function orderly() {
      process.off("SIGTERM", orderly);
    });
    install(process, one);
    emit("SIGTERM");
    expect(kill).not.toHaveBeenCalled();
    expect(one.flush).not.toHaveBeenCalled();
  });

  it("tells what is lost, because no exit follows it", async () => {
    const { process, emit } = mortal();
    const one = { ...flusher({ isBlocking: true }), loss: () => "2 were lost" };
    const { write } = install(process, one, true);
    emit("SIGTERM");
    expect(write).toHaveBeenCalledExactlyOnceWith("2 were lost");
  });
});

describe("the exit", () => {
  it("hears who can flush without the event loop, and asks nobody else", () => {
    for (const flushesAtExit of [true, false]) {
      const { process, emit } = mortal();
      const one = flusher({ isBlocking: true });
      install(process, one, flushesAtExit);
      emit("exit", 0);
      expect(one.flush).toHaveBeenCalledTimes(flushesAtExit ? 1 : 0);
    }
  });
});

it("nothing is left on the process when they are taken away", () => {
  const { process } = mortal();
  for (const flushesAtExit of [true, false]) install(process, flusher(), flushesAtExit).uninstall();
  expect((process as unknown as EventEmitter).eventNames()).toEqual([]);
});
