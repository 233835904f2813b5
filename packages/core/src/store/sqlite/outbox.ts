/** The outbox in SQLite: writes through the group commit, reads what is committed. */
import type { DatabaseSync } from "node:sqlite";
import type { DeliveryId, DeliveryRecord, LaneBacklog, Outbox, Place, RecentRequest } from "../../delivery/outbox.ts";
import type { NotificationId } from "../../notification/notification.ts";
import { type Appender, toAppend } from "./append.ts";
import { storeFailure } from "./failures.ts";
import { createFileReader } from "./files.ts";
import type { Freshness } from "./freshness.ts";
import type { GroupCommit } from "./group-commit.ts";
import { notificationOf, notificationTold, recordOf } from "./rows.ts";
import { type Settler, toAmend, toPostpone, toSettle } from "./settle.ts";

export interface OutboxParts {
  /** Named in what goes wrong when reading. */
  readonly path: string;
  readonly reader: DatabaseSync;
  readonly commits: GroupCommit;
  readonly freshness: Freshness;
  readonly appender: Appender;
  readonly settler: Settler;
  /** Something was written that history will want to know. */
  readonly onWritten: () => void;
  readonly close: () => Promise<void>;
}

export function createSqliteOutbox(parts: OutboxParts): Outbox {
  const { path, reader, commits, freshness, appender, settler, onWritten, close } = parts;
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
      const accepted = toAppend(deliveries);
      return commits.write(() => appender.append(accepted), { kind: "append", accepted }, onCommitted);
    },
    postpone(postponements) {
      onWritten();
      const postponed = postponements.map(toPostpone);
      return commits.write(() => settler.postpone(postponed));
    },
    amend(delivery) {
      const amended = toAmend(delivery);
      return commits.write(() => settler.amend(amended));
    },
    settle(settlements) {
      onWritten();
      const settled = settlements.map(toSettle);
      return commits.write(() => settler.settle(settled), { kind: "settle", settled });
    },
    backlog: naming(path, fresh(createBacklogReader(reader))),
    page: naming(path, fresh(createPageReader(reader))),
    recentRequests: naming(path, fresh(createRequestReader(reader))),
    acceptedUnder: naming(path, fresh(createKeyReader(reader))),
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

function createPageReader(reader: DatabaseSync): Outbox["page"] {
  const select = reader.prepare(
    `select d.place, d.id, d.lane, d.progress, d.told, n.body
    from deliveries as d indexed by deliveries_waiting join notifications as n on n.place = d.place
    where d.state = 'waiting' and d.lane = ? and (d.rank, d.id) > (?, ?)
    order by d.rank, d.id limit ?`,
  );
  const files = createFileReader(reader);

  function toRecord(row: Record<string, unknown>): DeliveryRecord {
    const { place, id, lane, progress, told, body } = row as unknown as WaitingRow;
    const notification = told === null ? notificationOf(body, () => files.read(place)) : notificationTold(told);
    return recordOf({ id, lane, progress }, notification);
  }

  return (lane, after, limit) => {
    const { rank, id } = after === null ? BEFORE_ALL : keyOf(after);
    return select.all(lane, rank, id, limit).map(toRecord);
  };
}

interface WaitingRow {
  readonly place: number;
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

function createKeyReader(reader: DatabaseSync): Outbox["acceptedUnder"] {
  const select = reader.prepare(
    `select id, created_at from notifications indexed by notifications_by_idempotency_key
    where idempotency_key = ? and skipped is null order by place desc limit 1`,
  );
  return (idempotencyKey, after) => {
    const row = select.get(idempotencyKey);
    if (row === undefined || Number(row["created_at"]) <= after) return null;
    return { id: String(row["id"]) as NotificationId, createdAt: Number(row["created_at"]) };
  };
}
