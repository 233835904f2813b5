import { expect, it } from "vitest";
import { markdown } from "./markdown.ts";

it("what is written is markdown, what is inserted is shown as it is", () => {
  expect(markdown`**${"*Rose*"}** is at ${15.2} of ${null}, see ${"https://a.example"}**`).toBe(
    "**\\*Rose\\*** is at 15.2 of null, see <https://a.example>**",
  );
  expect(markdown`plain`).toBe("plain");
});
