/** One process of a simulated run: a program on the disk that its predecessors have left. It may die at any instant. */
import type { Clock } from "../../src/clock/clock.ts";
import { createForgetfulMemory, createMemoryOutbox } from "../../src/delivery/outbox.ts";
import { createSteadfastStore } from "../../src/delivery/steadfast-store.ts";
import type { SimulatedStore } from "./disk.ts";
import { storeFault } from "./disk.ts";
import type { CrashStep } from "./faults.ts";
import { type Program, startProgram } from "./program.ts";
import type { ObservedProcess } from "./scene.ts";
import { createSight, type SightedStore } from "./sight.ts";
import type { Stage } from "./stage.ts";

export interface SimulatedProcess extends ObservedProcess, Pick<Program, "notify" | "pause" | "silence" | "redirect"> {
  die(how: CrashStep["how"]): void;
}

export function startProcess(stage: Stage): SimulatedProcess {
  let alive = true;
  const isAlive = (): boolean => alive;
  const clock = mortalClock(stage.clock, isAlive);
  const store = openStore(stage, clock);
  const sight = createSight(store, stage.faults, clock);
  stage.blindSpans.push(...sight.blind);
  const steadfast = createSteadfastStore({
    ...sight.store,
    clock,
    onHealth: (error) => {
      if (error !== null) sight.said();
    },
  });
  const { isInMemory } = store;
  const program = startProgram({ ...steadfast, stage, clock, isAlive, isInMemory });
  const { engine, homes, redirected, unsettled } = program;
  const mostWaiting = (): number => Math.max(0, ...engine.status().map(({ waiting }) => waiting));
  let mayWait = Math.max(stage.plan.queueSize, mostWaiting());
  const mayWaitAsNow = (): void => {
    mayWait = Math.max(mayWait, mostWaiting());
  };
  return {
    engine,
    outbox: steadfast.outbox,
    get mayWait() {
      return mayWait;
    },
    isAlive,
    isInMemory,
    unsettled,
    homes,
    redirected,
    heldFor: (isMeant) => program.heldFor(isMeant),
    isBlind() {
      const isBlind = sight.isBlindTo(steadfast.outbox);
      // What is new fills the lanes anew until it is known what waits in them already.
      if (isBlind) mayWaitAsNow();
      return isBlind;
    },
    wasBlind: sight.wasBlind,
    canRead: () => sight.canRead,
    unsaid: () => sight.unsaid,
    notify: (step) => program.notify(step),
    pause: (step) => program.pause(step),
    silence: (step) => program.silence(step),
    redirect(lane) {
      program.redirect(lane);
      mayWaitAsNow();
    },
    die(how) {
      alive = false;
      sight.end();
      store.crash(how);
    },
  };
}

interface OpenStore extends SightedStore, Pick<SimulatedStore, "crash"> {}

/** Who cannot open it goes on in memory, as a notifier does; what is in it stays for the next process. */
function openStore({ disk, ledger, faults }: Stage, clock: Clock): OpenStore {
  if (storeFault("store-unopenable", faults, clock.now()) !== undefined) return inMemory();
  const store = disk.open(clock);
  ledger.reopened(store.waiting());
  return { ...store, outbox: ledger.watch(store.outbox), isInMemory: false };
}

function inMemory(): OpenStore {
  return { outbox: createMemoryOutbox(), memory: createForgetfulMemory(), crash() {}, isInMemory: true };
}

/** Nobody hears what happens after the process has died. */
function mortalClock(clock: Clock, isAlive: () => boolean): Clock {
  return {
    ...clock,
    now: () => clock.now(),
    schedule: (at, fire) => clock.schedule(at, () => (isAlive() ? fire() : undefined)),
  };
}
