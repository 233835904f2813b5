/** The outbox in SQLite: writes through the group commit, reads what is committed. */
import type { DatabaseSync } from "node:sqlite";
import type {
  AcceptedEarlier,
  DeliveryId,
  DeliveryRecord,
  LaneBacklog,
  Outbox,
  Place,
  RecentRequest,
} from "../../delivery/outbox.ts";
import type { NotificationId } from "../../notification/notification.ts";
import { toAppend } from "./append.ts";
import { storeFailure } from "./failures.ts";
import { createFileReader } from "./files.ts";
import type { Freshness } from "./freshness.ts";
import type { GroupCommit } from "./group-commit.ts";
import type { Journal } from "./journal.ts";
import { notificationOf, notificationTold, recordOf } from "./rows.ts";
import { toAmend, toPostpone, toSettle } from "./settle.ts";

export interface OutboxParts {
  /** Named in what goes wrong when reading. */
  readonly path: string;
  readonly reader: DatabaseSync;
  readonly commits: GroupCommit;
  readonly freshness: Freshness;
  readonly journal: Journal;
  /** Something was written that history will want to know. */
  readonly onWritten: () => void;
  readonly close: () => Promise<void>;
}

export function createSqliteOutbox(parts: OutboxParts): Outbox {
  const { path, reader, commits, freshness, journal, onWritten, close } = parts;
  const readPage = createPageReader(reader, journal.contents);
  const findKey = createKeyReader(reader);
  const fresh =
    <Asked extends unknown[], Answer>(read: (...asked: Asked) => Answer) =>
    (...asked: Asked): Answer => {
      freshness.catchUpNow();
      return read(...asked);
    };
  return {
    isDurable: true,
    /** For a moment, while somebody else writes, it cannot tell all. */
    get isCaughtUp() {
      return freshness.isWithinReach;
    },
    caughtUp: () => undefined,
    append(deliveries, onCommitted) {
      onWritten();
      return commits.enter({ kind: "append", accepted: toAppend(deliveries) }, onCommitted);
    },
    postpone(postponements) {
      onWritten();
      return commits.enter({ kind: "postpone", postponed: postponements.map(toPostpone) });
    },
    amend: (delivery) => commits.enter({ kind: "amend", amended: toAmend(delivery) }),
    settle(settlements) {
      onWritten();
      return commits.enter({ kind: "settle", settled: settlements.map(toSettle) });
    },
    backlog: naming(path, fresh(createBacklogReader(reader))),
    page: naming(path, (lane, after, limit) => {
      journal.recount();
      // What has ended is passed over; what has come must be in its place.
      if (after === null || journal.contents.hasWaiting) freshness.catchUpNow();
      return readPage(lane, after, limit);
    }),
    recentRequests: naming(path, fresh(createRequestReader(reader))),
    acceptedUnder: naming(path, (idempotencyKey, after) => {
      const found = journal.contents.acceptedUnder(idempotencyKey) ?? findKey(idempotencyKey);
      return found === null || found.createdAt <= after ? null : found;
    }),
    close,
  };
}

function naming<Asked extends unknown[], Answer>(path: string, read: (...asked: Asked) => Answer) {
  return (...asked: Asked): Answer => {
    try {
      return read(...asked);
    } catch (error) {
      throw storeFailure(error, path);
    }
  };
}

function createBacklogReader(reader: DatabaseSync): () => readonly LaneBacklog[] {
  const select = reader.prepare(
    `select lane, count(*) as waiting from deliveries indexed by deliveries_waiting
    where state = 'waiting' group by lane order by lane`,
  );
  return () => select.all().map((row) => ({ lane: String(row["lane"]), waiting: Number(row["waiting"]) }));
}

const BEFORE_ALL: { readonly rank: number; readonly id: string } = { rank: Number.MIN_SAFE_INTEGER, id: "" };

/** @param contents what has ended and still stands among what waits */
function createPageReader(reader: DatabaseSync, contents: Journal["contents"]): Outbox["page"] {
  const select = reader.prepare(
    `select d.place, d.rank, d.id, d.lane, d.progress, d.told, n.body
    from deliveries as d indexed by deliveries_waiting join notifications as n on n.place = d.place
    where d.state = 'waiting' and d.lane = ? and (d.rank, d.id) > (?, ?)
    order by d.rank, d.id limit ?`,
  );
  const files = createFileReader(reader);

  function toRecord({ place, id, lane, progress, told, body }: WaitingRow): DeliveryRecord {
    const notification = told === null ? notificationOf(body, () => files.read(place)) : notificationTold(told);
    return recordOf({ id, lane, progress }, notification);
  }

  return (lane, after, limit) => {
    const records: DeliveryRecord[] = [];
    for (let { rank, id } = after === null ? BEFORE_ALL : keyOf(after); records.length < limit; ) {
      const rows = select.all(lane, rank, id, limit) as unknown as WaitingRow[];
      for (const row of rows) if (!contents.isEnded(row.id) && records.length < limit) records.push(toRecord(row));
      const last = rows.at(-1);
      if (last === undefined || rows.length < limit) break;
      ({ rank, id } = last);
    }
    return records;
  };
}

interface WaitingRow {
  readonly place: number;
  readonly rank: number;
  readonly id: DeliveryId;
  readonly lane: string;
  readonly progress: string;
  readonly told: string | null;
  readonly body: string;
}

function keyOf({ priority, id }: Place): { readonly rank: number; readonly id: string } {
  return { rank: -priority, id };
}

/**
 * Attempts are written in the order in which they end, but for those that the store owed for a while; so the recent ones are among
 * the last. One request may tell several deliveries.
 */
function createRequestReader(reader: DatabaseSync): Outbox["recentRequests"] {
  const select = reader.prepare(
    `select d.lane, a.attempt, a.started_at, a.ended_at
    from attempts as a join deliveries as d on d.place = a.place and d.ordinal = a.ordinal order by a.seq desc`,
  );
  return (sinceAt) => {
    const requests = new Map<string, RecentRequest>();
    let older = 0;
    for (const row of select.iterate()) {
      const endedAt = Number(row["ended_at"]);
      if (endedAt < sinceAt) {
        if (++older > OWED_AT_MOST) break;
        continue;
      }
      older = 0;
      const lane = String(row["lane"]);
      if (row["attempt"] !== 0) requests.set(`${row["started_at"]} ${lane}`, { lane, endedAt });
    }
    return [...requests.values()].sort((a, b) => a.endedAt - b.endedAt);
  };
}

/** After so many in a row that are older, no recent one is expected. */
const OWED_AT_MOST = 1_000;

function createKeyReader(reader: DatabaseSync): (idempotencyKey: string) => AcceptedEarlier | null {
  const select = reader.prepare(
    `select id, created_at from notifications indexed by notifications_by_idempotency_key
    where idempotency_key = ? and skipped is null order by place desc limit 1`,
  );
  return (idempotencyKey) => {
    const row = select.get(idempotencyKey);
    return row === undefined ? null : { id: String(row["id"]) as NotificationId, createdAt: Number(row["created_at"]) };
  };
}
