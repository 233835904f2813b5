/** What a delivery engine is made of: where it keeps things, which policies it obeys, and who listens. */
import type { Clock } from "../clock/clock.ts";
import type { BanGuardPolicy } from "./ban-guard.ts";
import type { BreakerPolicy } from "./breaker/breaker.ts";
import type { DeliveryEvent } from "./events.ts";
import type { FallbackPolicy } from "./fallback.ts";
import type { HoldBack } from "./in-place/put-off.ts";
import type { Outbox, PatientMemory } from "./outbox.ts";
import type { Overflow } from "./overflow.ts";
import type { LocalLimit } from "./pacing/local-limit.ts";
import type { PagingPolicy } from "./paging.ts";
import type { RetryPolicy } from "./retry/retry-policy.ts";

export interface DeliveryOptions {
  readonly clock: Clock;
  readonly outbox: Outbox;
  readonly memory: PatientMemory;
  readonly retry: RetryPolicy;
  readonly breaker: BreakerPolicy;
  readonly banGuard?: Partial<BanGuardPolicy> | undefined;
  readonly fallback: FallbackPolicy;
  readonly localLimit: LocalLimit;
  /** Deliveries that may wait per lane. */
  readonly queueSize: number;
  readonly overflow: Overflow;
  /** How much of a long lane is held in memory. */
  readonly paging?: Partial<PagingPolicy> | undefined;
  /** Whether what waits in a lane may share a message. */
  readonly batching: boolean;
  /** Takes over what is not to be heard before quiet hours end. */
  readonly holdBack: HoldBack;
  /** Told of everything that happens; must not throw. */
  readonly onEvent: (event: DeliveryEvent) => void;
}
