import { expect, it } from "vitest";
import { DAMAGED_FILE, ImportError, REPAIRED_FILE, readOrders } from "./orders.ts";

it("reads orders", () => {
  expect(readOrders(REPAIRED_FILE)).toEqual([
    { id: 1_001, article: "Watering can", priceCents: 1_850 },
    { id: 1_002, article: "Rose shears", priceCents: 2_490 },
    { id: 1_003, article: "Fig tree", priceCents: 3_990 },
  ]);
});

it("names the line that it cannot read", () => {
  const attempt = () => readOrders(DAMAGED_FILE);
  expect(attempt).toThrow(ImportError);
  expect(attempt).toThrow('line 4: the price "39.9O" is no number');
  expect(() => readOrders("order,article,price\n,Spade,9.00")).toThrow('line 2: the order number "" is none');
});
