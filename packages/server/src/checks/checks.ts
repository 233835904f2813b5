/**
 * Dead man's switches for scheduled jobs: keeps the checks, takes their pings, and notices the pings that do not come.
 *
 * Upstream HTTP. Downstream the health tracker, in which each check is a component, and the store, which keeps them over a restart.
 */
import type { HealthTracker } from "@tocsin/core";
import { type Clock, createAlarm, type PatientMemory } from "@tocsin/core/stages";
import { storageUnavailable } from "../greenhouse/errors.ts";
import {
  afterPing,
  type Check,
  type CheckSettings,
  dueAt,
  failureWords,
  missedWords,
  newCheck,
  type Ping,
} from "./check.ts";
import { namedError } from "./named-error.ts";

export interface ChecksParts {
  readonly clock: Clock;
  readonly memory: PatientMemory;
  readonly health: Pick<HealthTracker, "recordSuccess" | "recordFailure" | "configure" | "forget">;
  readonly newId: () => string;
}

export interface Checks {
  /** By name. */
  list(): readonly Check[];
  get(id: string): Check | null;
  create(settings: CheckSettings): Promise<Check | "name-taken" | "too-many">;
  /** @returns `null` when there is no such check */
  update(id: string, change: Partial<CheckSettings>): Promise<Check | "name-taken" | null>;
  /** @returns whether there was one */
  remove(id: string): Promise<boolean>;
  /** @param output what the job has to say of it */
  ping(id: string, ping: Ping, output: string): Promise<Check | null>;
  /** Begins to notice what does not come. */
  start(): void;
  stop(): void;
}

const PREFIX = "check:";
const MAX_CHECKS = 10_000;

/**
 * What it is asked for resolves when it has been written, and rejects when it could not be; it is in force in either case. While nobody knows
 * which checks there are, because they cannot be read, it throws `storage-unavailable`, and notices nothing.
 */
export function createChecks({ clock, memory, health, newId }: ChecksParts): Checks {
  const checks = new Map<string, Check>();
  const alarm = createAlarm<string>(clock, (id, now) => miss(id, now));
  let listeningSince: number | null = null;

  let isRead = false;
  memory.recall((facts) => {
    isRead = true;
    // Until now no ping could arrive.
    if (listeningSince !== null) listeningSince = clock.now();
    for (const [key, fact] of facts) if (key.startsWith(PREFIX)) put(fact as Check);
  });

  function known(): ReadonlyMap<string, Check> {
    if (!isRead) throw storageUnavailable("read");
    return checks;
  }

  function put(check: Check): Check {
    checks.set(check.id, check);
    configure(health, check);
    watch(check);
    return check;
  }

  function watch(check: Check): void {
    if (listeningSince !== null) alarm.set(check.id, dueAt(check, listeningSince));
  }

  function miss(id: string, now: number): void {
    const check = checks.get(id);
    if (check === undefined) return;
    health.recordFailure(check.name, namedError("Missed", missedWords(check, now)));
    const missed = { ...check, isMissed: true };
    checks.set(id, missed);
    // Written or not: a restart would report it again, which the tracker knows already.
    void keep(memory, missed).catch(() => {});
  }

  return {
    list: () => [...known().values()].sort((a, b) => (a.name < b.name ? -1 : 1)),
    get: (id) => known().get(id) ?? null,
    async create(settings) {
      if (isTaken(known(), settings.name)) return "name-taken";
      if (checks.size >= MAX_CHECKS) return "too-many";
      return keep(memory, put(newCheck(settings, newId(), clock.now())));
    },
    async update(id, change) {
      const before = known().get(id);
      if (before === undefined) return null;
      const check = { ...before, ...change };
      if (isTaken(known(), check.name, id)) return "name-taken";
      if (check.name !== before.name) health.forget(before.name);
      return keep(memory, put(check));
    },
    async remove(id) {
      const check = known().get(id);
      if (check === undefined) return false;
      checks.delete(id);
      alarm.set(id, null);
      health.forget(check.name);
      await memory.forget(`${PREFIX}${id}`);
      return true;
    },
    async ping(id, ping, output) {
      const before = known().get(id);
      if (before === undefined) return null;
      const check = afterPing(before, ping, clock.now());
      checks.set(id, check);
      watch(check);
      if (ping.kind === "success") health.recordSuccess(check.name);
      if (ping.kind === "failure") health.recordFailure(check.name, failed(ping.exitStatus, output));
      return keep(memory, check);
    },
    start() {
      listeningSince = clock.now();
      for (const check of checks.values()) watch(check);
    },
    stop: () => alarm.end(),
  };
}

async function keep(memory: PatientMemory, check: Check): Promise<Check> {
  await memory.remember(`${PREFIX}${check.id}`, check);
  return check;
}

function configure(health: Pick<HealthTracker, "configure">, { name, remindAfterMs, severity }: Check): void {
  // What a job says, or does not say, is believed the first time.
  health.configure(name, { failuresBeforeAlert: 1, remindAfterMs, severity });
}

function isTaken(checks: ReadonlyMap<string, Check>, name: string, by?: string): boolean {
  return [...checks.values()].some((check) => check.name === name && check.id !== by);
}

function failed(exitStatus: number | null, output: string): Error {
  return namedError("Failed", failureWords(exitStatus, output));
}
