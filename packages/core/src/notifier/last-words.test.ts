import { EventEmitter } from "node:events";
import { describe, expect, it, vi } from "vitest";
import { installLastWords, type Mortal } from "./last-words.ts";

/** A process that only seems to die. */
function mortal() {
  const process = new EventEmitter();
  const kill = vi.fn();
  return {
    process: Object.assign(process, { kill, pid: 4_711 }) as unknown as Mortal,
    kill,
    emit: process.emit.bind(process),
  };
}

/** A notifier that has something to say, and says it until it is told that it is done. */
function speaker({ isBusy = true, isBlocking = false } = {}) {
  const said = Promise.withResolvers<void>();
  const speak = vi.fn(() => (isBlocking ? undefined : said.promise));
  return { done: () => said.resolve(), speak, isBusy: () => isBusy, leftover: () => null as string | null };
}

function install(process: Mortal, one: ReturnType<typeof speaker>, speaksAtExit = false) {
  const write = vi.fn();
  return { write, uninstall: installLastWords({ process, speaker: one, speaksAtExit, write }) };
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

describe("a signal", () => {
  it("ends the process when all notifiers have spoken, not before", async () => {
    const { process, kill, emit } = mortal();
    const [first, second] = [speaker(), speaker()];
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
    install(process, speaker());
    emit("SIGINT");
    expect(kill).not.toHaveBeenCalled();
    emit("SIGINT");
    expect(kill).toHaveBeenCalledTimes(1);
  });

  it("ends it at once when there is nothing to say", () => {
    const { process, kill, emit } = mortal();
    const silent = speaker({ isBusy: false });
    install(process, silent);
    emit("SIGTERM");
    expect(kill).toHaveBeenCalledTimes(1);
    expect(silent.speak).not.toHaveBeenCalled();
  });

  it("is left to a handler of the program's, also to one that takes itself away first", () => {
    const { process, kill, emit } = mortal();
    const one = speaker();
    process.on("SIGTERM", function orderly() {
      process.off("SIGTERM", orderly);
    });
    install(process, one);
    emit("SIGTERM");
    expect(kill).not.toHaveBeenCalled();
    expect(one.speak).not.toHaveBeenCalled();
  });

  it("tells what is lost, because no exit follows it", async () => {
    const { process, emit } = mortal();
    const one = { ...speaker({ isBlocking: true }), leftover: () => "2 were lost" };
    const { write } = install(process, one, true);
    emit("SIGTERM");
    expect(write).toHaveBeenCalledExactlyOnceWith("2 were lost");
  });
});

describe("the exit", () => {
  it("hears who can speak without the event loop, and asks nobody else", () => {
    for (const speaksAtExit of [true, false]) {
      const { process, emit } = mortal();
      const one = speaker({ isBlocking: true });
      install(process, one, speaksAtExit);
      emit("exit", 0);
      expect(one.speak).toHaveBeenCalledTimes(speaksAtExit ? 1 : 0);
    }
  });
});

it("nothing is left on the process when they are taken away", () => {
  const { process } = mortal();
  for (const speaksAtExit of [true, false]) install(process, speaker(), speaksAtExit).uninstall();
  expect((process as unknown as EventEmitter).eventNames()).toEqual([]);
});
