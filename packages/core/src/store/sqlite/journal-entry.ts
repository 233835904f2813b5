/**
 * One write of the outbox as the journal keeps it, and back. Files go in as base64, as they belong to few.
 *
 * Pure.
 */
import type { DestinationResult, FailureReason } from "../../delivery/result.ts";
import type { Notification } from "../../notification/notification.ts";
import type { Accepted } from "./append.ts";
import {
  type BodyValues,
  bodyValuesOf,
  filesIn,
  notificationFrom,
  type ProgressValues,
  type ToldFile,
  type ToldValues,
  toldFiles,
  toldFrom,
  toldValuesOf,
} from "./rows.ts";
import type { Amended, Postponed, Settled } from "./settle.ts";

/** A write that the journal can hold. */
export type JournalEntry =
  | { readonly kind: "append"; readonly accepted: readonly Accepted[] }
  | { readonly kind: "postpone"; readonly postponed: readonly Postponed[] }
  | { readonly kind: "amend"; readonly amended: Amended }
  | { readonly kind: "settle"; readonly settled: readonly Settled[] }
  | { readonly kind: "skip"; readonly notification: Notification; readonly reason: FailureReason };

/** How many deliveries they are about. */
export function sizeOfAll(entries: readonly JournalEntry[]): number {
  return entries.reduce((sum, entry) => sum + sizeOf(entry), 0);
}

function sizeOf(entry: JournalEntry): number {
  switch (entry.kind) {
    case "append":
      return entry.accepted.reduce((sum, { deliveries }) => sum + deliveries.length, 0);
    case "postpone":
      return entry.postponed.length;
    case "settle":
      return entry.settled.length;
    case "amend":
    case "skip":
      return 1;
  }
}

export function toText(entries: readonly JournalEntry[]): string {
  return JSON.stringify(entries.map(valuesOf));
}

/** Short, as there are many: no names but where something is rare. */
type Values =
  | { readonly append: readonly AcceptedValues[] }
  | { readonly postpone: readonly [ProgressValues, [id: string, notificationId: string, TryValues]][] }
  | { readonly amend: readonly [ProgressValues, ToldValues, [id: string, notificationId: string, rank: number]] }
  | { readonly settle: readonly [ProgressValues, DestinationResult, SettledValues][] }
  | { readonly skip: readonly [ToldValues, FailureReason] };

interface AcceptedValues {
  readonly body: BodyValues;
  readonly to: readonly [ProgressValues, DeliveryValues][];
  readonly files?: readonly ToldFile[];
}

type DeliveryValues = readonly [id: string, lane: string, takesOverFrom: string | null, replayOf: string | null];
type SettledValues = readonly [
  id: string,
  notificationId: string,
  settledAt: number,
  attempt: TryValues | null,
  hasFiles: boolean,
];
type Try = NonNullable<Settled["attempt"]>;
type TryValues = readonly [
  Try["attempt"],
  Try["startedAt"],
  Try["endedAt"],
  Try["outcome"],
  Try["status"],
  Try["messageId"],
  Try["error"],
  Try["bucket"],
];

function valuesOf(entry: JournalEntry): Values {
  switch (entry.kind) {
    case "append":
      return { append: entry.accepted.map(acceptedValues) };
    case "postpone":
      return {
        postpone: entry.postponed.map(({ progress, id, notificationId, attempt }) => [
          progress,
          [id, notificationId, tryValues(attempt)],
        ]),
      };
    case "amend": {
      const { progress, notification, id, notificationId, rank } = entry.amended;
      return { amend: [progress, toldValuesOf(notification), [id, notificationId, rank]] };
    }
    case "settle":
      return { settle: entry.settled.map((settled) => [settled.progress, settled.result, settledValues(settled)]) };
    case "skip":
      return { skip: [toldValuesOf(entry.notification), entry.reason] };
  }
}

function acceptedValues({ notification, deliveries }: Accepted): AcceptedValues {
  const body = bodyValuesOf(notification);
  const to = deliveries.map(({ progress, id, lane, takesOverFrom, replayOf }): AcceptedValues["to"][number] => [
    progress,
    [id, lane, takesOverFrom, replayOf],
  ]);
  return notification.files.length === 0 ? { body, to } : { body, to, files: toldFiles(notification) };
}

function settledValues({ id, notificationId, settledAt, attempt, hasFiles }: Settled): SettledValues {
  return [id, notificationId, settledAt, attempt === null ? null : tryValues(attempt), hasFiles];
}

function tryValues({ attempt, startedAt, endedAt, outcome, status, messageId, error, bucket }: Try): TryValues {
  return [attempt, startedAt, endedAt, outcome, status, messageId, error, bucket];
}

export function fromText(text: string): readonly JournalEntry[] {
  return (JSON.parse(text) as Values[]).map(entryOf);
}

function entryOf(values: Values): JournalEntry {
  if ("append" in values) return { kind: "append", accepted: values.append.map(acceptedFrom) };
  if ("settle" in values) {
    const settled = values.settle.map(([progress, result, rest]) => settledFrom(progress, result, rest));
    return { kind: "settle", settled };
  }
  if ("postpone" in values) {
    const postponed = values.postpone.map(([progress, [id, notificationId, attempt]]) => {
      return { id, notificationId, progress, attempt: tryFrom(attempt) };
    });
    return { kind: "postpone", postponed };
  }
  if ("amend" in values) {
    const [progress, told, [id, notificationId, rank]] = values.amend;
    return { kind: "amend", amended: { id, notificationId, progress, notification: toldFrom(told), rank } };
  }
  const [told, reason] = values.skip;
  return { kind: "skip", notification: toldFrom(told), reason };
}

function acceptedFrom({ body, to, files = [] }: AcceptedValues): Accepted {
  const deliveries = to.map(([progress, [id, lane, takesOverFrom, replayOf]]) => {
    return { id, lane, progress, takesOverFrom, replayOf };
  });
  return { notification: notificationFrom(body, filesIn(files)), deliveries };
}

function settledFrom(
  progress: ProgressValues,
  result: DestinationResult,
  [id, notificationId, settledAt, attempt, hasFiles]: SettledValues,
): Settled {
  return { id, notificationId, progress, result, settledAt, attempt: attempt && tryFrom(attempt), hasFiles };
}

function tryFrom([attempt, startedAt, endedAt, outcome, status, messageId, error, bucket]: TryValues): Try {
  return { attempt, startedAt, endedAt, outcome, status, messageId, error, bucket };
}
