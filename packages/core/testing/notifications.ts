/** Complete notifications for tests. */
import type { Notification, NotificationId } from "../src/notification/notification.ts";

/** A notification with the given properties; the rest is plain. */
export function aNotification(overrides: Partial<Notification> = {}): Notification {
  return {
    id: "ntf_test" as NotificationId,
    createdAt: Date.UTC(2026, 0, 1),
    type: "general",
    severity: "info",
    title: "Something happened",
    message: null,
    fields: [],
    blocks: null,
    labels: null,
    mentions: [],
    content: null,
    url: null,
    color: null,
    footer: undefined,
    author: null,
    thumbnail: null,
    image: null,
    timestamp: null,
    files: [],
    destination: null,
    key: null,
    phase: null,
    actions: null,
    over: null,
    count: 1,
    firstAt: null,
    idempotencyKey: null,
    priority: 0,
    expiresAt: null,
    quietHours: null,
    atMostOnce: false,
    routing: null,
    format: "text",
    ...overrides,
  };
}
