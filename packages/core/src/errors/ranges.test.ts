import { expect, it } from "vitest";
import {
  FROM_0,
  FROM_0_TO_1,
  FROM_1,
  MORE_THAN_0,
  MORE_THAN_0_OR_INFINITE,
  type Range,
  rangeProblems,
  WHOLE_FROM_0,
  WHOLE_FROM_1,
} from "./ranges.ts";

const NONE = [Number.NaN, Number.NEGATIVE_INFINITY, -1];
const NO_NUMBERS = ["7", null, undefined, {}] as unknown as readonly number[];

it.each<{ range: Range; good: readonly number[]; bad: readonly number[] }>([
  { range: WHOLE_FROM_0, good: [0, 7], bad: [0.5, Number.POSITIVE_INFINITY] },
  { range: WHOLE_FROM_1, good: [1, 7], bad: [0, 1.5, 2 ** 60, Number.POSITIVE_INFINITY] },
  { range: MORE_THAN_0, good: [0.1, 7], bad: [0, Number.POSITIVE_INFINITY] },
  { range: MORE_THAN_0_OR_INFINITE, good: [0.1, Number.POSITIVE_INFINITY], bad: [0] },
  { range: FROM_0, good: [0, 0.5], bad: [Number.POSITIVE_INFINITY] },
  { range: FROM_1, good: [1, 1.5], bad: [0.9, Number.POSITIVE_INFINITY] },
  { range: FROM_0_TO_1, good: [0, 0.5, 1], bad: [1.1] },
])("$range.wanted: takes $good and refuses $bad", ({ range, good, bad }) => {
  expect(good.filter((value) => !range.has(value))).toEqual([]);
  expect([...bad, ...NONE].filter(range.has)).toEqual([]);
});

it("names every value that is out of its range, and what it has to be", () => {
  const values = { limit: 0, burst: 2, factor: Number.NaN };
  expect(rangeProblems(values, { limit: WHOLE_FROM_1, burst: FROM_1, factor: FROM_1 })).toEqual([
    "limit must be a whole number from 1, got 0",
    "factor must be 1 or more, got NaN",
  ]);
});

it("refuses whole numbers and durations that are no numbers at all", () => {
  expect(NO_NUMBERS.filter(WHOLE_FROM_1.has)).toEqual([]);
  expect(NO_NUMBERS.filter(MORE_THAN_0.has)).toEqual([]);
});
