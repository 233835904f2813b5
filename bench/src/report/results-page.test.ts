import { expect, it } from "vitest";
import { updatePage } from "./results-page.ts";
import { toSection } from "./section.ts";

const TITLES = ["First", "Second", "Third"];
const section = (title: string, text: string) => `## ${title}\n\n${text}\n`;

it("replaces the sections that were measured and keeps the others, in the order of the scenarios", () => {
  const before = updatePage(
    "",
    TITLES,
    new Map([
      ["Third", section("Third", "old")],
      ["First", section("First", "old")],
    ]),
  );
  const after = updatePage(
    before,
    TITLES,
    new Map([
      ["Second", section("Second", "new")],
      ["Third", section("Third", "new")],
    ]),
  );
  expect(after.match(/^## .*\n\n.*/gm)).toEqual(["## First\n\nold", "## Second\n\nnew", "## Third\n\nnew"]);
  expect(after.startsWith("# Measurements\n")).toBe(true);
});

it("drops sections of scenarios that are no more", () => {
  const before = updatePage("", ["Gone"], new Map([["Gone", section("Gone", "old")]]));
  expect(updatePage(before, TITLES, new Map())).not.toContain("Gone");
});

it("says of each figure whether its target is met", () => {
  const text = toSection({
    scenario: { name: "x", title: "X", method: "Somehow." },
    figures: [
      { what: "a", value: "1", target: { text: "≥ 1", isMet: true } },
      { what: "b", value: "0", target: { text: "≥ 1", isMet: false } },
      { what: "c", value: "2", target: null },
    ],
    at: "2026-01-02T03:04:05.000Z",
    machine: "a machine",
    load: "0.5",
  });
  expect(text).toContain("| a | 1 | ≥ 1 | met |\n| b | 0 | ≥ 1 | **missed** |\n| c | 2 |  |  |");
  expect(text).toContain("`npm run bench -- x`, 2026-01-02 03:04 UTC, on a machine; load average 0.5.");
});
