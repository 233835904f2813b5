/** How a command ended, for scripts. The meanings never change. */
import type { DeliveryResult } from "@tocsin/core/stages";

export const EXIT = {
  delivered: 0,
  failed: 1,
  usage: 2,
  nowhere: 3,
  refused: 4,
  undelivered: 5,
  partial: 6,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** As shown by `--help`. */
export const EXIT_HELP = `
Exit codes:
  0  delivered (or notifications are turned off by DISCORD_NOTIFICATIONS_ENABLED=false)
  1  an unexpected error
  2  wrong usage or configuration; nothing was sent
  3  no webhook is configured for this type; nothing was sent
  4  refused: Discord did not accept the message, or the webhook does not work
  5  not delivered in time, in spite of retries; it may arrive twice when sent again
  6  delivered to some of its destinations only`;

export function exitCodeOf({ status, reason }: DeliveryResult): ExitCode {
  switch (status) {
    case "delivered":
    case "folded":
    case "deferred":
      return EXIT.delivered;
    case "skipped":
      return reason === "disabled" ? EXIT.delivered : EXIT.nowhere;
    case "partial":
      return EXIT.partial;
    case "failed":
      return reason === "rejected" || reason === "destination-disabled" ? EXIT.refused : EXIT.undelivered;
    case "dropped":
    case "expired":
      return EXIT.undelivered;
  }
}

/** Of the commands that ask a server. */
export const ASKED_EXIT = { done: 0, failed: 1, usage: 2, unreachable: 3, refused: 4 } as const;

/** As shown by their `--help`. */
export const ASKED_EXIT_HELP = `
Exit codes:
  0  done
  1  an unexpected error
  2  wrong usage; nothing was done
  3  no server answers, it cannot use its database, or the file cannot be opened
  4  refused: there is no such thing, not every dead letter could be replayed, or a channel is not usable`;
