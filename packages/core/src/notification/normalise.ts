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
import {
  bounded,
  MAX_FIELDS,
  MAX_KEY_CHARS,
  MAX_LABELS,
  MAX_MENTIONS,
  MAX_NAME_CHARS,
  MAX_PRIORITY,
  MAX_TEXT_CHARS,
  MAX_TYPE_CHARS,
} from "./bounds.ts";
import { toFiles } from "./files.ts";
import type { Author, Field, Footer, Mention, Notification, NotificationId, Severity } from "./notification.ts";
import { readable } from "./readable.ts";
import { salvage } from "./salvage.ts";
import { toColor, toInstant, toMention, toNumber, toUrl } from "./values.ts";

const DEFAULT_TYPE = "general";
const PRIORITY: Readonly<Record<Severity, number>> = { info: 0, warning: 10, error: 20, critical: 30 };
const NO_FIELDS: readonly Field[] = Object.freeze([]);
const NO_MENTIONS: readonly Mention[] = Object.freeze([]);
const NO_FILES: Notification["files"] = Object.freeze([]);

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
  "key",
  "phase",
  "idempotencyKey",
  "priority",
  "expiresAt",
  "atMostOnce",
  "format",
] as const satisfies readonly (keyof import("./notification.ts").NotificationInput)[];

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
    files: raw["files"] === undefined ? NO_FILES : toFiles(raw["files"]),
    key: toKey(raw["key"]),
    phase: toPhase(raw["phase"]),
    count: 1,
    firstAt: null,
    idempotencyKey: toKey(raw["idempotencyKey"]),
    priority: toPriority(raw["priority"], severity),
    expiresAt: toInstant(raw["expiresAt"]),
    atMostOnce: raw["atMostOnce"] === true,
    format: raw["format"] === "markdown" ? "markdown" : "text",
  };
}

function toPhase(value: unknown): Notification["phase"] {
  return value === "firing" || value === "resolved" ? value : null;
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

function toText(value: unknown): string | null {
  if (value === undefined || value === null || value === "") return null;
  return typeof value === "string" ? bounded(value, MAX_TEXT_CHARS) : readable(value, MAX_TEXT_CHARS);
}

function toFields(value: unknown): readonly Field[] {
  if (typeof value !== "object" || value === null) {
    return value === undefined || value === null ? NO_FIELDS : [{ name: "", value: readable(value), inline: true }];
  }
  const fields = Array.isArray(value) ? value.slice(0, MAX_FIELDS).map(listedField) : recordFields(value);
  return fields.length === 0 ? NO_FIELDS : fields;
}

function recordFields(value: object): Field[] {
  const record = value instanceof Map ? Object.fromEntries(value) : (value as Raw);
  const fields: Field[] = [];
  for (const name of Object.keys(record)) {
    const entry: unknown = record[name];
    if (entry === undefined) continue;
    fields.push({ name: bounded(name, MAX_NAME_CHARS), value: readable(entry), inline: true });
    if (fields.length === MAX_FIELDS) break;
  }
  return fields;
}

function listedField(item: unknown): Field {
  if (typeof item !== "object" || item === null) return { name: "", value: readable(item), inline: true };
  const { name, value, inline } = item as Raw;
  return {
    name: name === undefined || name === null ? "" : readable(name, MAX_NAME_CHARS),
    value: value === undefined ? "" : readable(value),
    inline: inline !== false,
  };
}

function toLabels(value: unknown): Readonly<Record<string, string>> | null {
  if (typeof value !== "object" || value === null) return null;
  const labels: Record<string, string> = {};
  const names = Object.keys(value).slice(0, MAX_LABELS);
  for (const name of names) {
    const label = (value as Raw)[name];
    if (label !== undefined) labels[bounded(name, MAX_NAME_CHARS)] = readable(label, MAX_NAME_CHARS);
  }
  return names.length === 0 ? null : labels;
}

function toMentions(value: unknown): readonly Mention[] {
  if (value === undefined || value === null) return NO_MENTIONS;
  const asked = Array.isArray(value) ? value.slice(0, MAX_MENTIONS) : [value];
  const mentions = new Set(asked.map(toMention).filter((mention) => mention !== null));
  return mentions.size === 0 ? NO_MENTIONS : [...mentions];
}

function toFooter(value: unknown): Footer | null | undefined {
  if (value === undefined || value === null || value === "") return value === "" ? null : value;
  if (typeof value !== "object") return { text: readable(value, MAX_TEXT_CHARS), iconUrl: null };
  const { text, iconUrl, icon_url } = value as Raw;
  const shown = toText(text);
  return shown === null ? undefined : { text: shown, iconUrl: toUrl(iconUrl ?? icon_url) };
}

function toAuthor(value: unknown): Author | null {
  if (value === undefined || value === null || value === "") return null;
  if (typeof value !== "object") return { name: readable(value, MAX_NAME_CHARS), url: null, iconUrl: null };
  const { name, url, iconUrl, icon_url } = value as Raw;
  const shown = toText(name);
  return shown === null
    ? null
    : { name: bounded(shown, MAX_NAME_CHARS), url: toUrl(url), iconUrl: toUrl(iconUrl ?? icon_url) };
}

function toKey(value: unknown): string | null {
  if (value === undefined || value === null || value === "") return null;
  const key = typeof value === "string" ? value : readable(value, MAX_KEY_CHARS + 1);
  return key.length <= MAX_KEY_CHARS ? key : null;
}

function toPriority(value: unknown, severity: Severity): number {
  const priority = value === undefined ? null : toNumber(value);
  return priority === null ? PRIORITY[severity] : Math.trunc(Math.max(-MAX_PRIORITY, Math.min(MAX_PRIORITY, priority)));
}
