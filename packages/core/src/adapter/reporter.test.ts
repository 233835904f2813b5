import { describe, expect, it } from "vitest";
import { createVirtualClock } from "../../testing/virtual-clock.ts";
import type { NotificationInput } from "../notification/notification.ts";
import { FAILURE_WORDING, type RequestFailure } from "./failure-message.ts";
import { createReporter } from "./reporter.ts";

function failure(about: Partial<RequestFailure> = {}): RequestFailure {
  return { method: "GET", route: "/users/:id", status: 500, requestId: null, error: new TypeError("no"), ...about };
}

function reporterWith() {
  const clock = createVirtualClock();
  const told: NotificationInput[] = [];
  const reporter = createReporter({ notify: (input) => told.push(input), clock, wording: FAILURE_WORDING });
  return { clock, told, reporter, titles: () => told.map(({ title }) => title) };
}

describe("reporter", () => {
  it("tells the first at once and counts the rest, in windows that double while it goes on and end when it ends", async () => {
    const { clock, reporter, told, titles } = reporterWith();
    for (let n = 0; n < 5; n++) reporter.report(failure());
    expect(titles()).toEqual(["GET /users/:id failed: TypeError"]);
    await clock.advance(60_000);
    expect(titles()[1]).toBe("GET /users/:id failed: TypeError (×4)");
    reporter.report(failure());
    await clock.advance(119_999);
    expect(titles()).toHaveLength(2);
    await clock.advance(1);
    expect(told.slice(2)).toMatchObject([
      { title: "GET /users/:id failed: TypeError", message: "Once more since 2026-01-01T00:01:00.000Z:\nno" },
    ]);
    await clock.advance(240_000);
    expect([titles().length, clock.pending]).toEqual([3, 0]);
    reporter.report(failure());
    expect(titles()).toHaveLength(4);
  });

  it.each([
    { name: "route", other: { route: "/orders/:id" } },
    { name: "method", other: { method: "POST" } },
    { name: "status", other: { status: 503 } },
    { name: "class", other: { error: new RangeError("no") } },
    { name: "message", other: { error: new TypeError("yes") } },
  ])("another $name is another matter", ({ other }) => {
    const { reporter, titles } = reporterWith();
    reporter.report(failure());
    reporter.report(failure(other));
    expect(titles()).toHaveLength(2);
  });

  it("ids, numbers and quoted values make no other matter", () => {
    const { reporter, titles } = reporterWith();
    for (const id of ["7", "7f3a-2b", "42"])
      reporter.report(failure({ error: new Error(`user ${id} has no "${id}x" key`) }));
    expect(titles()).toHaveLength(1);
  });

  it("bounds how many matters are told: the rest are one", async () => {
    const { reporter, told, clock } = reporterWith();
    for (let n = 0; n < 1_000; n++) reporter.report(failure({ route: `/${n}` }));
    expect(told).toHaveLength(201);
    await clock.advance(60_000);
    expect(told.at(-1)!.title).toBe("Requests fail in many other ways (×799)");
  });

  it("100,000 identical errors cost under 400 ms of CPU and one message", () => {
    const { reporter, told } = reporterWith();
    const error = failure();
    const began = process.cpuUsage();
    for (let n = 0; n < 100_000; n++) reporter.report(error);
    const { user, system } = process.cpuUsage(began);
    expect((user + system) / 1_000).toBeLessThan(400);
    expect(told).toHaveLength(1);
  });

  it("never throws, whatever was thrown", () => {
    const evil = new Proxy(new Error("x"), {
      get() {
        throw new Error("no");
      },
    });
    const { reporter, told } = reporterWith();
    for (const error of [evil, null, 7, "text", Symbol("s"), { toString: null }]) reporter.report(failure({ error }));
    expect(told.length).toBeGreaterThan(0);
  });
});
