/**
 * Runs the real delivery engine through a plan on virtual time: processes that die and start again, a store that fails, a Discord
 * that misbehaves. The invariants are checked after every step, and the first that breaks ends the run. Afterwards all faults end,
 * everything may settle, and what must hold at the end is checked.
 */
import { createVirtualClock } from "../virtual-clock.ts";
import { createDestinations, type MoveStep } from "./destinations.ts";
import { createDiscordWorld } from "./discord-world.ts";
import { createDurableDisk } from "./durable-store.ts";
import type { CrashStep, FaultStep } from "./faults.ts";
import { checkEnd, checkUnsettled } from "./invariants/final.ts";
import { type Watch, watchAll } from "./invariants/watch.ts";
import { LANES } from "./lanes.ts";
import { Ledger } from "./ledger.ts";
import type { Plan, Step } from "./plan.ts";
import { type SimulatedProcess, startProcess } from "./process.ts";
import type { Scene } from "./scene.ts";
import { createSqliteDisk } from "./sqlite-disk.ts";
import type { Stage } from "./stage.ts";
import type { Violation } from "./violation.ts";

export interface RunReport {
  readonly scene: Scene;
  /** What broke in the step at which the run ended; empty when everything held. */
  readonly violations: readonly Violation[];
  /** From the start. */
  readonly endedAt: number;
}

/** Time to settle in after the last fault: longer than any ban. */
const SETTLE_MS = 3 * 3_600_000;

/** Runs the plan and checks it. The same plan gives the same report. */
export async function runPlan(plan: Plan): Promise<RunReport> {
  const clock = createVirtualClock({ seed: plan.seed });
  const startAt = clock.now();
  const faults = plan.steps.filter(isFault);
  const destinations = createDestinations();
  const disk = plan.store === "sqlite" ? createSqliteDisk({ faults, startAt }) : createDurableDisk({ faults, startAt });
  const world = createDiscordWorld({ clock, faults, startAt, seed: plan.seed, destinations });
  const noted = { handed: [], accepted: [], pauses: [], silences: [], crashes: [], blindSpans: [] };
  const run = new Run({
    plan,
    clock,
    startAt,
    faults: { faults, startAt },
    disk,
    world,
    destinations,
    ledger: new Ledger(),
    ...noted,
  });
  try {
    const violations = await run.perform();
    const endedAt = clock.now() - startAt;
    if (violations.length > 0) return { scene: run.scene, violations, endedAt };
    return { scene: run.scene, violations: checkEnd(run.scene, await disk.records()), endedAt };
  } finally {
    await disk.dispose();
  }
}

class Run {
  readonly #stage: Stage;
  readonly #watch: Watch;
  #process: SimulatedProcess;
  /** From the start: when the next process begins, once this one has died. */
  #startsAt = 0;
  #broken: readonly Violation[] = [];

  constructor(stage: Stage) {
    this.#stage = stage;
    this.#process = startProcess(stage);
    this.#watch = watchAll(this.scene);
  }

  get scene(): Scene {
    const current = (): SimulatedProcess => this.#process;
    return {
      ...this.#stage,
      get process() {
        return current();
      },
    };
  }

  /** @returns what broke, and ends there */
  async perform(): Promise<readonly Violation[]> {
    await this.#through(this.#stage.plan.steps);
    await this.#settle();
    if (!this.#process.isInMemory || this.#broken.length > 0) return this.#broken;
    this.#broken = checkUnsettled(this.#process);
    // Whoever has mended the store starts the program anew.
    this.#die("kill", 1);
    await this.#settle();
    return this.#broken;
  }

  async #through(steps: readonly Step[]): Promise<void> {
    for (const step of steps) {
      if (!this.#process.isAlive() && step.at >= this.#startsAt) await this.#restart();
      await this.#until(step.at);
      if (this.#broken.length > 0) return;
      if (step.kind === "move") this.#move(step);
      // Between death and restart there is nobody to notify, or to die.
      if (this.#process.isAlive()) this.#take(step);
    }
  }

  #move(step: MoveStep): void {
    this.#stage.destinations.move(step);
    if (this.#process.isAlive()) this.#process.redirect(step.lane);
  }

  async #settle(): Promise<void> {
    if (!this.#process.isAlive()) await this.#restart();
    // What waits for a destination that is not there would wait for ever.
    for (const lane of LANES)
      if (this.#stage.destinations.targetOf(lane) === null)
        this.#move({ kind: "move", at: this.#now(), lane, to: "as-before" });
    await this.#until(Math.max(this.#stage.plan.durationMs, this.#now()) + SETTLE_MS);
  }

  /** From the start. */
  #now(): number {
    return this.#stage.clock.now() - this.#stage.startAt;
  }

  #take(step: Step): void {
    const process = this.#process;
    if (step.kind === "notify") process.notify(step);
    if (step.kind === "pause") process.pause(step);
    if (step.kind === "silence") process.silence(step);
    if (step.kind === "crash") this.#die(step.how, step.downMs);
  }

  #die(how: CrashStep["how"], downMs: number): void {
    const { outbox, isInMemory } = this.#process;
    const at = this.#now();
    this.#stage.crashes.push({ at, owed: outbox.owed > 0 || isInMemory });
    this.#startsAt = at + downMs;
    this.#process.die(how);
  }

  async #restart(): Promise<void> {
    await this.#until(this.#startsAt);
    if (this.#broken.length > 0) return;
    this.#process = startProcess(this.#stage);
  }

  async #until(at: number): Promise<void> {
    const { clock, startAt } = this.#stage;
    if (this.#broken.length > 0) return;
    await clock.advance(startAt + at - clock.now(), () => {
      this.#broken = this.#watch();
      return this.#broken.length > 0;
    });
  }
}

function isFault(step: Step): step is FaultStep {
  return step.kind !== "notify" && step.kind !== "pause" && step.kind !== "move" && step.kind !== "silence";
}
