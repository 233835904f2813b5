/**
 * Dead letters in SQLite: failed deliveries that nobody has dealt with, walked along an index that holds nothing else.
 *
 * Replaying takes a letter off the list and makes its successor in one transaction, so that a crash loses neither.
 */
import type { DatabaseSync } from "node:sqlite";
import type { Clock } from "../../clock/clock.ts";
import { createIdSource } from "../../clock/id.ts";
import type { Defer } from "../../clock/turn.ts";
import type { DeliveryId, DeliveryRecord } from "../../delivery/outbox.ts";
import type {
  DeadLetter,
  DeadLetterDetail,
  DeadLetterFilter,
  DeadLetterSelection,
  DeadLetters,
  Replay,
} from "../../history/dead-letters.ts";
import type { Page, PageRequest } from "../../history/history.ts";
import { decodeCursor, encodeCursor, limitOf } from "../../history/paging.ts";
import { isStale, replayedRecord } from "../../history/replay.ts";
import { type Appender, toAppend } from "./append.ts";
import type { Freshness } from "./freshness.ts";
import type { GroupCommit } from "./group-commit.ts";
import { createLetterReader, type FoundLetter, type LetterKey, type LetterReader } from "./letters.ts";

export interface DeadLettersParts {
  readonly handle: DatabaseSync;
  readonly reader: DatabaseSync;
  readonly clock: Clock;
  readonly commits: GroupCommit;
  readonly freshness: Freshness;
  readonly appender: Appender;
  readonly defer: Defer;
  readonly onWritten: () => void;
}

/** Handled in one transaction; between two, others have their turn. */
const CHUNK = 200;

export function createSqliteDeadLetters(parts: DeadLettersParts): DeadLetters {
  const { handle, reader, commits, freshness } = parts;
  const committed = createLetterReader(reader);
  const current = createLetterReader(handle);
  const countAt = createCounter(reader);
  const close = createCloser(handle);
  const replayOne = createReplayer(parts, current, close);

  return {
    async list(request) {
      await freshness.catchUp();
      return readPage(parts, committed, request);
    },
    async count({ destinations, ...filter }) {
      await freshness.catchUp();
      if (Object.values(filter).every((value) => value === undefined)) return countAt(destinations);
      let count = 0;
      for await (const found of leisurely(committed.walk({ destinations, ...filter }, null), parts))
        count += found.length;
      return count;
    },
    async inspect(id) {
      await freshness.catchUp();
      const key = committed.find(id);
      return key === null ? null : committed.detail(key);
    },
    async discard(selection) {
      await freshness.catchUp();
      let discarded = 0;
      for await (const ids of chunksOf(parts, committed, selection)) {
        discarded += await commits.write(() => ids.filter((id) => close(current.find(id), "discarded")).length);
      }
      return discarded;
    },
    async replay(selection, { force = false } = {}) {
      await freshness.catchUp();
      const records: DeliveryRecord[] = [];
      const refused: Replay["refused"][number][] = [];
      for await (const ids of chunksOf(parts, committed, selection)) {
        const outcomes = await commits.write(() => ids.map((id) => replayOne(id, force)));
        for (const outcome of outcomes) {
          if ("record" in outcome) records.push(outcome.record);
          else refused.push(outcome);
        }
      }
      return { records, refused };
    },
  };
}

function createCounter(reader: DatabaseSync): (destinations: readonly string[] | undefined) => number {
  const select = reader.prepare(
    `select count(*) as n from deliveries indexed by deliveries_dead
    where state = 'failed' and sequel is null and (?1 is null or lane in (select value from json_each(?1)))`,
  );
  return (destinations) => Number(select.get(destinations === undefined ? null : JSON.stringify(destinations))?.["n"]);
}

/** Gives others a turn after each chunk. */
async function* leisurely<Item>(chunks: Iterable<Item>, { defer }: DeadLettersParts): AsyncIterable<Item> {
  for (const chunk of chunks) {
    yield chunk;
    await new Promise<void>(defer);
  }
}

/** The ids that are meant, oldest first where a filter says which. */
async function* chunksOf(
  parts: DeadLettersParts,
  letters: LetterReader,
  selection: DeadLetterSelection,
): AsyncIterable<readonly DeliveryId[]> {
  const ids = selection.filter === undefined ? selection.ids : await idsOf(parts, letters, selection.filter);
  for (let start = 0; start < ids.length; start += CHUNK) yield ids.slice(start, start + CHUNK);
}

async function idsOf(parts: DeadLettersParts, letters: LetterReader, filter: DeadLetterFilter): Promise<DeliveryId[]> {
  const ids: DeliveryId[] = [];
  for await (const chunk of leisurely(letters.walk(filter, null), parts))
    ids.push(...chunk.map(({ letter }) => letter.id));
  return ids.reverse();
}

async function readPage(
  parts: DeadLettersParts,
  letters: LetterReader,
  request: DeadLetterFilter & PageRequest,
): Promise<Page<DeadLetter>> {
  const limit = limitOf(request);
  const cursor = typeof request.cursor === "string" ? decodeCursor(request.cursor, 2) : null;
  const after = cursor === null ? null : { place: cursor[0]!, ordinal: cursor[1]! };
  const found: FoundLetter[] = [];
  for await (const chunk of leisurely(letters.walk(request, after), parts)) {
    found.push(...chunk);
    // One more than asked for tells whether there is a next page.
    if (found.length > limit) break;
  }
  const shown = found.slice(0, limit);
  const last = shown.at(-1)?.key;
  const next = found.length > limit && last ? encodeCursor(last.place, last.ordinal) : null;
  return { items: shown.map(({ letter, key }) => letters.withNews(letter, key)), next };
}

type Close = (key: LetterKey | null, sequel: "discarded" | "replayed") => boolean;

function createCloser(handle: DatabaseSync): Close {
  const update = handle.prepare("update deliveries set sequel = ? where place = ? and ordinal = ?");
  return (key, sequel) => key !== null && update.run(sequel, key.place, key.ordinal).changes === 1;
}

function createReplayer({ clock, appender, onWritten }: DeadLettersParts, letters: LetterReader, close: Close) {
  const nextId = createIdSource<DeliveryId>("dlv", clock);

  return (id: DeliveryId, force: boolean): { readonly record: DeliveryRecord } | Replay["refused"][number] => {
    const key = letters.find(id);
    if (key === null) return { id, because: "unknown" };
    const detail: DeadLetterDetail = letters.detail(key)!;
    if (!force && isStale(detail)) return { id, because: "stale" };
    const record = replayedRecord(letters.record(key), nextId(), clock.now());
    close(key, "replayed");
    appender.append(toAppend([record], id));
    onWritten();
    return { record };
  };
}
