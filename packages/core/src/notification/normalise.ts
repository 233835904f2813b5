/**
 * Turns whatever an application passes to `notify()` into a complete {@link Notification} that nobody else holds parts of.
 *
 * Upstream   the notifier, on the caller's own thread: so no escaping, no measuring, nothing that a channel can do later.
 * Downstream route, message, delivery, which may rely on every type being right.
 *
 * Never throws. The first attempt reads the input without guards, because guards cost and inputs are nearly always
 * plain; if reading throws, a second one works on what {@link salvage} could rescue.
 * Pure but for getters of the input.
 */
import { ALERT_ACTIONS } from "../alert/desk.ts";
import { toBlocks } from "./blocks.ts";
import {
  bounded,
  MAX_KEY_CHARS,
  MAX_PRIORITY,
  MAX_QUIET_HOURS,
  MAX_QUIET_HOURS_CHARS,
  MAX_TYPE_CHARS,
} from "./bounds.ts";
import { toFiles } from "./files.ts";
import type { Notification, NotificationId, NotificationInput, Severity } from "./notification.ts";
import { toAuthor, toFields, toFooter, toLabels, toMentions, toText } from "./parts.ts";
import { readable } from "./readable.ts";
import { salvage } from "./salvage.ts";
import { toColor, toInstant, toNumber, toUrl } from "./values.ts";

const DEFAULT_TYPE = "general";
const PRIORITY: Readonly<Record<Severity, number>> = { info: 0, warning: 10, error: 20, critical: 30 };

export interface NormaliseContext {
  readonly id: NotificationId;
  /** Epoch milliseconds; becomes `createdAt`, and the timestamp of an input that names none. */
  readonly now: number;
}

type Raw = Readonly<Record<string, unknown>>;

const KEYS = [
  "type",
  "severity",
  "title",
  "message",
  "fields",
  "blocks",
  "labels",
  "mentions",
  "content",
  "url",
  "color",
  "footer",
  "author",
  "thumbnail",
  "image",
  "timestamp",
  "files",
  "destination",
  "key",
  "phase",
  "since",
  "actions",
  "idempotencyKey",
  "priority",
  "expiresAt",
  "quietHours",
  "atMostOnce",
  "format",
] as const satisfies readonly (keyof NotificationInput)[];

/**
 * A complete notification out of any input at all. Never throws.
 *
 * Values of the wrong type are shown as well as they can be, or left out. A text alone becomes the message, an `Error`
 * an error alert. Texts are kept up to 100,000 characters, field values up to 10,000, and 1,000 fields: more than any
 * channel shows.
 */
export function normaliseNotification(input: unknown, context: NormaliseContext): Notification {
  try {
    return build(recordOf(input), context);
  } catch {
    return build(salvage(input, KEYS), context);
  }
}

function recordOf(input: unknown): Raw {
  if (typeof input === "object" && input !== null && !Array.isArray(input)) {
    return input instanceof Error
      ? { type: "error", title: readable(input.name), message: input.message }
      : (input as Raw);
  }
  return input === undefined || input === null ? {} : { message: input };
}

function build(raw: Raw, { id, now }: NormaliseContext): Notification {
  const type = toType(raw["type"]);
  const severity = toSeverity(raw["severity"], type);
  const timestamp = raw["timestamp"];
  return {
    id,
    createdAt: now,
    type,
    severity,
    title: toText(raw["title"]),
    message: toText(raw["message"]),
    fields: toFields(raw["fields"]),
    blocks: toBlocks(raw["blocks"]),
    labels: toLabels(raw["labels"]),
    mentions: toMentions(raw["mentions"]),
    content: toText(raw["content"]),
    url: toUrl(raw["url"]),
    color: toColor(raw["color"]),
    footer: toFooter(raw["footer"]),
    author: toAuthor(raw["author"]),
    thumbnail: toUrl(raw["thumbnail"]),
    image: toUrl(raw["image"]),
    timestamp: timestamp === undefined ? now : toInstant(timestamp),
    files: toFiles(raw["files"]),
    destination: toKey(raw["destination"]),
    key: toKey(raw["key"]),
    phase: toPhase(raw["phase"]),
    actions: toActions(raw["actions"]),
    over: null,
    count: 1,
    firstAt: toInstant(raw["since"]),
    idempotencyKey: toKey(raw["idempotencyKey"]),
    priority: toPriority(raw["priority"], severity),
    expiresAt: toInstant(raw["expiresAt"]),
    quietHours: toQuietHours(raw["quietHours"]),
    atMostOnce: raw["atMostOnce"] === true,
    format: raw["format"] === "markdown" ? "markdown" : "text",
    routing: null,
  };
}

function toPhase(value: unknown): Notification["phase"] {
  return value === "firing" || value === "resolved" ? value : null;
}

function toActions(value: unknown): Notification["actions"] {
  const actions = Array.isArray(value) ? ALERT_ACTIONS.filter((action) => value.includes(action)) : [];
  return actions.length === 0 ? null : actions;
}

function toType(value: unknown): string {
  if (typeof value !== "string") return DEFAULT_TYPE;
  const type = value.trim().toLowerCase();
  return type === "" ? DEFAULT_TYPE : type.slice(0, MAX_TYPE_CHARS);
}

function toSeverity(value: unknown, type: string): Severity {
  switch (typeof value === "string" ? value.trim().toLowerCase() : undefined) {
    case "info":
      return "info";
    case "warning":
      return "warning";
    case "error":
      return "error";
    case "critical":
      return "critical";
    default:
      return defaultSeverity(type);
  }
}

function defaultSeverity(type: string): Severity {
  if (type === "critical") return "critical";
  return type === "error" || type === "security" ? "error" : "info";
}

function toKey(value: unknown): string | null {
  if (value === undefined || value === null || value === "") return null;
  const key = typeof value === "string" ? value : readable(value, MAX_KEY_CHARS + 1);
  return key.length <= MAX_KEY_CHARS ? key : null;
}

/** Whether they can be read is for the router to say, which knows the time zone. */
function toQuietHours(value: unknown): Notification["quietHours"] {
  if (value === undefined || value === null) return null;
  const hours = [value].flat().filter((one): one is string => typeof one === "string" && one.trim() !== "");
  return hours.length === 0
    ? null
    : hours.slice(0, MAX_QUIET_HOURS).map((text) => bounded(text, MAX_QUIET_HOURS_CHARS));
}

function toPriority(value: unknown, severity: Severity): number {
  const priority = value === undefined ? null : toNumber(value);
  return priority === null ? PRIORITY[severity] : Math.trunc(Math.max(-MAX_PRIORITY, Math.min(MAX_PRIORITY, priority)));
}
