/** Counts what came in and what was refused, for `/health`, and says in the log who is at fault, once an hour at most. */
import type { Clock } from "@tocsin/core/stages";
import type { Logger } from "pino";
import type { Refusal, Transport, Verdict } from "../greenhouse/intake.ts";

export interface IntakeCounts {
  /** Reports of which at least one metric was taken, and heartbeats. */
  readonly accepted: number;
  readonly readings: number;
  /** By reason. */
  readonly refused: Readonly<Partial<Record<Refusal, number>>>;
  readonly lastRefusal: LastRefusal | null;
}

export interface LastRefusal {
  readonly at: number;
  readonly deviceId: string;
  readonly transport: Transport;
  readonly reason: Refusal;
}

export interface IntakeCounters {
  verdict(source: RefusalSource, verdict: Verdict): void;
  refused(source: RefusalSource, reason: Refusal): void;
  counts(): IntakeCounts;
}

export interface RefusalSource {
  readonly deviceId: string;
  readonly transport: Transport;
}

const LOG_AGAIN_AFTER_MS = 3_600_000;
/** Faults remembered as logged; when they are more, somebody makes names up, and the log may repeat itself. */
const MAX_REMEMBERED = 10_000;
const LONGEST_LOGGED_ID = 100;

export function createIntakeCounters({ clock, logger }: { clock: Clock; logger: Logger }): IntakeCounters {
  const refusals: Partial<Record<Refusal, number>> = {};
  const loggedAt = new Map<string, number>();
  let lastRefusal: LastRefusal | null = null;
  let accepted = 0;
  let readings = 0;

  function refused({ deviceId, transport }: RefusalSource, reason: Refusal): void {
    const at = clock.now();
    refusals[reason] = (refusals[reason] ?? 0) + 1;
    const shownId = deviceId.slice(0, LONGEST_LOGGED_ID);
    lastRefusal = { at, deviceId: shownId, transport, reason };
    const fault = `${reason} ${shownId}`;
    if (at - (loggedAt.get(fault) ?? Number.NEGATIVE_INFINITY) < LOG_AGAIN_AFTER_MS) return;
    if (loggedAt.size >= MAX_REMEMBERED) loggedAt.clear();
    loggedAt.set(fault, at);
    logger.warn(
      { deviceId: shownId, transport, reason },
      "Refused what a device sent; the same fault is logged once an hour",
    );
  }

  return {
    verdict(source, verdict) {
      if (verdict.accepted) {
        accepted++;
        readings += verdict.metrics.length;
        for (const { reason } of verdict.refused) refused(source, reason);
      } else refused(source, verdict.reason);
    },
    refused,
    counts: () => ({ accepted, readings, refused: { ...refusals }, lastRefusal }),
  };
}
