/** Inhibition and maintenance at the notifier: what is folded under what, how it is told, and what is left after a restart. */
import { describe, expect, it } from "vitest";
import { createFakeChannel } from "../../testing/fake-channel.ts";
import { createVirtualClock } from "../../testing/virtual-clock.ts";
import { createNotifier } from "../notifier.ts";
import { createMemoryStore } from "../store/memory/memory-store.ts";
import type { NotifierOptions } from "./options.ts";

const START = Date.UTC(2026, 0, 5, 12);
const HOUR = 3_600_000;
const INHIBIT = [{ source: "type=gateway", target: "type=device", equal: ["gateway"] }];
const logger = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };

function setUp(options: NotifierOptions = { inhibit: INHIBIT }) {
  const clock = createVirtualClock({ startAt: START });
  const store = createMemoryStore({ clock });
  const start = () => {
    const channel = createFakeChannel({ clock, label: "hook" });
    const about = { env: {}, clock, logger, store, validateOnStart: false, webhookUrl: channel };
    const notifier = createNotifier({ ...about, ...options });
    const told = () => channel.sent.flatMap(({ request }) => request.notifications.map(({ title }) => title));
    const fields = () => channel.sent.flatMap(({ request }) => request.notifications.map((one) => one.fields));
    return { notifier, told, fields };
  };
  return { clock, store, start, ...start() };
}

type Phase = "firing" | "resolved";

function device(name: string, phase: Phase, gateway = "gw-1") {
  const title = `${name} ${phase === "firing" ? "down" : "up"}`;
  return { type: "device", phase, key: name, title, labels: { gateway } };
}
const gateway = (phase: Phase) => ({ ...device("gw-1", phase), type: "gateway" });

describe("while its gateway is down, an alert of a device", () => {
  it("is not told, and history and explanation say why", async () => {
    const { notifier, store, told } = setUp();
    await notifier.send(gateway("firing"));
    const withheld = { by: "inhibition", source: "gw-1" };
    expect(notifier.explain(device("a", "firing"))).toMatchObject({ to: [], because: "inhibited", withheld });
    const result = await notifier.send(device("a", "firing"));
    expect(result).toMatchObject({ status: "skipped", reason: "inhibited" });
    expect(await store.history.find(result.id)).toMatchObject({
      skipped: "inhibited",
      notification: { routing: { withheld } },
    });
    await notifier.send(device("b", "firing", "gw-2"));
    expect(told()).toEqual(["gw-1 down", "b down"]);
  });

  it("is counted in the reminder and the recovery, and told after it when it is still open", async () => {
    const { notifier, told, fields } = setUp();
    await notifier.send(gateway("firing"));
    for (const name of ["a", "a", "b"]) await notifier.send(device(name, "firing"));
    await notifier.send(gateway("firing"));
    expect(await notifier.send(device("a", "resolved"))).toMatchObject({ reason: "nothing-to-resolve" });
    await notifier.send(gateway("resolved"));
    await notifier.flush();
    expect(told()).toEqual(["gw-1 down", "gw-1 down", "gw-1 up", "b down"]);
    const field = (value: string) => [{ name: "Folded under it", value, inline: false }];
    expect(fields()).toEqual([[], field("2 alerts, 2 still open"), field("2 alerts, 1 still open"), []]);
    expect(await notifier.send(device("b", "resolved"))).toMatchObject({ success: true });
  });

  it("that was told before is resolved as ever", async () => {
    const { notifier, told } = setUp();
    await notifier.send(device("a", "firing"));
    await notifier.send(gateway("firing"));
    await notifier.send(device("a", "resolved"));
    expect(told()).toEqual(["a down", "gw-1 down", "a up"]);
  });

  it("is folded over a restart as well", async () => {
    const { notifier, start } = setUp();
    await notifier.send(gateway("firing"));
    await notifier.send(device("a", "firing"));
    const after = start();
    expect(await after.notifier.send(device("b", "firing"))).toMatchObject({ reason: "inhibited" });
    await after.notifier.send(gateway("resolved"));
    await after.notifier.flush();
    expect(after.told()).toEqual(["gw-1 up", "a down", "b down"]);
    const last = start();
    expect(await last.notifier.send(device("c", "firing"))).toMatchObject({ success: true });
  });

  it("is told again when the gateway has said nothing for a day", async () => {
    const { notifier, clock } = setUp();
    await notifier.send(gateway("firing"));
    await clock.advance(24 * HOUR - 1);
    expect(await notifier.send(device("a", "firing"))).toMatchObject({ reason: "inhibited" });
    await clock.advance(1);
    expect(await notifier.send(device("a", "firing"))).toMatchObject({ success: true });
  });
});

it("an alert that is not told itself inhibits nothing, so that two never hide each other", async () => {
  const { notifier, told } = setUp({ inhibit: [{ source: "type=~*", target: "type=~*", equal: ["gateway"] }] });
  await notifier.send(device("a", "firing"));
  await notifier.send(device("b", "firing"));
  await notifier.send(device("a", "firing"));
  expect(told()).toEqual(["a down", "a down"]);
  await notifier.silence({ matchers: "key=z", untilAt: START + HOUR });
  await notifier.send(device("z", "firing", "gw-9"));
  await notifier.send(device("y", "firing", "gw-9"));
  expect(told().at(-1)).toBe("y down");
});

it("in a maintenance window nothing that matches is told, before and after it is", async () => {
  const window = { name: "new roof", from: START + HOUR, until: "2026-01-05T14:00:00Z", matchers: "site=lab" };
  const { notifier, clock, told } = setUp({ maintenance: [window] });
  const sample = { title: "Rain", labels: { site: "lab" } };
  const withheld = { by: "maintenance", name: "new roof", until: START + 2 * HOUR };
  expect(notifier.explain(sample)).toMatchObject({ because: "default" });
  await clock.advance(HOUR);
  expect(notifier.explain(sample)).toMatchObject({ because: "maintenance", withheld });
  const shown = { name: "new roof", from: START + HOUR, until: START + 2 * HOUR, matchers: "site=lab", isActive: true };
  expect(notifier.maintenance()).toEqual([shown]);
  expect(await notifier.send(sample)).toMatchObject({ status: "skipped", reason: "maintenance" });
  await notifier.send({ title: "Elsewhere" });
  await clock.advance(HOUR);
  await notifier.send(sample);
  expect(told()).toEqual(["Elsewhere", "Rain"]);
});

it("mistakes in inhibition and maintenance are thrown, each with its place", () => {
  const attempt = () =>
    setUp({
      inhibit: [{ source: "", target: "severity>=bad" }],
      maintenance: [{ from: "later", until: 0 }],
    });
  expect(attempt).toThrow(/inhibit\[0\]\.source: write one matcher or more/);
  expect(attempt).toThrow(/inhibit\[0\]\.target: severity>=bad/);
  expect(attempt).toThrow(/maintenance\[0\]: from and until must be instants/);
});
