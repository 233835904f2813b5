/**
 * History in SQLite: answers from what is committed, through a connection of its own.
 *
 * What is found by word, type, severity, destination or label needs the index of words, which is brought up to date first.
 */
import type { DatabaseSync } from "node:sqlite";
import type { Defer } from "../../clock/turn.ts";
import { entryMatches } from "../../history/entry.ts";
import type { History, HistoryEntry, HistoryFilter, Page, PageRequest } from "../../history/history.ts";
import { decodeCursor, encodeCursor, limitOf } from "../../history/paging.ts";
import { parseText, textMatches } from "../../history/text.ts";
import { boundsOf, createCandidateFinder } from "./candidates.ts";
import type { Derivation } from "./derivation.ts";
import { createEntryReader, type EntryReader } from "./entries.ts";
import type { Freshness } from "./freshness.ts";
import type { GroupCommit } from "./group-commit.ts";
import { createStatisticsReader, type RollUps } from "./roll-ups.ts";
import { expressionOf, type WordIndex } from "./words.ts";

export interface HistoryParts {
  readonly reader: DatabaseSync;
  readonly commits: GroupCommit;
  readonly freshness: Freshness;
  readonly derivation: Derivation;
  readonly words: WordIndex;
  readonly rollUps: RollUps;
  readonly defer: Defer;
}

export function createSqliteHistory(parts: HistoryParts): History {
  const { reader, commits, freshness, derivation, words, rollUps } = parts;
  const entries = createEntryReader(reader);
  const readStatistics = createStatisticsReader(reader);
  const newestPlace = reader.prepare("select coalesce(max(place), 0) as newest from notifications");
  const newestAttempt = reader.prepare("select coalesce(max(seq), 0) as newest from attempts");
  const readPage = createPageReader(parts, entries);

  return {
    async query(request) {
      const limit = limitOf(request);
      const below = typeof request.cursor === "string" ? decodeCursor(request.cursor, 1)[0]! : null;
      await freshness.catchUp();
      if (expressionOf(request) !== null) await derivation.catchUp(words, Number(newestPlace.get()?.["newest"]));
      return readPage(request, below, limit);
    },
    async find(id) {
      await freshness.catchUp();
      const place = entries.placeOf(id);
      return place === null ? null : entries.detail(place);
    },
    async statistics(query) {
      await freshness.catchUp();
      await derivation.catchUp(rollUps, Number(newestAttempt.get()?.["newest"]));
      return readStatistics(query);
    },
    skip(notification, reason) {
      derivation.written();
      return commits.enter({ kind: "skip", notification, reason });
    },
  };
}

/** Taken at a time when candidates turn out not to be what was asked for. */
const NEXT_CANDIDATES = 200;

function createPageReader({ reader, defer }: HistoryParts, entries: EntryReader) {
  const finder = createCandidateFinder(reader);

  return async (
    filter: HistoryFilter & PageRequest,
    cursor: number | null,
    limit: number,
  ): Promise<Page<HistoryEntry>> => {
    const bounds = boundsOf(filter);
    const { candidates, needsText } = finder.find(filter, bounds);
    const terms = needsText ? parseText(filter.text ?? "") : null;
    const found: { readonly place: number; readonly entry: HistoryEntry }[] = [];
    let below = Math.min(bounds.below, cursor ?? bounds.below);
    // One more than asked for tells whether there is a next page.
    for (let size = limit + 1; found.length <= limit; size = NEXT_CANDIDATES) {
      const places = candidates(below, size);
      for (const place of places) {
        const entry = entries.entry(place);
        if (entry === null || !entryMatches(entry, filter)) continue;
        if (terms === null || textMatches(entry.notification, terms)) found.push({ place, entry });
      }
      if (places.length < size) break;
      below = places.at(-1)!;
      if (found.length <= limit) await new Promise<void>(defer);
    }
    const shown = found.slice(0, limit);
    const next = found.length > limit ? encodeCursor(shown.at(-1)!.place) : null;
    return { items: shown.map(({ entry }) => entry), next };
  };
}
