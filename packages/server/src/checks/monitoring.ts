/**
 * What the server watches for others: components that report, jobs that are expected to, and, if wanted, its own start and end.
 *
 * Upstream the application. Downstream a health tracker of the notifier for each.
 */
import { randomUUID } from "node:crypto";
import type { HealthTracker, Notifier } from "@tocsin/core";
import { type Clock, createPatientMemory, type Memory } from "@tocsin/core/stages";
import type { Logger } from "pino";
import { type Checks, createChecks } from "./checks.ts";
import { type Components, createComponents } from "./components.ts";

export interface MonitoringParts {
  readonly notifier: Pick<Notifier, "health">;
  readonly memory: Memory;
  readonly clock: Clock;
  readonly logger: Pick<Logger, "error">;
  /** Whether the server tells of its own start and end. */
  readonly announces: boolean;
}

export interface Monitoring {
  readonly checks: Checks;
  readonly components: Components;
  /** Of both: for their status, and for people to act on their alerts. */
  readonly trackers: readonly HealthTracker[];
  /** @param summary shown where that is told */
  start(summary: Readonly<Record<string, unknown>>): void;
  stop(): Promise<void>;
}

export function createMonitoring({ notifier, clock, logger, announces, ...parts }: MonitoringParts): Monitoring {
  const memory = createPatientMemory(parts.memory, {
    clock,
    onUnreadable: (error) => logger.error({ err: error }, "The checks cannot be read; trying again"),
  });
  const server = notifier.health({ program: "Tocsin" });
  // Their status is worth looking at even where nothing can be told.
  const jobs = notifier.health({ program: "Jobs", alwaysTrack: true });
  const services = notifier.health({ program: "Services", alwaysTrack: true });
  const checks = createChecks({ clock, memory, health: jobs, newId: randomUUID });
  return {
    checks,
    trackers: [jobs, services],
    components: createComponents({ health: services, memory }),
    start(summary) {
      checks.start();
      if (announces) server.started(summary);
    },
    async stop() {
      checks.stop();
      memory.stop();
      if (announces) await server.stopping("The server was asked to end.");
    },
  };
}
