/** What becomes of notifications that are not taken: said once in the log, kept in history, and told in the receipt. */
import type { FailureReason } from "../delivery/result.ts";
import { untriedResult } from "../delivery/tracker.ts";
import type { Notification, NotificationId } from "../notification/notification.ts";
import type { Store } from "../store/store.ts";
import type { Logger } from "./logging.ts";
import { OpenReceipt } from "./receipt.ts";

export interface Refusals {
  refuse(notification: Notification, reason: FailureReason): OpenReceipt;
}

export function createRefusals({ logger, store }: { readonly logger: Logger; readonly store: Store | null }): Refusals {
  let saidNotConfigured = false;

  function sayNotConfigured(): void {
    const line = "Discord webhook not configured, skipping alert";
    // Once where everybody sees it; a storm of alerts must not become a storm of log lines.
    if (saidNotConfigured) logger.debug(line);
    else logger.warn(line);
    saidNotConfigured = true;
  }

  return {
    refuse(notification, reason) {
      if (reason === "no-destination") sayNotConfigured();
      // While history cannot be written, this line of it is all that is lost.
      if (reason !== "closed") void store?.history.skip(notification, reason)?.catch(() => {});
      return refusedReceipt(notification.id, reason);
    },
  };
}

/** The receipt of a notification that ends before it has begun. */
export function refusedReceipt(id: NotificationId, reason: FailureReason): OpenReceipt {
  const receipt = new OpenReceipt(id, null);
  receipt.settle(untriedResult(id, reason));
  receipt.accept();
  return receipt;
}
