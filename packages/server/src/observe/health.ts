/** How the server is, for `/health`. */
import type { Notifier, NotifierStatus } from "@tocsin/core";
import type { Clock } from "@tocsin/core/stages";
import type { Journal } from "../greenhouse/journal.ts";
import { iso } from "../http/contract/shared.ts";
import type { Health } from "../http/health.ts";
import type { Storage } from "../storage/storage.ts";
import type { IntakeCounters } from "./intake-counters.ts";

export interface HealthSources {
  readonly clock: Clock;
  readonly storage: Pick<Storage, "ping">;
  readonly journal: Pick<Journal, "failing">;
  readonly counters: IntakeCounters;
  readonly notifier: Pick<Notifier, "status" | "isHealthy">;
  readonly mqtt: () => Health["services"]["mqtt"];
  /** Of the plant to which this destination belongs, and nobody else; `null` for those that are everybody's. */
  readonly plantNameOf: (destination: string) => string | null;
}

export async function checkHealth({
  clock,
  storage,
  journal,
  counters,
  notifier,
  mqtt,
  plantNameOf,
}: HealthSources): Promise<Health> {
  const answers = await storage.ping().then(
    () => true,
    () => false,
  );
  const { store, ...sending } = notifier.status();
  const works = answers && !journal.failing && store.error === null;
  const database = { status: works ? "healthy" : "failing" } as const;
  const { lastRefusal, accepted, readings, refused } = counters.counts();
  const broker = mqtt();
  const notifications = notificationsOf({ ...sending, isHealthy: notifier.isHealthy() }, plantNameOf);
  const sendingFails = notifications.status === "failing";
  return {
    status: database.status === "healthy" && broker.status === "healthy" && !sendingFails ? "healthy" : "degraded",
    timestamp: iso(clock.now()),
    services: {
      database,
      mqtt: broker,
      discord_notifications: notifications,
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

interface Sending extends Pick<NotifierStatus, "enabled" | "open" | "destinations"> {
  readonly isHealthy: boolean;
}

/**
 * None configured is a choice (A4), unless one was and cannot be used, and so is a pause (A12); one that does not work is a fault. That of a single plant is the fault of
 * whoever set it: others take over for it, and the server is as well as before.
 */
function notificationsOf(
  { enabled, open, destinations, isHealthy }: Sending,
  plantNameOf: HealthSources["plantNameOf"],
): Health["services"]["discord_notifications"] {
  const fails = destinations.filter(({ mode, breaker }) => mode === "disabled" || breaker === "open");
  const plantOf = new Map(fails.map(({ destination }) => [destination, plantNameOf(destination)]));
  const outOfOrder = [...plantOf].map(([channel, plant]) => ({
    channel,
    title: plant === null ? channel : `Webhook of ${plant}`,
  }));
  const paused = destinations.filter(({ pause }) => pause !== null).map(({ destination }) => destination);
  const numbers = { enabled, queue_size: open, paused, out_of_order: outOfOrder };
  if (!enabled) return { status: "disabled", ...numbers };
  if (destinations.length === 0) return { status: isHealthy ? "not_configured" : "failing", ...numbers };
  if ([...plantOf.values()].includes(null)) return { status: "failing", ...numbers };
  if (fails.length > 0) return { status: "degraded", ...numbers };
  return { status: paused.length === destinations.length ? "paused" : "healthy", ...numbers };
}
