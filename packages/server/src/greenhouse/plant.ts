/** A plant and what its metrics should stay within. Storage keeps it, the register holds it for the readings. */
import type { ThresholdLimits } from "@tocsin/core/stages";
import type { PlantPreferences } from "./preferences.ts";

export type PlantId = `plt_${string}`;

/** By metric. A map, because a metric may be called `__proto__`. */
export type Thresholds = ReadonlyMap<string, ThresholdLimits>;

export interface Plant {
  readonly id: PlantId;
  readonly name: string;
  readonly species: string | null;
  readonly thresholds: Thresholds;
  /** What people want to be told of it. */
  readonly preferences: PlantPreferences;
  /** Its own webhook as `PlantWebhooks` has sealed it; `null` for none. */
  readonly webhook: string | null;
  /** Epoch milliseconds, like every instant in this folder. */
  readonly createdAt: number;
  readonly updatedAt: number;
}

/** What is kept of plants; implemented by `storage/`. */
export interface PlantStore {
  insert(plant: Plant): Promise<void>;
  find(id: string): Promise<Plant | null>;
  all(): Promise<readonly Plant[]>;
  /** In order of id, those after `after`. */
  list(page: { readonly after: string | null; readonly limit: number }): Promise<readonly Plant[]>;
  /** Changes it as one step, whoever else changes it at the same time; `null` when there is none. */
  update(id: string, change: (plant: Plant) => Plant): Promise<Plant | null>;
  /** Takes the plant with its readings and alert states away; its alerts stay in the history. */
  remove(id: PlantId): Promise<void>;
}
