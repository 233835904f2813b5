/**
 * A check: a job that is expected to report, e.g. a line of a crontab. Decides when it is late, and what a report makes of it.
 *
 * Upstream the pings of jobs, and time. Downstream the health tracker, which says when that is worth an alert.
 * Pure. Instants are epoch milliseconds.
 */
import { durationInWords, type Severity } from "@tocsin/core/stages";

export interface Check {
  /** A UUID: whoever knows it may report, so it is handed out like a password of little worth. */
  readonly id: string;
  /** Unique; shown in messages. */
  readonly name: string;
  /** How often the job is expected. */
  readonly periodMs: number;
  /** How much later than expected a ping may come, and how long the job may take from its start. */
  readonly graceMs: number;
  /** Waits from each alert to the next while it goes on failing; none when empty. */
  readonly remindAfterMs: readonly number[];
  readonly severity: Severity;
  readonly createdAt: number;
  /** Of a success or failure; starts do not count. */
  readonly lastPingAt: number | null;
  readonly lastResult: "success" | "failure" | null;
  /** Of the last failure that came with one. */
  readonly exitStatus: number | null;
  /** When it said that it begins, if it has not ended since. */
  readonly startedAt: number | null;
  /** From start to end, the last time that both were told. */
  readonly lastDurationMs: number | null;
  /** The present deadline has passed, and has been reported. */
  readonly isMissed: boolean;
}

/** What people decide of a check. */
export type CheckSettings = Pick<Check, "name" | "periodMs" | "graceMs" | "remindAfterMs" | "severity">;

export function newCheck(settings: CheckSettings, id: string, createdAt: number): Check {
  return {
    ...settings,
    id,
    createdAt,
    isMissed: false,
    lastPingAt: null,
    lastResult: null,
    exitStatus: null,
    startedAt: null,
    lastDurationMs: null,
  };
}

export type Ping =
  | { readonly kind: "start" }
  | { readonly kind: "success" }
  | { readonly kind: "failure"; readonly exitStatus: number | null };

export type CheckPhase =
  /** Nothing is expected before its first ping. */
  | "new"
  | "running"
  | "up"
  /** Expected, and still in its grace. */
  | "late"
  | "down";

export function afterPing(check: Check, ping: Ping, now: number): Check {
  if (ping.kind === "start") return { ...check, startedAt: now, isMissed: false };
  return {
    ...check,
    lastPingAt: now,
    lastResult: ping.kind,
    exitStatus: ping.kind === "failure" ? ping.exitStatus : null,
    startedAt: null,
    lastDurationMs: check.startedAt === null ? null : Math.max(0, now - check.startedAt),
    isMissed: false,
  };
}

/**
 * When it is missed unless it reports; `null` when nothing is expected, or that has been reported already.
 *
 * @param listeningSince since when pings can arrive at all: what was due before then gets its grace once more
 */
export function dueAt(check: Check, listeningSince: number): number | null {
  if (check.isMissed) return null;
  const { startedAt, lastPingAt, periodMs, graceMs } = check;
  if (startedAt === null && lastPingAt === null) return null;
  const expectedAt = startedAt ?? lastPingAt! + periodMs;
  return Math.max(expectedAt, listeningSince) + graceMs;
}

export function phaseOf(check: Check, now: number): CheckPhase {
  const { startedAt, lastPingAt, lastResult, periodMs, isMissed } = check;
  if (isMissed) return "down";
  if (startedAt !== null) return "running";
  if (lastPingAt === null) return "new";
  if (lastResult === "failure") return "down";
  return now < lastPingAt + periodMs ? "up" : "late";
}

/** What is told of a check whose time has passed. */
export function missedWords({ startedAt, lastPingAt, periodMs, graceMs }: Check, now: number): string {
  if (startedAt !== null)
    return `It began ${durationInWords(now - startedAt)} ago and has not ended; it may take ${durationInWords(graceMs)}.`;
  const since = lastPingAt === null ? "yet" : `for ${durationInWords(now - lastPingAt)}`;
  return `No ping ${since}; one is expected every ${durationInWords(periodMs)}, and may be ${durationInWords(graceMs)} late.`;
}

/** What is told of a job that says it has failed. */
export function failureWords(exitStatus: number | null, output: string): string {
  const what = exitStatus === null ? "It reports a failure." : `It ended with exit status ${exitStatus}.`;
  return output.trim() === "" ? what : `${what}\n${output.trim()}`;
}
