/**
 * One write of the outbox as the journal keeps it, and back. What is JSON already goes in as it is: making the text costs about a
 * microsecond.
 *
 * Pure.
 */
import type { Accepted, AppendedDelivery } from "./append.ts";
import { notificationOf } from "./rows.ts";
import type { Settled } from "./settle.ts";

/** A write that the journal can hold. */
export type JournalEntry =
  | { readonly kind: "append"; readonly accepted: readonly Accepted[] }
  | { readonly kind: "settle"; readonly settled: readonly Settled[] };

/** How many deliveries it is about. */
export function sizeOf(entry: JournalEntry): number {
  if (entry.kind === "settle") return entry.settled.length;
  return entry.accepted.reduce((sum, { deliveries }) => sum + deliveries.length, 0);
}

/** Files are not text, and belong to few. */
export function isPlain(entry: JournalEntry): boolean {
  if (entry.kind === "settle") return entry.settled.every(({ hasFiles }) => !hasFiles);
  return entry.accepted.every(({ notification }) => notification.files.length === 0);
}

export function toText(entries: readonly JournalEntry[]): string {
  return `[${entries.map(textOf).join(",")}]`;
}

function textOf(entry: JournalEntry): string {
  return entry.kind === "append"
    ? `{"append":[${entry.accepted.map(acceptedText).join(",")}]}`
    : `{"settle":[${entry.settled.map(settledText).join(",")}]}`;
}

function acceptedText({ place, body, deliveries }: Accepted): string {
  return `{"place":${place},"body":${body},"to":[${deliveries.map(deliveryText).join(",")}]}`;
}

function deliveryText({ id, lane, progress, takesOverFrom, replayOf }: AppendedDelivery): string {
  return `[${progress},${JSON.stringify([id, lane, takesOverFrom, replayOf])}]`;
}

function settledText({ id, notificationId, progress, result, settledAt, attempt }: Settled): string {
  return `[${progress},${result},${JSON.stringify([id, notificationId, settledAt, attempt === null ? null : tryOf(attempt)])}]`;
}

function tryOf({ attempt, startedAt, endedAt, outcome, status, messageId, error, bucket }: Try): TryValues {
  return [attempt, startedAt, endedAt, outcome, status, messageId, error, bucket];
}

type Try = NonNullable<Settled["attempt"]>;
type TryValues = readonly [
  Try["attempt"],
  Try["startedAt"],
  Try["endedAt"],
  Try["outcome"],
  Try["status"],
  Try["messageId"],
  Try["error"],
  /** Missing in what earlier versions have written. */
  Try["bucket"]?,
];

/** As far as its parts are JSON, they are left as they were read. */
type Read =
  | {
      readonly append: readonly {
        readonly place: number;
        readonly body: unknown;
        readonly to: readonly [unknown, readonly [string, string, string | null, string | null]][];
      }[];
    }
  | {
      readonly settle: readonly [
        unknown,
        Pick<Settled, "status">,
        readonly [string, string, number, TryValues | null],
      ][];
    };

export function fromText(text: string): readonly JournalEntry[] {
  return (JSON.parse(text) as Read[]).map(entryOf);
}

function entryOf(read: Read): JournalEntry {
  if ("settle" in read) {
    const settled = read.settle.map(([progress, result, [id, notificationId, settledAt, values]]) => ({
      id,
      notificationId,
      progress: JSON.stringify(progress),
      status: result.status,
      result: JSON.stringify(result),
      attempt: values === null ? null : tryIn(values),
      settledAt,
      hasFiles: false,
    }));
    return { kind: "settle", settled };
  }
  const accepted = read.append.map(({ place, body, to }) => {
    const text = JSON.stringify(body);
    const deliveries = to.map(([progress, [id, lane, takesOverFrom, replayOf]]) => ({
      id,
      lane,
      progress: JSON.stringify(progress),
      takesOverFrom,
      replayOf,
    }));
    return { notification: notificationOf(text, () => []), body: text, place, deliveries };
  });
  return { kind: "append", accepted };
}

function tryIn([attempt, startedAt, endedAt, outcome, status, messageId, error, bucket = null]: TryValues): Try {
  return { attempt, startedAt, endedAt, outcome, status, messageId, error, bucket };
}
