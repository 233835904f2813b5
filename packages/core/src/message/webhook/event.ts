/**
 * A notification as an event for other programs: the JSON body of a webhook, whose names and meanings stay as they are within a
 * version. Everything is in it as the application wrote it; what shows or stores it must escape it. Pure.
 */
import type { AttachedFile, Notification } from "../../notification/notification.ts";
import { renderText } from "../text.ts";

/** Goes up when a name goes or changes its meaning; new names may come at any time. */
export const WEBHOOK_EVENT_VERSION = 1;
/** A larger attachment is named but not carried: receivers tend to refuse large bodies. */
const MAX_FILE_BYTES = 1_048_576;

export interface WebhookEventStyle {
  readonly service: string;
  /** Files are named, but not carried. */
  readonly withoutFiles: boolean;
}

/** The same text for the same notification, however often it is sent. */
export function renderWebhookEvent(notification: Notification, style: WebhookEventStyle): string {
  const event = {
    type: "notification.created",
    timestamp: time(notification.createdAt),
    data: dataOf(notification, style),
  };
  // Half characters are legal in JSON, but not every parser takes them.
  return JSON.stringify(event, (_, value: unknown) => (typeof value === "string" ? value.toWellFormed() : value));
}

function dataOf(notification: Notification, { service, withoutFiles }: WebhookEventStyle) {
  const { id, type, severity, title, message, fields, labels, mentions, content, url, color } = notification;
  const { footer, author, thumbnail, image, key, phase, over, count, priority, format } = notification;
  return {
    version: WEBHOOK_EVENT_VERSION,
    id,
    service,
    type,
    severity,
    title,
    message,
    /** All of it in one text for reading. */
    text: renderText(notification),
    fields: fields.map(({ name, value, inline }) => ({ name, value, inline })),
    blocks: notification.blocks ?? [],
    labels: Object.fromEntries(Object.entries(labels ?? {}).map(([name, value]) => [name.toWellFormed(), value])),
    mentions,
    content,
    url,
    color,
    footer: footer?.text ?? null,
    author: author && { name: author.name, url: author.url, icon_url: author.iconUrl },
    thumbnail,
    image,
    occurred_at: time(notification.timestamp),
    key,
    phase,
    count,
    /** The matter that it tells of is over. */
    over: over && { since: time(over.since), until: time(over.until) },
    first_at: time(notification.firstAt),
    priority,
    expires_at: time(notification.expiresAt),
    format,
    files: notification.files.map((file) => fileOf(file, withoutFiles)),
  };
}

function fileOf({ name, contentType, data }: AttachedFile, withoutFiles: boolean) {
  const isCarried = !withoutFiles && data.byteLength <= MAX_FILE_BYTES;
  const { buffer, byteOffset, byteLength } = data;
  const base64 = isCarried ? Buffer.from(buffer, byteOffset, byteLength).toString("base64") : null;
  return { name, content_type: contentType, bytes: byteLength, base64 };
}

/** RFC 3339, in UTC. */
function time(at: number | null): string | null {
  return at === null ? null : new Date(at).toISOString();
}
