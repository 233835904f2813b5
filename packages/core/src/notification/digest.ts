/**
 * Tells many notifications in one: how many of what, the first and the last, and the full list as an attached text file.
 *
 * Upstream   a lane that got more than it can carry.
 * Downstream message, which renders the digest like any other notification.
 *
 * Pure. A digest can be extended while it waits; what it has counted so far is in its labels, so that a store needs to
 * know nothing of digests.
 */
import { type Notification, type NotificationId, SEVERITIES, type Severity } from "./notification.ts";

/** Lines of the attached list; a digest that has as many is full. About 200 KB. */
export const MAX_LINES = 2_000;
const TYPE_LABEL = "digest.type.";
const SEVERITY_LABEL = "digest.severity.";
const COUNT_LABEL = "digest.count";
const FIRST_LABEL = "digest.first";
const LAST_LABEL = "digest.last";
const OVER = "over";
const LONGEST_LINE_CHARS = 300;
const FILE_NAME = "alerts.txt";
/** As bad as the worst of them looks; `null`: as any message. */
const COLORS: Readonly<Record<Severity, number | null>> = {
  info: null,
  warning: 0xf3_9c_12,
  error: 0xe6_7e_22,
  critical: 0xe7_4c_3c,
};

export interface DigestContext {
  readonly id: NotificationId;
  readonly now: number;
  /** Digests of one lane share a key, by which the one that waits is found. */
  readonly key: string;
}

/** Whether this notification is a digest with room for `more`. */
export function hasRoom({ labels }: Notification, more: number): boolean {
  const count = labels?.[COUNT_LABEL];
  return count !== undefined && Number(count) + more <= MAX_LINES;
}

/** A digest of these; one or more, in the order in which they came. */
export function startDigest(notifications: readonly Notification[], { id, now, key }: DigestContext): Notification {
  const [first] = notifications;
  const empty: Notification = {
    id,
    createdAt: now,
    type: "general",
    severity: "info",
    title: null,
    message: null,
    fields: [],
    blocks: null,
    labels: { [COUNT_LABEL]: "0", [FIRST_LABEL]: first === undefined ? "" : lineOf(first) },
    mentions: [],
    content: null,
    url: null,
    color: null,
    footer: undefined,
    author: null,
    thumbnail: null,
    image: null,
    timestamp: now,
    files: [],
    destination: null,
    key,
    phase: null,
    actions: null,
    over: null,
    count: 1,
    firstAt: first?.createdAt ?? now,
    idempotencyKey: null,
    priority: 0,
    expiresAt: null,
    quietHours: null,
    atMostOnce: false,
    format: "text",
    routing: null,
  };
  return extendDigest(empty, notifications, now);
}

/** The same digest, telling these as well. */
export function extendDigest(digest: Notification, more: readonly Notification[], now: number): Notification {
  const labels = { ...digest.labels };
  let { priority, severity } = digest;
  const mentions = new Set(digest.mentions);
  const add = (label: string, count: number): void => {
    labels[label] = String(Number(labels[label] ?? 0) + count);
  };
  for (const one of more) {
    add(COUNT_LABEL, one.count);
    add(`${TYPE_LABEL}${one.type}`, one.count);
    add(`${SEVERITY_LABEL}${gravityOf(one)}`, one.count);
    labels[LAST_LABEL] = lineOf(one);
    priority = Math.max(priority, one.priority);
    severity = worse(severity, one.severity);
    for (const mention of one.mentions) mentions.add(mention);
  }
  const told = { labels, priority, severity, mentions: [...mentions], timestamp: now, color: COLORS[severity] };
  return { ...digest, ...told, ...wording(labels, now - (digest.firstAt ?? now)), files: [listOf(digest, more)] };
}

function wording(labels: Readonly<Record<string, string>>, spanMs: number) {
  const field = (name: string, value: string, inline: boolean) => ({ name, value, inline });
  const count = Number(labels[COUNT_LABEL]);
  return {
    title: `${count.toLocaleString("en")} ${count === 1 ? "alert" : "alerts"} within ${Math.max(1, Math.round(spanMs / 60_000))} min`,
    message: "More came than could be told one by one. The attached list has them all.",
    fields: [
      field("Severity", countsOf(labels, SEVERITY_LABEL, [...SEVERITIES.toReversed(), OVER]), true),
      field("Type", countsOf(labels, TYPE_LABEL), true),
      field("First", labels[FIRST_LABEL] ?? "", false),
      field("Last", labels[LAST_LABEL] ?? "", false),
    ],
  };
}

/** What is over is no error any more. */
function gravityOf({ phase, severity }: Notification): string {
  return phase === "resolved" ? OVER : severity;
}

/** `critical ×1, error ×86, over ×3`: in the order given, or the most frequent first. */
function countsOf(labels: Readonly<Record<string, string>>, prefix: string, order?: readonly string[]): string {
  const counts = Object.entries(labels)
    .filter(([label]) => label.startsWith(prefix))
    .map(([label, count]) => [label.slice(prefix.length), Number(count)] as const);
  counts.sort(([a, many], [b, more]) => (order === undefined ? more - many : order.indexOf(a) - order.indexOf(b)));
  return counts.map(([name, count]) => `${name} ×${count.toLocaleString("en")}`).join(", ");
}

function listOf(digest: Notification, more: readonly Notification[]): Notification["files"][number] {
  const before = digest.files[0]?.data ?? new Uint8Array();
  const lines = new TextEncoder().encode(more.map((one) => `${lineOf(one)}\n`).join(""));
  const data = new Uint8Array(before.length + lines.length);
  data.set(before);
  data.set(lines, before.length);
  return { name: FILE_NAME, data, contentType: "text/plain; charset=utf-8" };
}

/** `2026-03-01T10:00:00Z  error  Import failed: a.csv is empty  ×3  firing` */
export function lineOf({ createdAt, severity, title, message, count, phase }: Notification): string {
  const text = [title, message].filter((part) => part !== null).join(": ");
  const time = new Date(createdAt).toISOString().replace(/\.\d+Z$/, "Z");
  const line = [...`${time}  ${severity}  ${text.replace(/\s+/g, " ")}`].slice(0, LONGEST_LINE_CHARS).join("");
  return [line, count === 1 ? null : `×${count}`, phase].filter((part) => part !== null).join("  ");
}

function worse(a: Severity, b: Severity): Severity {
  return SEVERITIES.indexOf(a) >= SEVERITIES.indexOf(b) ? a : b;
}
