/**
 * Everything a notifier tells about itself: status, health, configuration, limits, routes. It changes nothing, except that what
 * destinations answer when they are asked disables or enables them.
 */

import type { LaneStatus } from "../delivery/lane/status.ts";
import type { Pause } from "../delivery/pause.ts";
import type { SteadfastOutbox } from "../delivery/steadfast-store.ts";
import { normaliseNotification } from "../notification/normalise.ts";
import { ALERT_TYPES, type NotificationInput } from "../notification/notification.ts";
import type { RouteDecision } from "../notification/routing.ts";
import { toInstant } from "../notification/values.ts";
import { type Maintenance, type MaintenanceWindow, maintenanceAt } from "../withhold/maintenance.ts";
import type { ExplainOptions, NotifierStatus } from "./api.ts";
import { type ConfigurationReport, configurationOf } from "./configuration.ts";
import { type Checks, type HealthReport, healthOf } from "./destination-health.ts";
import type { Destinations } from "./destinations.ts";
import { type RateLimitInfo, type RateLimitStatus, rateLimitInfo, rateLimitStatus } from "./rate-limits.ts";
import type { Router } from "./router.ts";
import type { NotifierSettings } from "./settings.ts";

export interface InspectionParts {
  readonly settings: NotifierSettings;
  readonly engine: Inspected;
  readonly destinations: Destinations;
  readonly outbox: Pick<SteadfastOutbox, "isDurable" | "owed">;
  readonly router: Router;
  /** Asks every destination, or only this one, whether it is usable. */
  readonly ask: (only: string | null) => Promise<Checks>;
  readonly current: () => Current;
}

/** The engine, as far as it is looked at. */
export interface Inspected {
  readonly book: { readonly open: number };
  readonly pauses: { readonly ofAll: Pause | null };
  status(): readonly LaneStatus[];
}

/** What changes meanwhile. */
export interface Current {
  /** Taken, and not handed to delivery yet. */
  readonly inbox: number;
  readonly storeError: string | null;
  readonly isClosed: boolean;
  /** Mistakes in the environment and in what was configured. */
  readonly problems: readonly string[];
  readonly maintenance: readonly MaintenanceWindow[];
  /** What else keeps notifications from arriving, one sentence each. */
  readonly troubles: readonly string[];
}

export class Inspection {
  readonly #parts: InspectionParts;

  constructor(parts: InspectionParts) {
    this.#parts = parts;
  }

  status(): NotifierStatus {
    const { settings, engine, outbox, current } = this.#parts;
    const { inbox, storeError } = current();
    return {
      enabled: settings.enabled,
      open: engine.book.open + inbox,
      store: { isDurable: outbox.isDurable, pendingWrites: outbox.owed, error: storeError },
      pause: engine.pauses.ofAll,
      destinations: engine.status(),
    };
  }

  check(only: { readonly destination: string } | null = null): Promise<Checks> {
    return this.#parts.ask(only?.destination ?? null);
  }

  async healthCheck(): Promise<HealthReport> {
    const asks = this.#parts.settings.enabled && !this.#parts.current().isClosed;
    return this.#health(asks ? await this.check() : new Map());
  }

  isHealthy(): boolean {
    return this.#health(new Map()).healthy;
  }

  validateConfiguration(): ConfigurationReport {
    const { settings, destinations, current } = this.#parts;
    return configurationOf({ enabled: settings.enabled, problems: current().problems, destinations });
  }

  rateLimitStatus(): RateLimitStatus {
    const { settings, engine, destinations } = this.#parts;
    const { algorithm, limit, burst } = settings.localLimit;
    const lanes = new Map(engine.status().map((lane) => [lane.destination, lane]));
    const laneOf = (type: string): LaneStatus | null => {
      const [destination = ""] = this.explain({ type }).to;
      return lanes.get(destination) ?? null;
    };
    const types = new Set([...ALERT_TYPES, ...destinations.table.byType.keys()]);
    return rateLimitStatus(types, laneOf, algorithm === "token-bucket" ? burst : limit);
  }

  rateLimitInfo(): RateLimitInfo {
    const { settings, engine } = this.#parts;
    return rateLimitInfo(engine.status(), settings.clock.now());
  }

  explain(input: NotificationInput, { at }: ExplainOptions = {}): RouteDecision {
    const { settings, router } = this.#parts;
    const now = toInstant(at) ?? settings.clock.now();
    // Nobody ever sees this one, so that it needs no id of its own.
    return router.decide(normaliseNotification(input, { id: "ntf_", now }), now);
  }

  maintenance(): readonly Maintenance[] {
    const { settings, current } = this.#parts;
    return maintenanceAt(current().maintenance, settings.clock.now());
  }

  #health(checks: Checks): HealthReport {
    const { destinations, current } = this.#parts;
    const { isClosed, troubles } = current();
    return healthOf({ status: this.status(), isClosed, lost: [...destinations.problems, ...troubles], checks });
  }
}
