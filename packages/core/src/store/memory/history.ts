/** History of what the memory store holds. */
import { entryMatches } from "../../history/entry.ts";
import type { History } from "../../history/history.ts";
import { decodeCursor, encodeCursor, limitOf } from "../../history/paging.ts";
import { addFact, emptyRollUp, type Fact } from "../../history/roll-up.ts";
import { floorTo } from "../../history/spans.ts";
import { isAskedFor, type RollUpRow, rangeOf, type StatisticsQuery, statisticsOf } from "../../history/statistics.ts";
import { parseText, textMatches } from "../../history/text.ts";
import type { HeldDelivery, HeldEntry, Ledger } from "./ledger.ts";
import { detailOf, entryOf } from "./views.ts";

const MINUTE_MS = 60_000;

export function createMemoryHistory(ledger: Ledger): History {
  return {
    async query(request) {
      const limit = limitOf(request);
      const after = typeof request.cursor === "string" ? decodeCursor(request.cursor, 2) : null;
      const terms = parseText(request.text ?? "");
      const found = ledger
        .newestFirst()
        .filter((held) => after === null || isAfter(held, after))
        .map((held) => ({ held, entry: entryOf(held) }))
        .filter(
          ({ entry }) => entryMatches(entry, request) && (terms === null || textMatches(entry.notification, terms)),
        );
      const last = found[limit - 1]?.held;
      const next = found.length > limit && last ? encodeCursor(last.createdMs, last.place) : null;
      return { items: found.slice(0, limit).map(({ entry }) => entry), next };
    },
    async find(id) {
      const held = ledger.find(id);
      return held === undefined ? null : detailOf(held);
    },
    async statistics(query) {
      return statisticsOf(query, rowsOf(ledger, query), rowsOf(ledger, query));
    },
    skip(notification, reason) {
      ledger.skip(notification, reason);
      return undefined;
    },
  };
}

function isAfter({ createdMs, place }: HeldEntry, [lastMs, lastPlace]: readonly number[]): boolean {
  return createdMs < lastMs! || (createdMs === lastMs && place < lastPlace!);
}

/** One row per fact: there are few enough of them. */
function* rowsOf(ledger: Ledger, query: StatisticsQuery): Iterable<RollUpRow> {
  const { from, to } = rangeOf(query);
  for (const { notification, deliveries } of ledger.newestFirst()) {
    const { type, severity, createdAt } = notification;
    for (const delivery of deliveries) {
      for (const { fact, endedAt } of factsOf(delivery, createdAt)) {
        const row = { at: floorTo(endedAt, MINUTE_MS), destination: delivery.record.lane, type, severity };
        if (endedAt < from || endedAt >= to || !isAskedFor(query, row)) continue;
        const rollUp = emptyRollUp();
        addFact(rollUp, fact);
        yield { ...row, rollUp };
      }
    }
  }
}

function factsOf({ tries, result, settledAt }: HeldDelivery, createdAt: number): { fact: Fact; endedAt: number }[] {
  const facts = tries.map(({ outcome, startedAt, endedAt, error }) => ({
    fact: { attempt: { outcome, startedAt, endedAt, errorCode: error?.code ?? null }, end: null },
    endedAt,
  }));
  if (result === null || settledAt === null) return facts;
  return [...facts, { fact: { attempt: null, end: { result, createdAt, settledAt } }, endedAt: settledAt }];
}
