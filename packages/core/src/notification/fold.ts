/**
 * Makes one notification of two about the same matter, while the older one still waits to be told.
 *
 * Upstream   the queue of a lane, which has found two with the same key.
 * Downstream message, which shows `count`.
 *
 * Pure, and truthful: nothing that happened is left unsaid.
 */
import type { Notification } from "./notification.ts";

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/**
 * The newer one, standing for both; `null` when both have to be told on their own: a matter that fires again after a resolution
 * that has not been told yet, or notifications of which one must not be sent twice.
 */
export function foldNotifications(older: Notification, newer: Notification): Notification | null {
  if (older.atMostOnce !== newer.atMostOnce) return null;
  if (older.phase === "resolved" && newer.phase === "firing") return null;
  if (older.phase === "firing" && newer.phase === "resolved") return foldPair(older, newer);
  return {
    ...newer,
    count: older.count + newer.count,
    firstAt: startOf(older),
    mentions: union(older, newer),
    priority: Math.max(older.priority, newer.priority),
  };
}

/** Nobody has been told that it began, so its end is told as a story of its own: no longer as the end of something known. */
function foldPair(firing: Notification, resolved: Notification): Notification {
  const beganAt = firing.firstAt ?? firing.timestamp ?? firing.createdAt;
  const endedAt = resolved.timestamp ?? resolved.createdAt;
  const times = firing.count === 1 ? "" : `, reported ${firing.count} times`;
  const story = `Was firing for ${inWords(endedAt - beganAt)}${times}, over since ${utcTime(endedAt)}.`;
  return {
    ...resolved,
    phase: null,
    message: resolved.message === null ? story : `${story}\n${resolved.message}`,
    firstAt: beganAt,
    mentions: union(firing, resolved),
  };
}

function startOf(notification: Notification): number {
  return notification.firstAt ?? notification.createdAt;
}

function union(a: Notification, b: Notification): Notification["mentions"] {
  return b.mentions.length === 0 ? a.mentions : [...new Set([...a.mentions, ...b.mentions])];
}

/** `12 min`, `1 h 5 min`: two units at most, as people say it. */
function inWords(durationMs: number): string {
  const ms = Math.max(0, durationMs);
  if (ms < MINUTE_MS) return `${Math.round(ms / SECOND_MS)} s`;
  if (ms < HOUR_MS) return `${Math.round(ms / MINUTE_MS)} min`;
  if (ms < DAY_MS) return join(Math.floor(ms / HOUR_MS), "h", `${Math.floor((ms % HOUR_MS) / MINUTE_MS)} min`);
  return join(Math.floor(ms / DAY_MS), "d", `${Math.floor((ms % DAY_MS) / HOUR_MS)} h`);
}

function join(count: number, unit: string, rest: string): string {
  return rest.startsWith("0 ") ? `${count} ${unit}` : `${count} ${unit} ${rest}`;
}

/** `14:05 UTC`: of the day in question, which the message's own timestamp tells. */
function utcTime(at: number): string {
  return `${new Date(at).toISOString().slice(11, 16)} UTC`;
}
