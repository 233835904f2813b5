import { setImmediate as nextTurn } from "node:timers/promises";
import { describe, expect, it, vi } from "vitest";
import { temporaryFile } from "../store/sqlite/temp-folder.fixture.ts";
import { discord, threaded } from "./threads.fixture.ts";

const TIMEOUT_MS = 120_000;

describe("a notifier with a thread", { timeout: TIMEOUT_MS }, () => {
  it("delivers, and answers as one without", async () => {
    const { options, titles } = await discord();
    const { notifier } = threaded(options);
    const receipt = notifier.notify({ title: "one" });
    expect(await receipt.accepted).toBe(true);
    expect(await receipt.settled).toMatchObject({ id: receipt.id, success: true, status: "delivered", attempts: 1 });
    expect(await notifier.send({ title: "two" })).toMatchObject({ success: true });
    expect(titles()).toEqual(["one", "two"]);
    expect(notifier.getQueueSize()).toBe(0);
    expect(notifier.isHealthy()).toBe(true);
    expect((await notifier.check()).get("default")).toMatchObject({ ok: true });
    expect(await notifier.flush()).toEqual({ drained: true, open: 0 });
    expect(notifier.status().destinations).toMatchObject([{ destination: "default", kind: "discord-webhook" }]);
    expect(await notifier.close()).toEqual({ drained: true, open: 0 });
    expect(await notifier.send({ title: "three" })).toMatchObject({ status: "failed", reason: "closed" });
  });

  it("tells the program's own logger and listener, and neither can harm it", async () => {
    const { options, emulator } = await discord();
    emulator.faults.add({ do: { kind: "status", status: 404 } });
    const logger = { debug: vi.fn(), info: vi.fn(), warn: vi.fn(), error: vi.fn(() => expect.fail("no logger")) };
    const onEvent = vi.fn(() => expect.fail("no listener"));
    const { notifier } = threaded({ ...options, logger, onEvent });
    expect(await notifier.send({ title: "one" })).toMatchObject({ success: false });
    expect(logger.error).toHaveBeenCalled();
    expect(onEvent).toHaveBeenCalledWith(expect.objectContaining({ type: "attempt" }));
  });

  it("keeps what is in memory when its thread dies before it has heard of it", async () => {
    const { options, titles } = await discord();
    const { notifier, workers } = threaded(options);
    const receipts = ["one", "two", "three"].map((title) => notifier.notify({ title }));
    await nextTurn();
    await workers[0]!.terminate();
    const late = notifier.send({ title: "four" });
    expect(await Promise.all([...receipts.map(({ settled }) => settled), late])).toMatchObject(
      Array.from({ length: 4 }, () => ({ success: true })),
    );
    expect(titles()).toEqual(["one", "two", "three", "four"]);
    expect(workers).toHaveLength(2);
  });

  it("keeps what its thread had taken and not sent", async () => {
    const { options, emulator, titles } = await discord();
    const heal = emulator.faults.add({ do: { kind: "status", status: 503 } });
    const { notifier, workers } = threaded(options);
    const receipt = notifier.notify({ title: "one" });
    expect(await receipt.accepted).toBe(true);
    await workers[0]!.terminate();
    heal();
    expect(await receipt.settled).toMatchObject({ success: true });
    expect(titles()).toEqual(["one"]);
  });

  it("goes on from its store, takes nothing twice, and still tells what became of it", async () => {
    const { options, emulator, titles } = await discord();
    const heal = emulator.faults.add({ do: { kind: "status", status: 503 } });
    const { notifier, workers } = threaded({ ...options, store: { sqlite: temporaryFile() } });
    const kept = notifier.notify({ title: "kept" });
    await kept.accepted;
    const unheard = Array.from({ length: 20 }, (_, i) => notifier.notify({ title: `unheard ${i}` }));
    // As if it had died before its answer came: the store may have them or not.
    await workers[0]!.terminate();
    heal();
    const settled = await Promise.all([kept, ...unheard].map((receipt) => receipt.settled));
    expect(settled.filter(({ success }) => !success)).toEqual([]);
    expect(titles().toSorted()).toEqual(["kept", ...unheard.map((_, i) => `unheard ${i}`)].toSorted());
  });

  it("carries what it knows of components over a restart, and what is reported at once waits for that", async () => {
    const { options, titles } = await discord();
    const store = { sqlite: temporaryFile() };
    const once = { defaults: { failuresBeforeAlert: 1 } };
    const first = threaded({ ...options, store }).notifier;
    first.health(once).recordFailure("Database", new Error("refused"));
    await first.close({ timeoutMs: 30_000 });
    expect(titles()).toHaveLength(1);
    const { notifier } = threaded({ ...options, store });
    const tracker = notifier.health(once);
    // Known already, and over now: neither a second alert nor a recovery that is forgotten.
    tracker.recordFailure("Database", new Error("refused"));
    tracker.recordSuccess("Database");
    // Asked after it, and so answered after it.
    await notifier.pause({ destination: "nobody" });
    await notifier.close({ timeoutMs: 30_000 });
    expect(titles()).toHaveLength(2);
    expect(titles()[1]).toContain("Database");
    const { notifier: third } = threaded({ ...options, store });
    third.health(once).recordSuccess("Database");
    await third.pause({ destination: "nobody" });
    await third.close({ timeoutMs: 30_000 });
    expect(titles()).toHaveLength(2);
  });
});
