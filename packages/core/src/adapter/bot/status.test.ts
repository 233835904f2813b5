import { expect, it } from "vitest";
import { type ShownComponent, statusMessage } from "./status.ts";

const NOW = Date.UTC(2026, 0, 1, 12);
const SECOND = 1_000;
const ok = (component: string): ShownComponent => ({
  ...{ component, phase: "ok", since: null, acknowledgedBy: null, silencedUntil: null },
});

function status(components: readonly ShownComponent[]) {
  const startedAt = NOW - (3 * 3_600 + 12 * 60 + 59) * SECOND;
  return statusMessage({ program: "Wall Display", startedAt, components }, NOW);
}

// E6
it("shows uptime and every component, in blue", () => {
  const down: ShownComponent = { ...ok("Weather API"), phase: "firing", since: NOW - 132_900 };
  expect(status([ok("Bus API"), down])).toMatchObject({
    title: "Wall Display Status",
    color: 0x3498db,
    fields: [
      { name: "Uptime", value: "3h 12m", inline: true },
      { name: "Bus API", value: "OK", inline: true },
      { name: "Weather API", value: "DOWN (132s)", inline: true },
    ],
  });
});

it.each([
  [{ phase: "pending" }, "DOWN (60s)"],
  [{ phase: "flapping" }, "FLAPPING (60s)"],
  [{ phase: "firing", since: null }, "DOWN"],
  [{ phase: "firing", acknowledgedBy: "anna" }, "DOWN (60s), acknowledged by anna"],
  [{ phase: "firing", silencedUntil: NOW + 1_800 * SECOND }, "DOWN (60s), silenced for 30m"],
  [{ phase: "firing", silencedUntil: NOW }, "DOWN (60s)"],
] as const)("tells of %o as %s", (about, value) => {
  const shown = status([{ ...ok("Bus API"), since: NOW - 60 * SECOND, ...about }]);
  expect(shown.fields).toMatchObject([{}, { value }]);
});

it("shows what is down first where there is not room for all, and counts the rest", () => {
  const many = Array.from({ length: 40 }, (_, n) => ok(`c${n}`));
  many[39] = { ...ok("last"), phase: "firing", since: NOW };
  const { fields } = status(many);
  expect(fields).toHaveLength(25);
  expect(fields).toMatchObject({ 1: { name: "last" }, 24: { name: "17 more", value: "OK" } });
  const allDown = status(many.map((one) => ({ ...one, phase: "firing" as const, since: NOW })));
  expect(allDown.fields).toMatchObject({ 24: { value: "17 DOWN, 0 OK" } });
});
