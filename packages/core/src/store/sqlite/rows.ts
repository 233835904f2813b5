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

/** What has its usual value is not there: JSON leaves out what is `undefined`, and a property that is missing here does not compile. */
type Unusual<Whole> = { readonly [Key in keyof Whole]-?: Whole[Key] | undefined };
export type BodyValues = Unusual<Body>;
export type ProgressValues = Unusual<Progress>;

/** All of a notification but its files, to be made into JSON. */
export function bodyValuesOf(notification: Notification): BodyValues {
  const { fields, mentions, count, priority, atMostOnce, format } = notification;
  return {
    id: notification.id,
    createdAt: notification.createdAt,
    type: notification.type,
    severity: notification.severity,
    title: notification.title ?? undefined,
    message: notification.message ?? undefined,
    fields: fields.length === 0 ? undefined : fields,
    blocks: notification.blocks ?? undefined,
    labels: notification.labels ?? undefined,
    mentions: mentions.length === 0 ? undefined : mentions,
    content: notification.content ?? undefined,
    url: notification.url ?? undefined,
    color: notification.color ?? undefined,
    // Its usual value is that there is none; `null` asks for none.
    footer: notification.footer,
    author: notification.author ?? undefined,
    thumbnail: notification.thumbnail ?? undefined,
    image: notification.image ?? undefined,
    timestamp: notification.timestamp ?? undefined,
    destination: notification.destination ?? undefined,
    key: notification.key ?? undefined,
    phase: notification.phase ?? undefined,
    actions: notification.actions ?? undefined,
    over: notification.over ?? undefined,
    count: count === 1 ? undefined : count,
    firstAt: notification.firstAt ?? undefined,
    idempotencyKey: notification.idempotencyKey ?? undefined,
    priority: priority === 0 ? undefined : priority,
    expiresAt: notification.expiresAt ?? undefined,
    quietHours: notification.quietHours ?? undefined,
    atMostOnce: atMostOnce ? true : undefined,
    format: format === "text" ? undefined : format,
    routing: notification.routing ?? undefined,
  };
}

export function notificationFrom<File>(
  read: BodyValues,
  files: readonly File[],
): Body & { readonly files: readonly File[] } {
  return {
    id: read.id!,
    createdAt: read.createdAt!,
    type: read.type!,
    severity: read.severity!,
    title: read.title ?? null,
    message: read.message ?? null,
    fields: read.fields ?? [],
    blocks: read.blocks ?? null,
    labels: read.labels ?? null,
    mentions: read.mentions ?? [],
    content: read.content ?? null,
    url: read.url ?? null,
    color: read.color ?? null,
    footer: read.footer,
    author: read.author ?? null,
    thumbnail: read.thumbnail ?? null,
    image: read.image ?? null,
    timestamp: read.timestamp ?? null,
    destination: read.destination ?? null,
    key: read.key ?? null,
    phase: read.phase ?? null,
    actions: read.actions ?? null,
    over: read.over ?? null,
    count: read.count ?? 1,
    firstAt: read.firstAt ?? null,
    idempotencyKey: read.idempotencyKey ?? null,
    priority: read.priority ?? 0,
    expiresAt: read.expiresAt ?? null,
    quietHours: read.quietHours ?? null,
    atMostOnce: read.atMostOnce ?? false,
    format: read.format ?? "text",
    routing: read.routing ?? null,
    files,
  };
}

/** All of a notification but the bytes of its files, as JSON; their number where it has some. */
export function bodyOf(notification: Notification): string {
  const values = bodyValuesOf(notification);
  const { length } = notification.files;
  return JSON.stringify(length === 0 ? values : { ...values, files: length });
}

/** @param readFiles called only where there are some */
export function notificationOf<File>(
  body: string,
  readFiles: () => readonly File[],
): Body & { readonly files: readonly File[] } {
  const read = JSON.parse(body) as BodyValues & { readonly files?: number };
  return notificationFrom(read, read.files === undefined ? [] : readFiles());
}

/** A notification that is told instead of the one accepted: with its files, which are few and small (the list of a digest). */
export function toldOf(notification: Notification): string {
  return JSON.stringify(toldValuesOf(notification));
}

export function notificationTold(told: string): Notification {
  return toldFrom(JSON.parse(told) as ToldValues);
}

export function toldValuesOf(notification: Notification): ToldValues {
  return { ...bodyValuesOf(notification), files: toldFiles(notification) };
}

export function toldFrom(read: ToldValues): Notification {
  return notificationFrom(read, filesIn(read.files));
}

export type ToldValues = BodyValues & { readonly files: readonly ToldFile[] };

export type ToldFile = Omit<AttachedFile, "data"> & {
  /** In base64. */
  readonly data: string;
};

export function toldFiles({ files }: Notification): readonly ToldFile[] {
  return files.map(({ data, ...file }) => ({ ...file, data: Buffer.from(data).toString("base64") }));
}

export function filesIn(files: readonly ToldFile[]): readonly AttachedFile[] {
  return files.map((file) => ({ ...file, data: new Uint8Array(Buffer.from(file.data, "base64")) }));
}

/** Everything of a delivery that changes, or is nobody's business but the engine's, as it is now: to be made into JSON. */
export function progressOf(record: DeliveryRecord): ProgressValues {
  const { attempts, failures, notBefore, degrade, possibleRepeat, alone, edited, matters, elsewhere } = record;
  return {
    enqueuedAt: record.enqueuedAt,
    attempts: attempts === 0 ? undefined : attempts,
    failures: failures === 0 ? undefined : failures,
    notBefore: notBefore === 0 ? undefined : notBefore,
    degrade: degrade.length === 0 ? undefined : degrade,
    possibleRepeat: possibleRepeat ? true : undefined,
    alone: alone ? true : undefined,
    edited: edited === 0 ? undefined : edited,
    matters: matters.length === 0 ? undefined : matters,
    elsewhere: elsewhere.length === 0 ? undefined : elsewhere,
  };
}

export function progressIn(progress: string): Progress {
  const read = JSON.parse(progress) as ProgressValues;
  return {
    enqueuedAt: read.enqueuedAt!,
    attempts: read.attempts ?? 0,
    failures: read.failures ?? 0,
    notBefore: read.notBefore ?? 0,
    degrade: read.degrade ?? NONE,
    possibleRepeat: read.possibleRepeat ?? false,
    alone: read.alone ?? false,
    edited: read.edited ?? 0,
    matters: read.matters ?? NONE,
    elsewhere: read.elsewhere ?? NONE,
  };
}

export function recordOf(
  { id, lane, progress }: { readonly id: DeliveryRecord["id"]; readonly lane: string; readonly progress: string },
  notification: Notification,
): DeliveryRecord {
  return { id, lane, notification, ...progressIn(progress) };
}

/** One for all: thousands wait. */
const NONE: readonly never[] = Object.freeze([]);

/** Ascends in the order of sending. Priorities are whole numbers, see normalise.ts. */
export function rankOf({ priority }: Pick<Notification, "priority">): number {
  return priority === 0 ? 0 : -priority;
}
