import { expect, it } from "vitest";
import type { AlertDesk, OpenAlert } from "../../alert/desk.ts";
import { alertMeant, joinDesks } from "./desks.ts";

const anna = { name: "anna" };
const alertOf = (name: string, since = 0): OpenAlert => ({
  ...{ key: name, name, phase: "firing", since },
  ...{ acknowledgedAt: null, acknowledgedBy: null, silencedUntil: null },
});

function deskOf(...alerts: readonly OpenAlert[]): AlertDesk {
  const answer = (key: string) => {
    const alert = alerts.find((one) => one.key === key);
    return alert === undefined ? ({ kind: "not-open" } as const) : ({ kind: "done", alert } as const);
  };
  return { list: () => alerts, acknowledge: answer, silence: answer, resolve: async (key) => answer(key) };
}

it("several desks are one: the oldest alert first, and each action where the alert is", async () => {
  const desk = joinDesks([deskOf(alertOf("b", 2)), deskOf(alertOf("a", 1), alertOf("c", 3))]);
  expect((await desk.list()).map(({ name }) => name)).toEqual(["a", "b", "c"]);
  expect(await desk.acknowledge("c", anna)).toMatchObject({ kind: "done", alert: { name: "c" } });
  expect(await desk.silence("b", 1, anna)).toMatchObject({ kind: "done", alert: { name: "b" } });
  expect(await desk.resolve("x", anna)).toEqual({ kind: "not-open" });
});

it.each([
  ["", ["Bus API"], "Bus API"],
  ["", ["Bus API", "Weather API"], ["Bus API", "Weather API"]],
  ["", [], null],
  ["bus api", ["Bus API", "Bus API 2"], "Bus API"],
  ["bus", ["Old bus API", "Bus API"], "Bus API"],
  ["api", ["Bus API", "Weather API", "Disk"], ["Bus API", "Weather API"]],
  ["x", ["Bus API"], null],
])("%j among %j means %j", (said, names, meant) => {
  const found = alertMeant(
    names.map((name) => alertOf(name)),
    said,
  );
  const several = found.kind === "several" ? found.alerts.map(({ name }) => name) : null;
  const answer = found.kind === "one" ? found.alert.name : several;
  expect(answer).toEqual(meant);
});
