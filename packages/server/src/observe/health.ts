/** How the server is, for `/health`. */
import type { Clock } from "@tocsin/core/stages";
import type { Greenhouse } from "../greenhouse/greenhouse.ts";
import { iso } from "../http/contract.ts";
import type { Health } from "../http/health.ts";
import type { Storage } from "../storage/storage.ts";
import type { IntakeCounters } from "./intake-counters.ts";

export interface HealthSources {
  readonly clock: Clock;
  readonly storage: Storage;
  readonly greenhouse: Greenhouse;
  readonly counters: IntakeCounters;
  readonly mqtt: () => Health["services"]["mqtt"];
}

export async function checkHealth({ clock, storage, greenhouse, counters, mqtt }: HealthSources): Promise<Health> {
  const answers = await storage.ping().then(
    () => true,
    () => false,
  );
  const database = { status: answers && !greenhouse.journal.failing ? "healthy" : "failing" } as const;
  const { lastRefusal, accepted, readings, refused } = counters.counts();
  const broker = mqtt();
  return {
    status: database.status === "healthy" && broker.status === "healthy" ? "healthy" : "degraded",
    timestamp: iso(clock.now()),
    services: {
      database,
      mqtt: broker,
      alerts: { status: "healthy", under_way: greenhouse.alertWorker.underWay },
      ingest: {
        status: "healthy",
        accepted,
        readings,
        refused: refused as Record<string, number>,
        last_refusal: lastRefusal && {
          at: iso(lastRefusal.at),
          device_id: lastRefusal.deviceId,
          transport: lastRefusal.transport,
          reason: lastRefusal.reason,
        },
      },
    },
  };
}
