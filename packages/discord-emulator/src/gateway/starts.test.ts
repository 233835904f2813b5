import { expect, it } from "vitest";
import { createStarts } from "./starts.ts";

const DAY_MS = 86_400_000;

it("counts for a day from the first start, for each bot by itself", () => {
  const starts = createStarts(2);
  expect(starts.tell("a", 0)).toEqual({ total: 2, remaining: 2, reset_after: DAY_MS, max_concurrency: 1 });
  expect([starts.take("a", 0), starts.take("a", 1), starts.take("a", DAY_MS - 1)]).toEqual([true, true, false]);
  expect(starts.tell("a", DAY_MS - 1)).toMatchObject({ remaining: 0, reset_after: 1 });
  expect(starts.take("b", 2)).toBe(true);
  expect(starts.take("a", DAY_MS)).toBe(true);
});
