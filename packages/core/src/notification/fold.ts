/**
 * Makes one notification of two about the same matter, while the older one still waits to be told.
 *
 * Upstream   the queue of a lane, which has found two with the same key.
 * Downstream message, which shows `count`.
 *
 * Pure, and truthful: nothing that happened is left unsaid.
 */
import type { Notification } from "./notification.ts";
import { overOf } from "./recovery.ts";

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
  const over = overOf(firing, resolved);
  const times = firing.count === 1 ? null : `Reported ${firing.count} times.`;
  const texts = [times, resolved.message].filter((text) => text !== null);
  return {
    ...resolved,
    phase: null,
    over,
    message: texts.length === 0 ? null : texts.join("\n"),
    firstAt: over.since,
    mentions: union(firing, resolved),
  };
}

function startOf(notification: Notification): number {
  return notification.firstAt ?? notification.createdAt;
}

function union(a: Notification, b: Notification): Notification["mentions"] {
  return b.mentions.length === 0 ? a.mentions : [...new Set([...a.mentions, ...b.mentions])];
}
