/** What people do with plants. Every change is made in the database first and in the register then. */
import type { Clock } from "@tocsin/core/stages";
import type { Alerting } from "./alerting.ts";
import { plantNotFound, storageUnavailable } from "./errors.ts";
import type { Journal } from "./journal.ts";
import type { Plant, PlantId, PlantStore, Thresholds } from "./plant.ts";
import type { PlantWebhooks } from "./plant-webhooks.ts";
import { NO_PREFERENCES, type PlantPreferences } from "./preferences.ts";
import type { Register } from "./register.ts";

export interface PlantsOptions {
  readonly clock: Clock;
  readonly newId: () => PlantId;
  readonly store: PlantStore;
  readonly register: Register;
  readonly journal: Journal;
  readonly alerting: Alerting;
  readonly webhooks: PlantWebhooks;
  /** What waits under the hours of before is to wait under the present ones. */
  readonly quietHoursChanged: (plant: Plant) => Promise<unknown>;
}

export interface PlantFacts {
  readonly name: string;
  readonly species: string | null;
  readonly thresholds: Thresholds;
}

/** What is left out stays; a metric that is `null` loses its thresholds. */
export interface PlantChange {
  readonly name?: string | undefined;
  readonly species?: string | null | undefined;
  readonly thresholds?:
    | ReadonlyMap<string, { readonly min: number | null; readonly max: number | null } | null>
    | undefined;
}

export interface Plants {
  create(facts: PlantFacts): Promise<Plant>;
  /** All of these throw {@link GreenhouseError} `plant-not-found`. */
  get(id: string): Promise<Plant>;
  change(id: string, change: PlantChange): Promise<Plant>;
  /**
   * Changes what people want to be told of it.
   *
   * @param webhook its own from now on, `null` for none; left out, it stays
   * @throws GreenhouseError also `webhook-refused` and `encryption-key-missing`; nothing has changed then
   */
  prefer(
    id: string,
    change: (before: PlantPreferences) => PlantPreferences,
    webhook?: string | null | undefined,
  ): Promise<Plant>;
  remove(id: string): Promise<void>;
  list: PlantStore["list"];
}

export function createPlants(options: PlantsOptions): Plants {
  const { clock, newId, store, register, journal, alerting, webhooks, quietHoursChanged } = options;

  async function get(id: string): Promise<Plant> {
    const plant = await store.find(id);
    if (plant === null) throw plantNotFound(id);
    return plant;
  }

  return {
    get,
    list: store.list,
    async create(facts) {
      const now = Math.floor(clock.now());
      const plant: Plant = { id: newId(), ...facts, ...NEW, createdAt: now, updatedAt: now };
      await store.insert(plant);
      register.addPlant(plant);
      return plant;
    },
    async change(id, { name, species, thresholds }) {
      const now = Math.floor(clock.now());
      const changed = await store.update(id, (plant) => ({
        ...plant,
        name: name ?? plant.name,
        species: species === undefined ? plant.species : species,
        thresholds: merge(plant.thresholds, thresholds),
        updatedAt: now,
      }));
      if (changed === null) throw plantNotFound(id);
      register.changePlant(changed);
      alerting.thresholdsChanged(changed, now);
      // Reports of its webhook's trouble name the plant.
      if (name !== undefined && changed.webhook !== null) webhooks.follow(changed);
      return changed;
    },
    async prefer(id, change, webhook) {
      const sealed = typeof webhook === "string" ? webhooks.seal(id as PlantId, webhook) : webhook;
      const before: Plant[] = [];
      const changed = await store.update(id, (plant) => {
        before.push(plant);
        return {
          ...plant,
          preferences: change(plant.preferences),
          webhook: sealed === undefined ? plant.webhook : sealed,
        };
      });
      if (changed === null) throw plantNotFound(id);
      register.changePlant(changed);
      const hours = [before.at(-1)!, changed].map(({ preferences }) => preferences.quietHours.join("\n"));
      const isQuietOtherwise = hours[0] !== hours[1];
      // What has been found by now may be on its way to the outbox, with the preferences of before.
      if ((isQuietOtherwise || sealed !== undefined) && !journal.failing) await journal.flush();
      if (sealed !== undefined) webhooks.follow(changed);
      if (isQuietOtherwise) await quietHoursChanged(changed);
      return changed;
    },
    async remove(id) {
      const plant = register.plants.get(id);
      if (plant === undefined) throw plantNotFound(id);
      if (journal.failing) throw storageUnavailable();
      // First nothing new arrives for it, then what is on its way arrives, then it goes.
      register.removePlant(plant.id);
      alerting.forgetPlant(plant.id, Math.floor(clock.now()));
      await journal.flush();
      await webhooks.forget(plant.id);
      await store.remove(plant.id);
    },
  };
}

const NEW = { preferences: NO_PREFERENCES, webhook: null };

function merge(present: Thresholds, change: PlantChange["thresholds"]): Thresholds {
  const merged = new Map(present);
  for (const [metric, limits] of change ?? []) {
    if (limits === null) merged.delete(metric);
    else merged.set(metric, limits);
  }
  return merged;
}
