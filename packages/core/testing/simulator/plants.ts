/** Faults for the engine and the store, each with the invariant that has to find it. */
import type { Violation } from "./violation.ts";

export interface Plant {
  readonly name: string;
  /** Below src. */
  readonly file: string;
  readonly from: string;
  readonly to: string;
  /** Any of these, where it depends on what is under way. */
  readonly found: Violation["invariant"] | readonly Violation["invariant"][];
  /** From which seed on to look; near one that is known to bite. @defaultValue 1 */
  readonly seed?: number;
}

export const PLANTS: readonly Plant[] = [
  {
    name: "what a changed message shows is not remembered",
    file: "delivery/in-place/note.ts",
    from: "told.hold({ ...tellings[0].message, notifications: changed(batch) });",
    to: ";",
    found: "delivered means arrived",
  },
  {
    name: "windows are counted a little short",
    file: "delivery/pacing/sliding-window.ts",
    from: "const windowMs = intervalMs + PACING_MARGIN_MS;",
    to: "const windowMs = intervalMs - 100;",
    found: "no limit exceeded",
  },
  {
    name: "a lane goes on before the outbox knows",
    file: "delivery/aftermath.ts",
    from: "if (written.every((one) => one === undefined)) return this.#parts.resume(lane, now);",
    to: "return this.#parts.resume(lane, now);",
    found: "a lane waits for the store",
  },
  {
    name: "what is tried again goes to the back",
    file: "delivery/aftermath.ts",
    from: "of tries.toReversed()) putBack(lane, delivery);",
    to: "of tries.toReversed()) lane.queue.push(delivery);",
    found: "order within lane and priority",
  },
  {
    name: "after a restart the backlog is forgotten",
    file: "delivery/restore.ts",
    from: "if (!intake.fold(lane, record)) lane.queue.push(record);",
    to: "if (record.attempts > 0) lane.queue.push(record);",
    found: "the engine knows what waits",
  },
  {
    name: "the hidden limit of a channel is not learned",
    file: "delivery/lane/limits.ts",
    from: "lane.pool = { gate, spec: lane.pool.spec };",
    to: "",
    found: "no limit exceeded",
  },
  {
    name: "after a restart windows begin empty",
    file: "delivery/restore.ts",
    from: "windows.count(starts, takeUpAll() ?? []);",
    to: "takeUpAll();",
    found: "no limit exceeded",
  },
  {
    name: "an outcome in doubt passes for a success",
    file: "delivery/aftermath.ts",
    from: 'if (outcome.kind === "delivered") return this.#delivered(flight, tries, { outcome, now });',
    to: 'if (outcome.kind === "delivered" || outcome.kind === "ambiguous") return this.#delivered(flight, tries, { outcome: { messageId: null }, now });',
    found: "every verdict is explained",
  },
  {
    name: "what is folded is never concluded",
    file: "delivery/intake.ts",
    from: "void book.conclude([{ delivery: older, result, attempt: null, settledAt: clock.now() }]);",
    to: "",
    found: "the engine knows what waits",
  },
  {
    name: "what the store owes is dropped",
    file: "delivery/steadfast-store.ts",
    from: "    owed.push(debt);",
    to: "",
    found: ["nothing accepted is lost", "the engine knows what waits"],
  },
  {
    name: "a digest is not recorded",
    file: "delivery/intake.ts",
    from: "void outbox.append([digest]);",
    to: "",
    found: "the engine knows what waits",
  },
  {
    name: "a fallback tells again what is told there anyway",
    file: "delivery/fallback.ts",
    from: "fallback === null || elsewhere.includes(fallback)",
    to: "fallback === null",
    found: ["repeats only where an outcome was in doubt", "order within lane and priority"],
  },
  {
    name: "a pause holds nothing",
    file: "delivery/lane/lane.ts",
    from: '  consider(pausedUntil(lane), "paused");\n',
    to: "",
    found: "nothing leaves while paused",
  },
  {
    name: "a restart forgets a pause",
    file: "delivery/engine.ts",
    from: "    this.#pauses.recall();\n",
    to: "",
    found: "nothing leaves while paused",
  },
  {
    name: "an end is told whether or not its beginning was",
    file: "delivery/lane/lane.ts",
    from: 'phase === "resolved" && key !== null && lane.told.isStrangeTo(key)',
    to: "false",
    found: "no end without its beginning",
  },
  {
    name: "what is only on its way passes for accepted",
    file: "delivery/steadfast-store.ts",
    from: "paid: () => (owed.length === 0 ? undefined : new Promise((resolve) => creditors.push(resolve))),",
    to: "paid: () => undefined,",
    found: "nothing accepted is lost",
  },
  {
    name: "a full queue is none",
    file: "delivery/overflow.ts",
    from: 'if (queue.size + beyond < queueSize) return { action: "push" };',
    to: 'return { action: "push" };',
    found: "queues stay within their bounds",
  },
  {
    name: "a long lane is held whole",
    file: "delivery/paging.ts",
    from: "const last = isMuch && outbox.isCaughtUp ? lane.queue.last() : null;",
    to: "const last = null;",
    found: "memory stays within its bound",
  },
  {
    name: "each lane holds as much as if it were alone",
    file: "delivery/paging.ts",
    from: "(book.held > mostHeldInAll ? fewestHeld : mostHeld)",
    to: "mostHeld",
    found: "memory stays within its bound",
  },
  {
    name: "what could not be read at the start is never read",
    file: "delivery/recollection.ts",
    from: "for (const take of all) take(facts);",
    to: "for (const take of all) if (retryMs === FIRST_RETRY_MS) take(facts);",
    found: "nothing leaves while paused",
  },
  {
    name: "what waits for its mark leaves whatever was told meanwhile",
    file: "delivery/dispatch.ts",
    from: "(isHeld(flight) ? stay(flight) : leave())",
    to: "(isHeld.length > 9 ? stay(flight) : leave())",
    found: "nothing leaves while paused",
  },
  {
    name: "the SQLite store settles outside of the transaction that it is asked to wait for",
    file: "store/sqlite/outbox.ts",
    from: 'return commits.write(() => settler.settle(settled), { kind: "settle", settled });',
    to: "return commits.write(() => {}).then(() => void commits.write(() => settler.settle(settled)).catch(() => {}));",
    found: "what is settled stays settled",
    seed: 2,
  },
  {
    name: "a page of the SQLite store skips a row",
    file: "store/sqlite/outbox.ts",
    from: "order by d.rank, d.id limit ?`",
    to: "order by d.rank, d.id limit ? offset 1`",
    found: "nothing accepted is lost",
    seed: 2,
  },
  {
    name: "the SQLite store says that it has committed before it has",
    file: "store/sqlite/group-commit.ts",
    from: 'asked.push({ run, manner, onCommitted, resolve: resolve as Write["resolve"], reject });',
    to: "asked.push({ run, manner, onCommitted, resolve: () => {}, reject }); resolve(undefined as never);",
    found: ["nothing accepted is lost", "what is settled stays settled"],
    seed: 10,
  },
  {
    name: "the SQLite store says that it has kept what the disk has not confirmed",
    file: "store/sqlite/group-commit.ts",
    from: "await synced;",
    to: "void synced.catch(() => {});",
    found: ["what is settled stays settled", "nothing accepted is lost", "every verdict is explained"],
  },
  {
    name: "the SQLite store keeps a try twice that it is asked for twice",
    file: "store/sqlite/settle.ts",
    from: "if (isKnown.get(key.place, key.ordinal, change.attempt.attempt) !== undefined) continue;",
    to: "",
    found: "every verdict is explained",
  },
  {
    name: "roll-ups of the SQLite store count one of each batch again",
    file: "store/sqlite/roll-ups.ts",
    from: "where a.seq > ? order by a.seq limit ?",
    to: "where a.seq >= ? order by a.seq limit ?",
    found: "statistics count everything once",
  },
  {
    name: "the SQLite store forgets facts",
    file: "store/sqlite/facts.ts",
    from: 'return commits.write(() => void upsert.run(key, json), "apart");',
    to: 'return commits.write(() => void json, "apart");',
    found: "nothing leaves while paused",
    seed: 8,
  },
  {
    name: "the journal of the SQLite store does not outlive its process",
    file: "store/sqlite/journal.ts",
    from: "return written.get(seq) ?? fromText(",
    to: "return written.get(seq) ?? [] ?? fromText(",
    found: "nothing accepted is lost",
    seed: 10,
  },
  {
    name: "the journal of the SQLite store is not unfolded before others write",
    file: "store/sqlite/group-commit.ts",
    from: "if (!isShort) journal.unfold();",
    to: "if (!isShort) void 0;",
    found: "what is settled stays settled",
    seed: 2,
  },
  {
    name: "what cannot be read passes for nothing",
    file: "delivery/paging.ts",
    from: "    } catch {\n      return null;",
    to: "    } catch {\n      return [];",
    found: "the engine knows what waits",
  },
  {
    name: "nobody is told that the store cannot be read",
    file: "delivery/steadfast-store.ts",
    from: "      failing.add(what);\n      onHealth(error instanceof Error ? error : new Error(String(error)));",
    to: "      failing.add(what);",
    found: "a store that cannot be read is told of",
  },
];
