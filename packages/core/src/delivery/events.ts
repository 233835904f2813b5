/** Everything the delivery engine tells about itself, for logs, metrics, history and tests. */
import type { NotificationId } from "../notification/notification.ts";
import type { AttemptError, DegradeStep, SendFailure } from "./channel.ts";
import type { DeliveryId } from "./outbox.ts";
import type { Pause } from "./pause.ts";
import type { DeliveryResult, DestinationResult } from "./result.ts";

interface About {
  /** Epoch milliseconds. */
  readonly at: number;
  readonly destination: string;
}

interface AboutDelivery extends About {
  readonly deliveryId: DeliveryId;
  readonly notificationId: NotificationId;
}

export type DeliveryEvent =
  /** One request came to an end. */
  | (AboutDelivery & {
      readonly type: "attempt";
      readonly attempt: number;
      readonly outcome: "delivered" | SendFailure["kind"];
      readonly status: number | null;
      readonly error: AttemptError | null;
      readonly durationMs: number;
    })
  | (AboutDelivery & {
      readonly type: "retry-scheduled";
      readonly retryAt: number;
      readonly because: "unavailable" | "ambiguous" | "rate-limited" | "banned";
    })
  /** The remote refused the message; it goes again without some part of it. */
  | (AboutDelivery & { readonly type: "degraded"; readonly step: DegradeStep })
  /** The end of a delivery at one destination, good or bad. */
  | (AboutDelivery & { readonly type: "concluded"; readonly result: DestinationResult })
  /** It goes to another destination instead. */
  | (AboutDelivery & { readonly type: "diverted"; readonly to: string })
  /** The end of a notification at all its destinations. */
  | {
      readonly type: "settled";
      readonly at: number;
      readonly notificationId: NotificationId;
      readonly result: DeliveryResult;
    }
  /** After a restart the store does not say what waits; it is asked again until it does. `destination` is `null` when it does not even say where. */
  | { readonly type: "backlog-unread"; readonly at: number; readonly destination: string | null }
  | {
      readonly type: "backlog-read";
      readonly at: number;
      readonly destination: string | null;
      readonly waiting: number;
    }
  | (About & { readonly type: "lane-disabled"; readonly error: AttemptError })
  | (About & { readonly type: "lane-enabled" })
  /** A destination was added while this runs, leads elsewhere from now on, or was taken away. `label`: which one it is, or was. */
  | (About & { readonly type: "lane-added" | "lane-replaced" | "lane-removed"; readonly label: string })
  /** By order; `destination` is `null` for all. */
  | { readonly type: "paused"; readonly at: number; readonly destination: string | null; readonly pause: Pause }
  | {
      readonly type: "resumed";
      readonly at: number;
      readonly destination: string | null;
      readonly because: "order" | "expired";
    }
  | (About & { readonly type: "breaker-opened"; readonly until: number })
  | (About & { readonly type: "breaker-closed" })
  | (About & { readonly type: "rate-limited"; readonly scope: "bucket" | "pool" | "global"; readonly until: number })
  /** Nothing leaves for this remote until then. */
  | (About & { readonly type: "banned"; readonly until: number; readonly error: AttemptError });
