import { outcomes } from "@tocsin/core/testing";
import { expect, it } from "vitest";
import { startHttpHarness } from "../../testing/http-harness.ts";

it("the destinations are shown with what holds them up", async () => {
  await using http = await startHttpHarness({ channel: { label: "fake", respond: () => outcomes.unavailable() } });
  const channels = async () => (await http.call("GET", "/api/channels")).json;
  expect(await channels()).toEqual({
    items: [
      {
        name: "default",
        kind: "fake",
        label: "fake",
        mode: "idle",
        waiting: 0,
        wait: null,
        breaker: "closed",
        error: null,
        last_error: null,
      },
    ],
  });
  const failedAt = http.now();
  await http.call("POST", "/api/notifications", { title: "x" });
  await http.settle();
  const { items } = (await channels()) as { items: { wait: { until: string } }[] };
  expect(items).toMatchObject([
    {
      mode: "waiting",
      waiting: 1,
      wait: { because: "retry" },
      breaker: "closed",
      last_error: { at: failedAt, code: "http-503", message: expect.any(String) },
    },
  ]);
  // The first retry comes after a second, lengthened by chance.
  const waitMs = Date.parse(items[0]!.wait.until) - http.clock.now();
  expect(waitMs).toBeGreaterThanOrEqual(1_000);
  expect(waitMs).toBeLessThanOrEqual(2_000);
});

it("a destination that is misconfigured says so", async () => {
  await using http = await startHttpHarness({ channel: { respond: () => outcomes.misconfigured() } });
  await http.call("POST", "/api/notifications", { title: "x" });
  await http.settle();
  expect((await http.call("GET", "/api/channels")).json).toMatchObject({
    items: [{ mode: "disabled", waiting: 0, error: { code: "discord-10015" }, last_error: { code: "discord-10015" } }],
  });
});
