/** What is kept of checks and components, where the store cannot be read when the server starts. */
import { createVirtualClock } from "@tocsin/core/testing";
import { expect, it, vi } from "vitest";
import { type Check, newCheck } from "./check.ts";
import { createMonitoring } from "./monitoring.ts";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const UNREADABLE = { code: "storage-unavailable", message: expect.stringMatching(/cannot be read/) };
const settings = { name: "Backup", periodMs: DAY, graceMs: HOUR, remindAfterMs: [], severity: "error" } as const;
const backup: Check = { ...newCheck(settings, "5f0c", 0), lastPingAt: 0, lastResult: "success" };

/** Asked for checks and for components at once, so twice at the start; then after 1 s, and after 2 s more. */
function setUp(failures: number) {
  const clock = createVirtualClock({ startAt: 10 * DAY });
  const facts = new Map<string, unknown>([
    ["check:5f0c", backup],
    ["component:Queue", { failuresBeforeAlert: 7 }],
    ["component:Cache", { failuresBeforeAlert: 8 }],
  ]);
  const recall = vi.fn((): ReadonlyMap<string, unknown> => {
    if (recall.mock.calls.length <= failures) throw new Error("disk I/O error");
    return facts;
  });
  const remember = async (key: string, value: unknown): Promise<void> => void facts.set(key, value);
  const memory = { recall, remember, forget: async () => {} };
  const health = { configure: vi.fn(), forget() {}, recordSuccess: vi.fn(), recordFailure: vi.fn() };
  const logger = { error: vi.fn() };
  const notifier = { health: () => health as never };
  const monitoring = createMonitoring({ notifier, memory, clock, logger, announces: false });
  monitoring.start({});
  return { clock, recall, health, logger, ...monitoring };
}

it("says that it does not know its checks while they cannot be read, and knows them as soon as they can", async () => {
  const { checks, clock, logger, stop } = setUp(3);
  expect(() => checks.list()).toThrow(expect.objectContaining(UNREADABLE));
  expect(() => checks.get("5f0c")).toThrow(expect.objectContaining(UNREADABLE));
  // Neither the name of an unread one, nor a job that pings it, is to be told that there is none.
  await expect(checks.create(settings)).rejects.toMatchObject(UNREADABLE);
  await expect(checks.ping("5f0c", { kind: "success" }, "")).rejects.toMatchObject(UNREADABLE);
  await expect(checks.update("5f0c", {})).rejects.toMatchObject(UNREADABLE);
  await expect(checks.remove("5f0c")).rejects.toMatchObject(UNREADABLE);
  await clock.advance(3_000);
  expect(checks.list()).toEqual([backup]);
  expect(await checks.create(settings)).toBe("name-taken");
  expect(logger.error).toHaveBeenCalledTimes(3);
  await stop();
});

it("gives what was due its grace from when pings can arrive", async () => {
  const { clock, health, stop } = setUp(3);
  await clock.advance(3_000 + HOUR - 1);
  expect(health.recordFailure).not.toHaveBeenCalled();
  await clock.advance(1);
  expect(health.recordFailure).toHaveBeenCalledTimes(1);
  await stop();
});

it("keeps what a component was given meanwhile", async () => {
  const { components, health, clock, stop } = setUp(2);
  await components.configure("Queue", { failuresBeforeAlert: 2 });
  await clock.advance(1_000);
  expect(["Queue", "Cache"].map(components.settingsOf)).toEqual([
    { failuresBeforeAlert: 2 },
    { failuresBeforeAlert: 8 },
  ]);
  expect(health.configure.mock.calls.filter(([name]) => name === "Queue")).toHaveLength(1);
  await stop();
});

it("asks no more once it has ended", async () => {
  const { recall, clock, stop } = setUp(Number.POSITIVE_INFINITY);
  await stop();
  await clock.advance(DAY);
  expect([recall.mock.calls.length, clock.pending]).toEqual([2, 0]);
});
