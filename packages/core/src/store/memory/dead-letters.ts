/** Dead letters of the memory store. */
import type { Clock } from "../../clock/clock.ts";
import type { DeliveryId } from "../../delivery/outbox.ts";
import type {
  DeadLetter,
  DeadLetterFilter,
  DeadLetterSelection,
  DeadLetters,
  NewerNews,
  Replay,
} from "../../history/dead-letters.ts";
import { deadLetterMatches, isDeadLetter } from "../../history/entry.ts";
import { decodeCursor, encodeCursor, limitOf } from "../../history/paging.ts";
import { isStale, newsOf, replayedRecord } from "../../history/replay.ts";
import type { HeldDelivery, HeldEntry, Ledger } from "./ledger.ts";
import { detailOf, entryOf } from "./views.ts";

interface Held {
  readonly entry: HeldEntry;
  readonly delivery: HeldDelivery;
  readonly ordinal: number;
}

export interface MemoryDeadLettersParts {
  readonly clock: Clock;
  readonly nextId: () => DeliveryId;
}

export function createMemoryDeadLetters(ledger: Ledger, { clock, nextId }: MemoryDeadLettersParts): DeadLetters {
  function find(id: DeliveryId): Held | null {
    const found = ledger.findDelivery(id);
    if (found === undefined || !isDeadLetter(found.delivery)) return null;
    return { ...found, ordinal: found.entry.deliveries.indexOf(found.delivery) };
  }

  function replayOne(id: DeliveryId, force: boolean): Pick<Replay, "records" | "refused"> {
    const held = find(id);
    if (held === null) return { records: [], refused: [{ id, because: "unknown" }] };
    if (!force && isStale({ newer: newerOf(ledger, held) }))
      return { records: [], refused: [{ id, because: "stale" }] };
    held.delivery.sequel = "replayed";
    const record = replayedRecord(held.delivery.record, nextId(), clock.now());
    ledger.append([record], id);
    return { records: [record], refused: [] };
  }

  return {
    async list(request) {
      const limit = limitOf(request);
      const after = typeof request.cursor === "string" ? decodeCursor(request.cursor, 3) : null;
      const found = lettersIn(ledger, request).filter((held) => after === null || isAfter(held, after));
      const last = found[limit - 1];
      const next = found.length > limit && last ? encodeCursor(...keyOf(last)) : null;
      return { items: found.slice(0, limit).map((held) => letterOf(ledger, held)), next };
    },
    async count(filter) {
      return lettersIn(ledger, filter).length;
    },
    async inspect(id) {
      const held = find(id);
      if (held === null) return null;
      const { tries } = detailOf(held.entry).deliveries[held.ordinal]!;
      return { ...letterOf(ledger, held), tries };
    },
    async discard(selection) {
      let discarded = 0;
      for (const id of idsOf(ledger, selection)) {
        const held = find(id);
        if (held === null) continue;
        held.delivery.sequel = "discarded";
        discarded++;
      }
      return discarded;
    },
    async replay(selection, { force = false } = {}) {
      const outcomes = idsOf(ledger, selection).map((id) => replayOne(id, force));
      return {
        records: outcomes.flatMap(({ records }) => records),
        refused: outcomes.flatMap(({ refused }) => refused),
      };
    },
  };
}

/** Newest first. */
function lettersIn(ledger: Ledger, filter: DeadLetterFilter): readonly Held[] {
  return ledger.newestFirst().flatMap((entry) =>
    entry.deliveries
      .map((delivery, ordinal) => ({ entry, delivery, ordinal }))
      .filter(
        ({ delivery: { record, result, sequel } }) =>
          isDeadLetter({ result, sequel }) &&
          deadLetterMatches(entry.notification, { destination: record.lane, result }, filter),
      )
      .reverse(),
  );
}

/** The ids that are meant, oldest first where a filter says which. */
function idsOf(ledger: Ledger, selection: DeadLetterSelection): readonly DeliveryId[] {
  if (selection.filter === undefined) return selection.ids;
  return lettersIn(ledger, selection.filter)
    .map(({ delivery }) => delivery.record.id)
    .reverse();
}

function letterOf(ledger: Ledger, held: Held): DeadLetter {
  const { notification, deliveries } = entryOf(held.entry);
  const { id, destination, enqueuedAt, settledAt, result, told } = deliveries[held.ordinal]!;
  const failed = result as DeadLetter["result"];
  return {
    id,
    destination,
    notification: told ?? notification,
    enqueuedAt,
    settledAt: settledAt ?? 0,
    result: failed,
    newer: newerOf(ledger, held),
  };
}

function newerOf(ledger: Ledger, { entry, delivery }: Held): NewerNews | null {
  const { key } = entry.notification;
  if (key === null) return null;
  for (const other of ledger.newestFirst()) {
    if (other === entry) return null;
    const news = other.notification.key === key ? newsOf(entryOf(other), delivery.record.notification) : null;
    if (news !== null) return news;
  }
  return null;
}

function keyOf({ entry, ordinal }: Held): [number, number, number] {
  return [entry.createdMs, entry.place, ordinal];
}

function isAfter(held: Held, last: readonly number[]): boolean {
  const key = keyOf(held);
  const differs = key.findIndex((part, index) => part !== last[index]);
  return differs !== -1 && key[differs]! < last[differs]!;
}
