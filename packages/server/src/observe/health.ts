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
  readonly notifier: Pick<Notifier, "status">;
  readonly mqtt: () => Health["services"]["mqtt"];
}

export async function checkHealth({
  clock,
  storage,
  journal,
  counters,
  notifier,
  mqtt,
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
  const notifications = notificationsOf(sending);
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

/** None configured is a choice (A4), and so is a pause (A12); one that does not work is a fault. */
function notificationsOf({
  enabled,
  open,
  destinations,
}: Pick<NotifierStatus, "enabled" | "open" | "destinations">): Health["services"]["discord_notifications"] {
  const fails = destinations.some(({ mode, breaker }) => mode === "disabled" || breaker === "open");
  const paused = destinations.filter(({ pause }) => pause !== null).map(({ destination }) => destination);
  const numbers = { enabled, queue_size: open, paused };
  if (!enabled) return { status: "disabled", ...numbers };
  if (destinations.length === 0) return { status: "not_configured", ...numbers };
  if (fails) return { status: "failing", ...numbers };
  return { status: paused.length === destinations.length ? "paused" : "healthy", ...numbers };
}
