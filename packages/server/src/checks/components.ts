/**
 * Components of services elsewhere, which report their successes and failures over HTTP: a health tracker, with settings that are kept.
 *
 * Upstream HTTP. Downstream the health tracker.
 */
import type { ComponentOptions, ComponentStatus, HealthTracker } from "@tocsin/core";
import type { PatientMemory } from "@tocsin/core/stages";

export interface ComponentsParts {
  readonly health: Pick<
    HealthTracker,
    "recordSuccess" | "recordFailure" | "status" | "statusOf" | "configure" | "forget"
  >;
  readonly memory: PatientMemory;
}

export interface Components {
  /** By name. */
  list(): readonly ComponentStatus[];
  get(name: string): ComponentStatus | null;
  /** The settings that it was given; empty when it has none of its own, and while they cannot be read. */
  settingsOf(name: string): ComponentOptions;
  /** @returns `null` when there are too many to take another */
  succeeded(name: string): ComponentStatus | null;
  /** @returns `null` when there are too many to take another */
  failed(name: string, error: unknown): ComponentStatus | null;
  /** @throws ConfigError `CONFIG_HEALTH`, naming each bad setting */
  configure(name: string, settings: ComponentOptions): Promise<void>;
  /** @returns whether it was known */
  forget(name: string): Promise<boolean>;
}

const PREFIX = "component:";

export function createComponents({ health, memory }: ComponentsParts): Components {
  const settings = new Map<string, ComponentOptions>();
  memory.recall((facts) => {
    for (const [key, fact] of facts) {
      if (!key.startsWith(PREFIX)) continue;
      const name = key.slice(PREFIX.length);
      settings.set(name, fact as ComponentOptions);
      health.configure(name, fact as ComponentOptions);
    }
  });
  return {
    list: () => [...health.status()].sort((a, b) => (a.component < b.component ? -1 : 1)),
    get: (name) => health.statusOf(name),
    settingsOf: (name) => settings.get(name) ?? {},
    succeeded(name) {
      health.recordSuccess(name);
      return health.statusOf(name);
    },
    failed(name, error) {
      health.recordFailure(name, error);
      return health.statusOf(name);
    },
    async configure(name, own) {
      health.configure(name, own);
      settings.set(name, own);
      await memory.remember(`${PREFIX}${name}`, own);
    },
    async forget(name) {
      const isKnown = health.statusOf(name) !== null;
      health.forget(name);
      settings.delete(name);
      await memory.forget(`${PREFIX}${name}`);
      return isKnown;
    },
  };
}
