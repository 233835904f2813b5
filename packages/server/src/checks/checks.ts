/**
 * Dead man's switches for scheduled jobs: keeps the checks, takes their pings, and notices the pings that do not come.
 *
 * Upstream HTTP. Downstream the health tracker, in which each check is a component, and the store, which keeps them over a restart.
 */
import type { HealthTracker } from "@tocsin/core";
import { type Clock, createAlarm, type Memory } from "@tocsin/core/stages";
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
  readonly memory: Memory;
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

/** What it is asked for resolves when it has been written, and rejects when it could not be; it is in force in either case. */
export function createChecks({ clock, memory, health, newId }: ChecksParts): Checks {
  const checks = new Map<string, Check>();
  const alarm = createAlarm<string>(clock, (id, now) => miss(id, now));
  let listeningSince: number | null = null;

  for (const [key, fact] of memory.recall()) if (key.startsWith(PREFIX)) put(fact as Check);

  function put(check: Check): Check {
    checks.set(check.id, check);
    const { name, remindAfterMs, severity } = check;
    // What a job says, or does not say, is believed the first time.
    health.configure(name, { failuresBeforeAlert: 1, remindAfterMs, severity });
    watch(check);
    return check;
  }

  function watch(check: Check): void {
    if (listeningSince !== null) alarm.set(check.id, dueAt(check, listeningSince));
  }

  async function keep(check: Check): Promise<Check> {
    await memory.remember(`${PREFIX}${check.id}`, check);
    return check;
  }

  function miss(id: string, now: number): void {
    const check = checks.get(id);
    if (check === undefined) return;
    health.recordFailure(check.name, namedError("Missed", missedWords(check, now)));
    const missed = { ...check, isMissed: true };
    checks.set(id, missed);
    // Written or not: a restart would report it again, which the tracker knows already.
    void keep(missed).catch(() => {});
  }

  function isTaken(name: string, by?: string): boolean {
    return [...checks.values()].some((check) => check.name === name && check.id !== by);
  }

  return {
    list: () => [...checks.values()].sort((a, b) => (a.name < b.name ? -1 : 1)),
    get: (id) => checks.get(id) ?? null,
    async create(settings) {
      if (isTaken(settings.name)) return "name-taken";
      if (checks.size >= MAX_CHECKS) return "too-many";
      return keep(put(newCheck(settings, newId(), clock.now())));
    },
    async update(id, change) {
      const before = checks.get(id);
      if (before === undefined) return null;
      const check = { ...before, ...change };
      if (isTaken(check.name, id)) return "name-taken";
      if (check.name !== before.name) health.forget(before.name);
      return keep(put(check));
    },
    async remove(id) {
      const check = checks.get(id);
      if (check === undefined) return false;
      checks.delete(id);
      alarm.set(id, null);
      health.forget(check.name);
      await memory.forget(`${PREFIX}${id}`);
      return true;
    },
    async ping(id, ping, output) {
      const before = checks.get(id);
      if (before === undefined) return null;
      const check = afterPing(before, ping, clock.now());
      checks.set(id, check);
      watch(check);
      if (ping.kind === "success") health.recordSuccess(check.name);
      if (ping.kind === "failure") health.recordFailure(check.name, failed(ping.exitStatus, output));
      return keep(check);
    },
    start() {
      listeningSince = clock.now();
      for (const check of checks.values()) watch(check);
    },
    stop: () => alarm.end(),
  };
}

function failed(exitStatus: number | null, output: string): Error {
  return namedError("Failed", failureWords(exitStatus, output));
}
