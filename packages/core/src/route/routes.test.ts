import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { SEVERITIES } from "../notification/notification.ts";
import { compileMatchers } from "./matcher.ts";
import { readMatchers } from "./matcher-text.ts";
import { createRoutes, type Route } from "./routes.ts";
import { createSchedule } from "./schedule.ts";
import { readTimeWindow } from "./time-window.ts";

const MONDAY_NOON = Date.UTC(2026, 0, 5, 12);
const HOUR = 3_600_000;
const ALERT = { type: "backup", severity: "error", key: null, labels: { site: "lab" } } as const;

function times(text: string | null) {
  const read = text === null ? null : readTimeWindow(text, "UTC");
  return read?.ok ? createSchedule([read.window]) : null;
}

interface Sketch {
  readonly name: string;
  readonly matchers?: string;
  readonly to?: readonly string[];
  readonly continues?: boolean;
  readonly active?: string;
  readonly mute?: string;
  readonly quiet?: string;
  readonly recovery?: Route["recovery"];
}

function route({
  name,
  matchers = "",
  to = [name],
  continues = false,
  active,
  mute,
  quiet,
  recovery = null,
}: Sketch): Route {
  const read = readMatchers(matchers);
  return {
    name,
    matchers: compileMatchers(read.ok ? read.matchers : expect.fail(matchers)),
    to,
    continues,
    active: times(active ?? null),
    mute: times(mute ?? null),
    quiet: times(quiet ?? null),
    recovery,
  };
}

it("routes say how ends are told: for each destination the first that says something", () => {
  const { decision } = ask(
    { name: "a", to: ["one"], continues: true },
    { name: "b", to: ["one", "two"], recovery: "edit", continues: true },
    { name: "c", to: ["two", "three"], recovery: "both" },
  )(ALERT, MONDAY_NOON);
  expect(decision?.recovery).toEqual({ one: "edit", two: "edit", three: "both" });
});

const ask = (...sketches: Sketch[]) => createRoutes(sketches.map(route));

describe("routes", () => {
  it("are asked in their order; the first that takes it ends the search", () => {
    const { decision } = ask(
      { name: "shop", matchers: "type=shop" },
      { name: "lab", matchers: "severity>=warning, site=lab" },
      { name: "rest" },
    )(ALERT, MONDAY_NOON);
    expect(decision).toEqual({
      to: ["lab"],
      deferred: [],
      because: "routes",
      withheld: null,
      evaluations: [
        { route: "shop", verdict: "not-matched", matcher: "type=shop" },
        { route: "lab", verdict: "taken", to: ["lab"] },
      ],
    });
  });

  it("go on where one says so, and tell each destination once", () => {
    const { decision } = ask(
      { name: "a", to: ["x", "y"], continues: true },
      { name: "b", matchers: "type=other", continues: true },
      { name: "c", to: ["y", "z"] },
      { name: "d" },
    )(ALERT, MONDAY_NOON);
    expect(decision?.to).toEqual(["x", "y", "z"]);
    expect(decision?.evaluations.map(({ route: name, verdict }) => `${name} ${verdict}`)).toEqual([
      "a taken",
      "b not-matched",
      "c taken",
    ]);
  });

  it("by the hour: outside of its active times the next is asked", () => {
    const office = ask({ name: "office", active: "mon-fri 08:00-18:00" }, { name: "duty" });
    expect(office(ALERT, MONDAY_NOON).decision?.to).toEqual(["office"]);
    const night = office(ALERT, MONDAY_NOON + 6 * HOUR);
    expect(night.decision?.to).toEqual(["duty"]);
    expect(night.evaluations[0]).toEqual({ route: "office", verdict: "inactive", until: MONDAY_NOON + 20 * HOUR });
  });

  it("in its mute times takes it and tells nobody", () => {
    const { decision } = ask({ name: "lab", mute: "12:00-13:00" }, { name: "rest" })(ALERT, MONDAY_NOON);
    expect(decision).toMatchObject({ to: [], deferred: [], because: "muted" });
    expect(decision?.evaluations).toEqual([{ route: "lab", verdict: "muted", until: MONDAY_NOON + HOUR }]);
  });

  it("in its quiet hours keeps it for their end, but nothing critical", () => {
    const quiet = ask({ name: "lab", to: ["a", "b"], quiet: "11:00-13:00" }, { name: "rest" });
    const until = MONDAY_NOON + HOUR;
    expect(quiet(ALERT, MONDAY_NOON).decision).toMatchObject({
      to: [],
      because: "deferred",
      deferred: [
        { destination: "a", until },
        { destination: "b", until },
      ],
    });
    expect(quiet({ ...ALERT, severity: "critical" }, MONDAY_NOON).decision).toMatchObject({
      to: ["a", "b"],
      deferred: [],
    });
    expect(quiet(ALERT, until).decision).toMatchObject({ to: ["a", "b"], deferred: [] });
  });

  it("tell nobody later who is told now", () => {
    const { decision } = ask(
      { name: "quiet", to: ["a", "b"], quiet: "11:00-13:00", continues: true },
      { name: "loud", to: ["a"] },
    )(ALERT, MONDAY_NOON);
    expect(decision).toMatchObject({ to: ["a"], because: "routes", deferred: [{ destination: "b" }] });
  });

  it("that do not take it leave the decision to others", () => {
    expect(ask({ name: "shop", matchers: "type=shop" })(ALERT, MONDAY_NOON)).toEqual({
      decision: null,
      evaluations: [{ route: "shop", verdict: "not-matched", matcher: "type=shop" }],
    });
  });
});

describe("whatever the routes", () => {
  const option = <Value>(value: Value) => fc.option(fc.constant(value), { nil: undefined });
  const sketch = fc.record({
    matchers: fc.constantFrom("", "severity>=error", "type=backup", "site!=lab"),
    to: fc.uniqueArray(fc.constantFrom("a", "b", "c"), { minLength: 1 }),
    continues: fc.boolean(),
    active: option("mon-fri 08:00-18:00"),
    mute: option("12:00-20:00"),
    quiet: fc.constantFrom("22:00-07:00", "sat,sun", undefined),
  });
  const routes = fc
    .array(sketch, { maxLength: 5 })
    .map((sketches) =>
      createRoutes(sketches.map((one, index) => route(JSON.parse(JSON.stringify({ ...one, name: `route ${index}` }))))),
    );
  const alert = fc.record({
    type: fc.constantFrom("backup", "shop"),
    severity: fc.constantFrom(...SEVERITIES),
    key: fc.constant(null),
    labels: fc.constantFrom(null, { site: "lab" }, { site: "shop" }),
  });
  const instant = fc.integer({ min: MONDAY_NOON, max: MONDAY_NOON + 14 * 24 * HOUR });

  it("a critical one is never deferred", () => {
    fc.assert(
      fc.property(routes, alert, instant, (decide, given, at) => {
        expect(decide({ ...given, severity: "critical" }, at).decision?.deferred ?? []).toEqual([]);
      }),
    );
  });

  it("each destination has one fate, deferral ends in the future, and the reason is that of the evaluations", () => {
    fc.assert(
      fc.property(routes, alert, instant, (decide, given, at) => {
        const { decision, evaluations } = decide(given, at);
        const taking = evaluations.filter(({ verdict }) => verdict !== "not-matched" && verdict !== "inactive");
        expect(decision === null).toBe(taking.length === 0);
        if (decision === null) return;
        const { to, deferred, because } = decision;
        const fates = [...to, ...deferred.map(({ destination }) => destination)];
        expect(new Set(fates).size).toBe(fates.length);
        for (const { until } of deferred) expect(until).toBeGreaterThan(at);
        expect(because).toBe({ true: "routes", false: deferred.length > 0 ? "deferred" : "muted" }[`${to.length > 0}`]);
        expect(evaluations.at(-1)).toEqual(decision.evaluations.at(-1));
      }),
    );
  });
});
