import { createNotifier } from "@tocsin/core";
import { createFakeChannel, createVirtualClock, outcomes } from "@tocsin/core/testing";
import { describe, expect, it } from "vitest";
import { createShop } from "./shop.ts";

/** The shop, and channels that take everything at once. */
function setUp() {
  const clock = createVirtualClock();
  const channel = (label: string) => createFakeChannel({ clock, label });
  const channels = {
    general: channel("general"),
    error: channel("error"),
    critical: channel("critical"),
    security: channel("security"),
  };
  const said: string[] = [];
  const failures: string[] = [];
  const logger = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };
  const notifier = createNotifier({
    env: {},
    webhooks: channels,
    clock,
    logger,
    batching: false,
    rateLimit: { limit: 100 },
  });
  const shop = createShop({
    notifier,
    clock,
    say: (text) => said.push(text),
    onFailure: (title, why) => failures.push(`${title}: ${why}`),
  });
  return { clock, channels, said, failures, notifier, shop };
}

describe("the web shop", () => {
  it("sends what failed with the file that failed, and the recovery with how long it lasted", async () => {
    const { clock, channels, shop } = setUp();
    shop.importDamagedFile();
    await clock.advance(20_000);
    shop.importRepairedFile();
    await clock.settle();
    const [failed, recovered] = channels.error.sent.map(({ request }) => request.notifications[0]);
    expect(failed).toMatchObject({
      title: "Import failed",
      message: 'orders.csv, line 4: the price "39.9O" is no number',
    });
    expect(failed?.files[0]?.name).toBe("orders.csv");
    expect(recovered).toMatchObject({ title: "Import recovered", severity: "info" });
    expect(recovered?.fields[1]).toMatchObject({ name: "Failing for", value: "20.0 s" });

    shop.importDamagedFile();
    await clock.advance(5_000);
    shop.importRepairedFile();
    await clock.settle();
    expect(channels.error.sent[3]?.request.notifications[0].fields[1]?.value).toBe("5.0 s");
  });

  it("counts what it has told, and what has no verdict yet", async () => {
    const { clock, shop } = setUp();
    shop.open();
    shop.losePayments();
    expect(shop.unsent).toBe(2);
    await clock.settle();
    expect(shop.unsent).toBe(0);
    expect([...shop.told]).toEqual([
      ["Web shop started", 1],
      ["Payments are failing", 1],
    ]);
  });

  it("numbers orders and logins on from round to round", async () => {
    const { clock, said, shop } = setUp();
    const orders = [shop.takeOrders(), shop.takeOrders()];
    const logins = shop.sufferLogins();
    await clock.advance(1_000);
    await Promise.all([...orders, logins]);
    expect(shop.told.get("Order 1001")).toBe(1);
    expect(shop.told.get("Order 1050")).toBe(1);
    expect(shop.told.get("Failed login 8")).toBe(1);
    expect(said).toContain("25 notifications have become 25 messages within 0 ms");
  });

  it("does not take for failed what still waits when the library is closed", async () => {
    const { clock, channels, failures, notifier, shop } = setUp();
    channels.critical.answer(outcomes.unavailable());
    shop.losePayments();
    await clock.settle();
    const closing = notifier.close({ timeoutMs: 10 });
    await clock.advance(10);
    await closing;
    expect(shop).toMatchObject({ unsent: 1, failed: 0 });
    expect(failures).toEqual([]);
  });

  it("says what did not arrive, and why", async () => {
    const { clock, channels, failures, shop } = setUp();
    channels.general.answer(outcomes.rejected());
    shop.open();
    await clock.settle();
    expect(failures).toEqual([expect.stringMatching(/^Web shop started: ./)]);
    expect(shop).toMatchObject({ unsent: 0, failed: 1 });
  });
});
