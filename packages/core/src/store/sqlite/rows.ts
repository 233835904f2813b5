/**
 * Notifications and deliveries as rows, and back.
 *
 * What has its usual value is left out: half as much to write for the usual notification, and quicker made than the whole. What
 * the engine keeps of a delivery beyond that is stored as it is, so that it can keep more without a migration.
 *
 * Pure.
 */
import type { DeliveryRecord } from "../../delivery/outbox.ts";
import type { AttachedFile, Notification } from "../../notification/notification.ts";

/** Of a row in `deliveries`. */
export interface DeliveryKey {
  readonly place: number;
  readonly ordinal: number;
}

type Body = Omit<Notification, "files">;
type Progress = Omit<DeliveryRecord, "id" | "lane" | "notification">;

/** A new property of a notification must be named here, or in `Omit` when it has no usual value. */
const USUAL: Omit<Notification, "id" | "createdAt" | "type" | "severity"> = {
  title: null,
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
  format: "text",
  routing: null,
  files: [],
};

const USUAL_PROGRESS: Omit<Progress, "enqueuedAt"> = {
  attempts: 0,
  failures: 0,
  notBefore: 0,
  degrade: [],
  possibleRepeat: false,
  alone: false,
  edited: 0,
  matters: [],
  elsewhere: [],
};

/** What of a delivery has a column of its own. */
const IN_COLUMNS: ReadonlySet<string> = new Set<keyof DeliveryRecord>(["id", "lane", "notification"]);
const NOTHING: ReadonlySet<string> = new Set();

/** All of a notification but the bytes of its files, as JSON; their number where it has some. */
export function bodyOf(notification: Notification): string {
  const unusual = withoutUsual(notification, USUAL);
  if (notification.files.length > 0) unusual["files"] = notification.files.length;
  return JSON.stringify(unusual);
}

/** @param readFiles called only where there are some */
export function notificationOf<File>(
  body: string,
  readFiles: () => readonly File[],
): Body & { readonly files: readonly File[] } {
  const { files, ...rest } = JSON.parse(body) as Body & { readonly files?: number };
  return { ...USUAL, ...rest, files: files === undefined ? [] : readFiles() };
}

/** A notification that is told instead of the one accepted: with its files, which are few and small (the list of a digest). */
export function toldOf(notification: Notification): string {
  const files = notification.files.map(({ data, ...file }) => ({
    ...file,
    data: Buffer.from(data).toString("base64"),
  }));
  return JSON.stringify({ ...withoutUsual(notification, USUAL), files });
}

export function notificationTold(told: string): Notification {
  const { files, ...rest } = JSON.parse(told) as Body & { files: (Omit<AttachedFile, "data"> & { data: string })[] };
  const decoded = files.map((file) => ({ ...file, data: new Uint8Array(Buffer.from(file.data, "base64")) }));
  return { ...USUAL, ...rest, files: decoded };
}

/** Everything of a delivery that changes, or is nobody's business but the engine's. */
export function progressOf(record: DeliveryRecord): string {
  return JSON.stringify(withoutUsual(record, USUAL_PROGRESS, IN_COLUMNS));
}

export function progressIn(progress: string): Progress {
  return { ...USUAL_PROGRESS, ...(JSON.parse(progress) as Pick<Progress, "enqueuedAt">) };
}

export function recordOf(
  { id, lane, progress }: { readonly id: DeliveryRecord["id"]; readonly lane: string; readonly progress: string },
  notification: Notification,
): DeliveryRecord {
  return { id, lane, notification, ...progressIn(progress) };
}

/** Ascends in the order of sending. Priorities are whole numbers, see normalise.ts. */
export function rankOf({ priority }: Pick<Notification, "priority">): number {
  return priority === 0 ? 0 : -priority;
}

function withoutUsual(whole: object, usual: object, omitted = NOTHING): Record<string, unknown> {
  const given = whole as Readonly<Record<string, unknown>>;
  const expected = usual as Readonly<Record<string, unknown>>;
  const unusual: Record<string, unknown> = {};
  // Twice as quick as Object.entries(), and on the hot path.
  for (const key in given) {
    const value = given[key];
    if (!isUsual(value, expected[key]) && !omitted.has(key)) unusual[key] = value;
  }
  return unusual;
}

function isUsual(value: unknown, usual: unknown): boolean {
  return value === usual || (Array.isArray(usual) && Array.isArray(value) && value.length === 0);
}
