import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { openSqliteStore } from "../store/sqlite/sqlite-store.ts";
import { temporaryFile } from "../store/sqlite/temp-folder.fixture.ts";
import { discord, type Ending, run } from "./threads.fixture.ts";

const TIMEOUT_MS = 120_000;
/** Threads start slowly where many tests run at once. */
const flushOnExit = { timeoutMs: 30_000 };
const inThread = { thread: true, flushOnExit } as const;
const inProgram = { flushOnExit } as const;

describe.each([
  { where: "in a thread", mode: inThread },
  { where: "without a thread", mode: inProgram },
])("flush on exit $where", { timeout: TIMEOUT_MS }, ({ mode }) => {
  it.each<{ ending: Ending }>([{ ending: "throw" }, { ending: "reject" }])(
    "leave when the program ends by an error that nobody handles ($ending), which still shows and still ends it with code 1",
    async ({ ending }) => {
      const { options, titles } = await discord();
      const { code, stderr } = await run({ ...options, ...mode }, { titles: ["one", "two"], ending });
      expect(titles()).toEqual(["one", "two"]);
      expect(code).toBe(1);
      expect(stderr).toContain("Error: boom");
      expect(stderr).toMatch(/at .*program\.fixture\.ts/);
    },
  );

  it.each<{ signal: "SIGTERM" | "SIGINT" }>([{ signal: "SIGTERM" }, { signal: "SIGINT" }])(
    "leave when $signal ends the program, which still ends by it",
    async ({ signal }) => {
      const { options, titles } = await discord();
      const ended = await run({ ...options, ...mode }, { titles: ["one"], ending: "idle-forever" }, (pid) =>
        process.kill(pid, signal),
      );
      expect(titles()).toEqual(["one"]);
      expect(ended).toMatchObject({ signal, code: null });
    },
  );

  it("let the program's own handler of errors decide that it goes on", async () => {
    const { options, titles } = await discord();
    const program = { titles: ["one"], ending: "own-handler-goes-on" } as const;
    const { code, stdout } = await run({ ...options, ...mode }, program);
    expect(stdout).toBe("handled boom\nwent on\n");
    expect(code).toBe(0);
    expect(titles()).toEqual(["one"]);
  });

  it("leave when there is nothing left to do", async () => {
    const { options, titles } = await discord();
    const { code } = await run({ ...options, ...mode }, { titles: ["one"], ending: "nothing-left" });
    expect(titles()).toEqual(["one"]);
    expect(code).toBe(0);
  });

  it("leave from a notifier that keeps no process alive", async () => {
    const { options, titles } = await discord();
    const { code } = await run({ ...options, ...mode }, { titles: ["one"], ending: "unref" });
    expect(titles()).toEqual(["one"]);
    expect(code).toBe(0);
  });
});

describe("flush on exit in a thread", { timeout: TIMEOUT_MS }, () => {
  it("leave when the program calls process.exit(), and the code stays what it was", async () => {
    const { options, titles } = await discord();
    const { code } = await run({ ...options, ...inThread }, { titles: ["one"], ending: "exit-3" });
    expect(titles()).toEqual(["one"]);
    expect(code).toBe(3);
  });

  it("leave when the program's own handlers end it", async () => {
    const { options, titles } = await discord();
    const byError = await run({ ...options, ...inThread }, { titles: ["one"], ending: "own-handler-exits-7" });
    expect(byError.code).toBe(7);
    const program = { titles: ["two"], ending: "own-signal-handler" } as const;
    const bySignal = await run({ ...options, ...inThread }, program, (pid) => process.kill(pid, "SIGTERM"));
    expect(bySignal).toMatchObject({ code: 5, stdout: expect.stringContaining("terminating") });
    expect(titles()).toEqual(["one", "two"]);
  });

  it("take no longer than they may, and tell how many are lost", async () => {
    const { emulator, options, titles } = await discord();
    emulator.faults.add({ do: { kind: "stall" } });
    const { code, stderr } = await run(
      { ...options, thread: true, flushOnExit: { timeoutMs: 500 } },
      { titles: ["one", "two"], ending: "exit-3" },
    );
    expect(titles()).toEqual([]);
    expect(code).toBe(3);
    expect(stderr).toContain("2 notifications were not sent, and lost");
  });

  it("leave what they cannot send in the store, where the next start finds it", async () => {
    const { emulator, options, titles } = await discord();
    const heal = emulator.faults.add({ do: { kind: "status", status: 503 } });
    const kept = { ...options, thread: true, store: { sqlite: temporaryFile() }, flushOnExit: { timeoutMs: 500 } };
    const first = await run(kept, { titles: ["one", "two"], ending: "throw", isAccepted: true });
    expect(first.stderr).not.toContain("lost");
    expect(titles()).toEqual([]);
    heal();
    await run(kept, { titles: [], ending: "nothing-left" });
    expect(titles().toSorted()).toEqual(["one", "two"]);
  });

  it("has all of its time from when the thread listens: what was told before is kept by a store that was not free yet", async () => {
    const { options, titles } = await discord();
    const sqlite = temporaryFile();
    const held = openSqliteStore({ database: sqlite });
    const kept = { ...options, thread: true, store: { sqlite }, flushOnExit: { timeoutMs: 1_000 } };
    const ended = run(kept, { titles: ["one"], ending: "exit-3" });
    // The thread tries for 5 s; without that it would have had 1.5 s.
    await sleep(2_500);
    await held.close();
    expect(await ended).toMatchObject({ code: 3, stderr: "" });
    await run(kept, { titles: [], ending: "nothing-left" });
    expect(titles()).toEqual(["one"]);
  });

  it("can be turned off", async () => {
    const { options, titles } = await discord();
    const { code } = await run({ ...options, thread: true, flushOnExit: false }, { titles: ["one"], ending: "exit-3" });
    expect(titles()).toEqual([]);
    expect(code).toBe(3);
  });
});

describe("flush on exit without a thread", { timeout: TIMEOUT_MS }, () => {
  it("tell what is lost when the program calls process.exit()", async () => {
    const { options, titles } = await discord();
    const { code, stderr } = await run({ ...options, ...inProgram }, { titles: ["one"], ending: "exit-3" });
    expect(titles()).toEqual([]);
    expect(code).toBe(3);
    expect(stderr).toContain("1 notification was not sent, and lost");
  });
});

it("what is queued leaves while the program's event loop is blocked", { timeout: TIMEOUT_MS }, async () => {
  const { options, arrived, titles } = await discord();
  const program = { titles: ["one", "two"], ending: "blocked" } as const;
  let kill = (): void => expect.fail("the program is not ready");
  const ended = run({ ...options, ...inThread }, program, (pid) => {
    kill = () => process.kill(pid, "SIGKILL");
  });
  await arrived(2);
  kill();
  expect(titles()).toEqual(["one", "two"]);
  expect(await ended).toMatchObject({ signal: "SIGKILL", stdout: "ready\n" });
});
