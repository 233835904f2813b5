import { expect, it } from "vitest";
import { table } from "./table.ts";

it("keeps columns straight where characters take two", () => {
  const rows = [
    ["磁盘已满", "b"],
    ["🚨 é", "b"],
    ["abcd", "b"],
  ];
  // In columns: 8, 4, 4 of 8.
  expect(table(["A", "B"], rows)).toBe("A         B\n磁盘已满  b\n🚨 é      b\nabcd      b\n");
});

it("cuts what is long between characters, at 60 columns", () => {
  expect(table(["A"], [["x".repeat(60)]])).toBe(`A\n${"x".repeat(60)}\n`);
  expect(table(["A"], [["x".repeat(61)]])).toBe(`A\n${"x".repeat(59)}…\n`);
  expect(table(["A"], [["🚨".repeat(31)]])).toBe(`A\n${"🚨".repeat(29)}…\n`);
});
