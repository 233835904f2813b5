import { describe, expect, it } from "vitest";
import { describeFailure } from "./failure.ts";

class BusError extends Error {}

class NamedError extends Error {
  override readonly name = "NoRouteError";
}

/** As Node.js reports a host that refuses on all its addresses. */
const refused = Object.assign(new AggregateError([]), { code: "ECONNREFUSED" });

describe("describeFailure", () => {
  it.each([
    { error: new TypeError("fetch failed"), failure: { type: "TypeError", detail: "fetch failed" } },
    { error: new BusError("HTTP 502"), failure: { type: "BusError", detail: "HTTP 502" } },
    { error: new NamedError("x"), failure: { type: "NoRouteError", detail: "x" } },
    { error: refused, failure: { type: "AggregateError", detail: "ECONNREFUSED" } },
    {
      error: new Error("fetch failed", { cause: new Error("ENOTFOUND bus.local") }),
      failure: { type: "Error", detail: "fetch failed (cause: Error: ENOTFOUND bus.local)" },
    },
    { error: "HTTP 502", failure: { type: "Error", detail: "HTTP 502" } },
    { error: { status: 502 }, failure: { type: "Error", detail: '{"status": 502}' } },
    { error: undefined, failure: { type: "Error", detail: "No details were given." } },
    { error: new Error(""), failure: { type: "Error", detail: "No details were given." } },
  ])("says type and detail: $failure.type, $failure.detail", ({ error, failure }) => {
    expect(describeFailure(error)).toEqual(failure);
  });

  it("keeps no more than can be shown", () => {
    const { type, detail } = describeFailure(Object.assign(new Error("x".repeat(1e6)), { name: "y".repeat(1e6) }));
    expect([type.length, detail.length]).toEqual([100, 2_000]);
  });
});
