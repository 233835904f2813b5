/** The rule that keeps the library readable; scripts/hygiene/flow.ts holds the order and the reasons. */
import { expect, it } from "vitest";
import { backImports, impureUses, strangers } from "../../../scripts/hygiene/flow.ts";
import { readSources } from "../../../scripts/hygiene/source.ts";

const sources = readSources(import.meta.dirname);

it("every folder is a stage of the flow", () => {
  expect(sources.length).toBeGreaterThan(0);
  expect(strangers(sources)).toEqual([]);
});

it("imports only point upstream", () => {
  expect(backImports(sources)).toEqual([]);
});

it("only clock/ touches time and chance", () => {
  expect(impureUses(sources)).toEqual([]);
});
