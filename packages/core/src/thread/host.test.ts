import { setImmediate as nextTurn } from "node:timers/promises";
import { describe, expect, it, vi } from "vitest";
import { aNotification } from "../../testing/notifications.ts";
import { createVirtualClock } from "../../testing/virtual-clock.ts";
import type { HistoryDetail } from "../history/history.ts";
import type { NotificationId } from "../notification/notification.ts";
import { quietNotifier } from "../notifier/notifier.fixture.ts";
import { Host } from "./host.ts";
import { NewsDesk } from "./news.ts";
import type { FromThread, News } from "./protocol.ts";

/** A host over a notifier in this thread, and a history that knows these. */
function host(known: Readonly<Record<string, Partial<HistoryDetail>>> | null = {}) {
  const { notifier, channel } = quietNotifier();
  const said: FromThread[] = [];
  const post = (message: FromThread): void => void said.push(message);
  const defer = (fire: () => void): void => void setImmediate(fire);
  const desk = new NewsDesk({ clock: createVirtualClock(), defer, post, wantsEvents: false, wantsDebug: false });
  desk.about(notifier);
  const find = vi.fn(async (id: NotificationId) => (known?.[id] ?? null) as HistoryDetail | null);
  const release = vi.fn();
  const history = known === null ? null : { find };
  // Notifications come complete; this notifier reads them again, which changes the id alone.
  const taken = vi.spyOn(notifier, "notify");
  const it = new Host({ notifier, history, memory: null, desk, post, release });
  const told = async () => {
    for (let turn = 0; turn < 10; turn++) await nextTurn();
    const all = said.filter((message): message is News => message.kind === "news");
    return {
      accepted: all.flatMap(({ accepted }) => accepted),
      settled: all.flatMap(({ settled }) => settled.map(({ id }) => id)),
    };
  };
  return { host: it, notifier, channel, said, told, taken, find, release };
}

const waiting = {
  status: "waiting",
  deliveries: [{ destination: "default", result: null, sequel: null }],
} as unknown as Partial<HistoryDetail>;
const delivered = {
  status: "delivered",
  deliveries: [{ result: { destination: "default", status: "delivered", attempts: 1 }, sequel: null }],
} as unknown as Partial<HistoryDetail>;

describe("what was posted again", () => {
  it("is not taken when the store has it: it counts as accepted, and its verdict follows when there is one", async () => {
    const kept = aNotification({ id: "ntf_kept" });
    const { host: it, told, taken } = host({ ntf_kept: delivered });
    it.handle({ kind: "take", notification: kept, again: true });
    expect(await told()).toEqual({ accepted: ["ntf_kept"], settled: ["ntf_kept"] });
    expect(taken).not.toHaveBeenCalled();
  });

  it("is taken when the store does not know it", async () => {
    const { host: it, told, taken } = host({});
    it.handle({ kind: "take", notification: aNotification({ id: "ntf_new" }), again: true });
    expect(await told()).toEqual({ accepted: ["ntf_new"], settled: ["ntf_new"] });
    expect(taken).toHaveBeenCalledTimes(1);
  });

  it("goes before what comes after it", async () => {
    const { host: it, told } = host({ ntf_1: waiting });
    for (const [id, again] of [
      ["ntf_1", true],
      ["ntf_2", true],
      ["ntf_3", false],
    ] as const) {
      it.handle({ kind: "take", notification: aNotification({ id }), again });
    }
    expect((await told()).accepted).toEqual(["ntf_1", "ntf_2", "ntf_3"]);
  });

  it("is taken at once where nothing is kept", async () => {
    const { host: it, told, find } = host(null);
    it.handle({ kind: "take", notification: aNotification({ id: "ntf_new" }), again: true });
    expect((await told()).accepted).toEqual(["ntf_new"]);
    expect(find).not.toHaveBeenCalled();
  });
});

describe("a verdict that an earlier thread owes", () => {
  it("is told as soon as the store has it", async () => {
    const known: Record<string, Partial<HistoryDetail>> = { ntf_1: waiting };
    const { host: it, told } = host(known);
    it.handle({ kind: "follow", id: "ntf_1" });
    expect((await told()).settled).toEqual([]);
    known["ntf_1"] = delivered;
    const about = { at: 0, destination: "default", deliveryId: "dlv_1", notificationId: "ntf_1" } as const;
    it.onEvent({ type: "concluded", ...about, result: {} as never });
    expect((await told()).settled).toEqual(["ntf_1"]);
  });

  it("stays open while there is no store to ask", async () => {
    const { host: it, told } = host(null);
    it.handle({ kind: "follow", id: "ntf_1" });
    expect((await told()).settled).toEqual([]);
  });
});

describe("a question", () => {
  it("is answered after all that happened before", async () => {
    const { host: it, said } = host();
    it.handle({ kind: "take", notification: aNotification({ id: "ntf_1" }), again: false });
    it.handle({ kind: "ask", call: 7, question: { topic: "flush", about: {} } });
    await vi.waitFor(() => expect(said.at(-1)).toMatchObject({ kind: "answer", call: 7, answer: { drained: true } }));
    const accepted = said.findIndex((message) => message.kind === "news" && message.accepted.includes("ntf_1"));
    expect(accepted).toBeGreaterThanOrEqual(0);
  });

  it("that is a mistake is answered with what is wrong", async () => {
    const { host: it, said } = host();
    it.handle({ kind: "ask", call: 1, question: { topic: "silence", about: { matchers: "", untilAt: 0 } } });
    const problems = [expect.stringContaining("matchers"), expect.any(String)];
    await vi.waitFor(() =>
      expect(said).toContainEqual(expect.objectContaining({ kind: "no-answer", call: 1, mistakes: problems })),
    );
  });
});

it("the exit flush is over when everything has been told, and the program goes on only then", async () => {
  const { host: it, said, release, channel } = host();
  release.mockImplementation(() => expect(said.at(-1)).toMatchObject({ kind: "news", open: 0 }));
  it.handle({ kind: "take", notification: aNotification({ id: "ntf_1" }), again: false });
  it.handle({ kind: "flush-at-exit", timeoutMs: 1_000 });
  await vi.waitFor(() => expect(release).toHaveBeenCalledTimes(1));
  expect(channel.sent).toHaveLength(1);
});
