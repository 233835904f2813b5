/**
 * What every notifier does alike, with and without a thread: everything that it tells about itself comes from its {@link Inspection}, and it
 * closes once.
 *
 * Upstream the classes that send. Nothing here sends.
 */
import type { ChannelCheck } from "../delivery/channel.ts";
import type { DeliveryResult } from "../delivery/result.ts";
import type { HealthTracker } from "../health/health-tracker.ts";
import type { HealthOptions } from "../health/options.ts";
import type { HealthTrackers } from "../health/trackers.ts";
import type { NotificationInput } from "../notification/notification.ts";
import type { RouteDecision } from "../notification/routing.ts";
import type { Maintenance } from "../withhold/maintenance.ts";
import type { ExplainOptions, FlushOptions, FlushReport, NotifierStatus } from "./api.ts";
import type { ConfigurationReport } from "./configuration.ts";
import type { HealthReport } from "./destination-health.ts";
import type { Inspection } from "./inspection.ts";
import type { RateLimitInfo, RateLimitStatus } from "./rate-limits.ts";
import type { Receipt } from "./receipt.ts";

/** How long `flush()` and `close()` wait for what is queued, unless they are told. */
export const DEFAULT_FLUSH_TIMEOUT_MS = 5_000;

export abstract class NotifierBase {
  protected abstract readonly inspection: Inspection;
  protected abstract readonly trackers: HealthTrackers;
  #closing: Promise<FlushReport> | null = null;

  abstract notify(input: NotificationInput): Receipt;

  /** What `close()` does, the first time that it is called. */
  protected abstract end(options: FlushOptions): Promise<FlushReport>;

  send(input: NotificationInput): Promise<DeliveryResult> {
    return this.notify(input).settled;
  }

  close(options: FlushOptions = {}): Promise<FlushReport> {
    this.#closing ??= this.end(options);
    return this.#closing;
  }

  health(options: HealthOptions = {}): HealthTracker {
    return this.trackers.open(options);
  }

  check(only?: { readonly destination: string }): Promise<ReadonlyMap<string, ChannelCheck>> {
    return this.inspection.check(only);
  }

  healthCheck(): Promise<HealthReport> {
    return this.inspection.healthCheck();
  }

  isHealthy(): boolean {
    return this.inspection.isHealthy();
  }

  validateConfiguration(): ConfigurationReport {
    return this.inspection.validateConfiguration();
  }

  status(): NotifierStatus {
    return this.inspection.status();
  }

  getRateLimitStatus(): RateLimitStatus {
    return this.inspection.rateLimitStatus();
  }

  getRateLimitInfo(): RateLimitInfo {
    return this.inspection.rateLimitInfo();
  }

  explain(input: NotificationInput, options?: ExplainOptions): RouteDecision {
    return this.inspection.explain(input, options);
  }

  maintenance(): readonly Maintenance[] {
    return this.inspection.maintenance();
  }
}
