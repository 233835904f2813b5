import { expect, it } from "vitest";
import { headingOf } from "./embed.ts";

it.each([
  ["Error: \\*\\*Bold\\*\\* @everyone \\<@1>", "Error: **Bold** @everyone <@1>"],
  ["snake\\_case", "snake_case"],
  ["C:\\\\Temp\\new", "C:\\Temp\\new"],
  ["<:party:123456789012345678>", ":party:"],
  [undefined, undefined],
])("a heading %j reads %j", (text, shown) => {
  expect(headingOf(text)).toBe(shown);
});
