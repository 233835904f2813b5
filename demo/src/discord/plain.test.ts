import { expect, it } from "vitest";
import { plainText } from "./plain.ts";

it.each([
  ["\\*\\*Basil\\*\\*", "**Basil**"],
  ["1\\. of \\[2\\]", "1. of [2]"],
  ["C:\\\\", "C:\\"],
  ["as it is", "as it is"],
  ["back\\slash", "back\\slash"],
])("%s reads as %s", (markdown, text) => expect(plainText(markdown)).toBe(text));
