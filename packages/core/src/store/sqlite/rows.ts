/**
 * Notifications and deliveries as rows, and back. What the engine keeps of a delivery is stored as it is, so that it can keep more
 * without a migration.
 *
 * Pure.
 */
import type { DeliveryRecord } from "../../delivery/outbox.ts";
import type { AttachedFile, Notification } from "../../notification/notification.ts";

type Nullable = { [Key in keyof Notification]: null extends Notification[Key] ? Key : never }[keyof Notification];

/** What is left out of a body when it is `null`. A footer that is `null` is kept: left out, it is `undefined`. */
const ABSENT: Readonly<Record<Exclude<Nullable, "footer">, null> & { footer: undefined }> = {
  title: null,
  message: null,
  blocks: null,
  labels: null,
  content: null,
  url: null,
  color: null,
  footer: undefined,
  author: null,
  thumbnail: null,
  image: null,
  timestamp: null,
  key: null,
  phase: null,
  firstAt: null,
  idempotencyKey: null,
  expiresAt: null,
};

/**
 * All of a notification but what is `null`, as JSON, with the number of its files where it has some: a third less to write for the
 * usual one, and quicker made than the whole.
 */
export function bodyOf(notification: Notification): string {
  return JSON.stringify(withoutNulls(notification));
}

/** @param readFiles called only where there are some */
export function notificationOf<File>(
  body: string,
  readFiles: () => readonly File[],
): Omit<Notification, "files"> & { readonly files: readonly File[] } {
  const { files, ...rest } = JSON.parse(body) as Omit<Notification, "files"> & { readonly files?: number };
  return { ...ABSENT, ...rest, files: files === undefined ? [] : readFiles() };
}

/** A notification that is told instead of the one accepted: with its files, which are few and small (the list of a digest). */
export function toldOf(notification: Notification): string {
  const files = notification.files.map(({ data, ...file }) => ({
    ...file,
    data: Buffer.from(data).toString("base64"),
  }));
  return JSON.stringify({ ...withoutNulls(notification), files });
}

export function notificationTold(told: string): Notification {
  const { files, ...body } = JSON.parse(told) as { files: (Omit<AttachedFile, "data"> & { data: string })[] };
  const decoded = files.map((file) => ({ ...file, data: new Uint8Array(Buffer.from(file.data, "base64")) }));
  return { ...ABSENT, ...(body as Omit<Notification, "files">), files: decoded };
}

/** Everything of a delivery that changes, or is nobody's business but the engine's. */
export function progressOf(record: DeliveryRecord): string {
  const progress: Record<string, unknown> = {};
  for (const key in record) {
    if (key !== "id" && key !== "lane" && key !== "notification") progress[key] = record[key as keyof DeliveryRecord];
  }
  return JSON.stringify(progress);
}

export function recordOf(
  { id, lane, progress }: { readonly id: string; readonly lane: string; readonly progress: string },
  notification: Notification,
): DeliveryRecord {
  return { id, lane, notification, ...JSON.parse(progress) };
}

/** Ascends in the order of sending. Priorities are whole numbers, see normalise.ts. */
export function rankOf({ priority }: Pick<Notification, "priority">): number {
  return priority === 0 ? 0 : -priority;
}

function withoutNulls(notification: Notification): Record<string, unknown> {
  const kept: Record<string, unknown> = {};
  // Twice as quick as Object.entries(), and on the hot path.
  for (const key in notification) {
    const value = notification[key as keyof Notification];
    if ((value !== null || key === "footer") && key !== "files") kept[key] = value;
  }
  if (notification.files.length > 0) kept["files"] = notification.files.length;
  return kept;
}
