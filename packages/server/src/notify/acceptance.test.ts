import { StoreError } from "@tocsin/core/sqlite";
import { createVirtualClock } from "@tocsin/core/testing";
import { describe, expect, it } from "vitest";
import { aMessage, T } from "../../testing/samples.ts";
import { type AcceptanceTransaction, createAccepter, type KnownKey } from "./acceptance.ts";

const FULL = new StoreError("STORE_FULL", "cannot grow.", { path: "a.db" });

/** A store that commits or not, and a notifier; both say what they were asked for. */
function setUp() {
  const keys = new Map<string, KnownKey>();
  const said: string[] = [];
  const disk = { isFull: false };
  let n = 0;
  const transaction: AcceptanceTransaction = {
    findKey: (key) => keys.get(key) ?? null,
    putKey: (key, known) => void keys.set(key, known),
    append: (records) => void said.push(`append ${records.length}`),
  };
  const accepter = createAccepter({
    clock: createVirtualClock({ startAt: T }),
    store: {
      forgetKeys: async () => undefined,
      async transaction(work) {
        said.push("begin");
        const result = work(transaction);
        said.push(disk.isFull ? "rollback" : "commit");
        if (disk.isFull) throw FULL;
        return result;
      },
    },
    notifier: {
      prepare: ({ title }) => {
        const message = aMessage({ id: `ntf_${++n}`, records: [{} as never] });
        return {
          ...message,
          admit: () => {
            said.push(`admit ${title}`);
            return message.admit();
          },
          withdraw: () => void said.push(`withdraw ${title}`),
        };
      },
    },
  });
  return { accepter, said, disk };
}

describe("accepting a notification", () => {
  it("writes it, and only then sends it and says so", async () => {
    const { accepter, said } = setUp();
    const accepted = accepter.accept({ title: "a" }, null).then(({ kind }) => said.push(kind));
    await accepted;
    expect(said).toEqual(["begin", "append 1", "commit", "admit a", "accepted"]);
  });

  it("commits once for all that came in the same turn", async () => {
    const { accepter, said } = setUp();
    await Promise.all(["a", "b", "c"].map((title) => accepter.accept({ title }, null)));
    expect(said.filter((word) => word === "commit")).toHaveLength(1);
    await accepter.accept({ title: "d" }, null);
    expect(said.filter((word) => word === "commit")).toHaveLength(2);
  });

  it("sends nothing of what could not be written, and goes on when it can be again", async () => {
    const { accepter, said, disk } = setUp();
    disk.isFull = true;
    const refused = ["a", "b"].map((title) => accepter.accept({ title }, null));
    for (const one of refused) await expect(one).rejects.toBe(FULL);
    expect(said.slice(-3)).toEqual(["rollback", "withdraw a", "withdraw b"]);
    disk.isFull = false;
    expect(await accepter.accept({ title: "c" }, null)).toMatchObject({ kind: "accepted", id: "ntf_3" });
  });

  it("makes one notification of two requests with one key in the same turn", async () => {
    const { accepter, said } = setUp();
    const ask = (fingerprint: string) => accepter.accept({ title: "a" }, { key: "k", fingerprint });
    expect(await Promise.all([ask("same"), ask("same"), ask("other")])).toEqual([
      { kind: "accepted", id: "ntf_1" },
      { kind: "repeated", id: "ntf_1" },
      { kind: "key-reused", id: "ntf_1" },
    ]);
    expect(said).toEqual(["begin", "append 1", "commit", "admit a"]);
  });

  it("takes nothing when the notifier has been closed", async () => {
    const { accepter } = setUp();
    const closed = createAccepter({
      clock: createVirtualClock({ startAt: T }),
      store: { forgetKeys: async () => undefined, transaction: async (work) => work({ append: () => {} } as never) },
      notifier: {
        prepare: () => {
          const settled = Promise.resolve({ reason: "closed" } as never);
          return aMessage({ admit: () => ({ id: "ntf_1", accepted: Promise.resolve(false), settled }) });
        },
      },
    });
    expect(await closed.accept({ title: "a" }, null)).toEqual({ kind: "closed" });
    expect(await accepter.accept({ title: "a" }, null)).toMatchObject({ kind: "accepted" });
  });
});
