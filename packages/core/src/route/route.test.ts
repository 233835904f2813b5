import { describe, expect, it } from "vitest";
import type { Severity } from "../notification/notification.ts";
import { decideRoute, type RouteTable } from "./route.ts";

const table: RouteTable = {
  bySeverity: new Map<Severity, string>([["critical", "pager"]]),
  byType: new Map([
    ["error", "errors"],
    ["general", "lobby"],
  ]),
  byDefault: "everything else",
};

describe("decideRoute", () => {
  it.each([
    { type: "error", severity: "error", to: "errors", because: "type" },
    { type: "error", severity: "critical", to: "pager", because: "severity" },
    { type: "harvest", severity: "info", to: "everything else", because: "default" },
    { type: "general", severity: "info", to: "lobby", because: "type" },
  ] as const)("sends $severity $type to $to because of its $because", ({ type, severity, to, because }) => {
    expect(decideRoute({ type, severity }, table)).toMatchObject({ to: [to], because });
  });

  it("falls back to general when there is no default", () => {
    const decision = decideRoute({ type: "harvest", severity: "info" }, { ...table, byDefault: null });
    expect(decision).toMatchObject({ to: ["lobby"], because: "general" });
  });

  it("says so when there is nowhere to go", () => {
    const empty = { bySeverity: new Map(), byType: new Map(), byDefault: null };
    expect(decideRoute({ type: "error", severity: "error" }, empty)).toMatchObject({
      to: [],
      because: "no-destination",
    });
  });
});
