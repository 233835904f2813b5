import { describe, expect, it } from "vitest";
import { z } from "zod";
import { inPlainWords } from "./plain-words.ts";

const schema = z.strictObject({
  name: z.string().min(1).max(3),
  size: z.int().min(1).max(9),
  kind: z.enum(["a", "b"]),
  tags: z.array(z.boolean()).max(1),
  limits: z.record(
    z.string().refine((name) => name !== "", { error: "must be a name" }),
    z.number(),
  ),
  own: z.string().refine((text) => text === "x", { error: "must be x" }),
});
const good = { name: "abc", size: 1, kind: "a", tags: [true], limits: {}, own: "x" };

const said = (change: object) => schema.safeParse({ ...good, ...change }).error?.issues.map(inPlainWords);

describe("inPlainWords", () => {
  it.each([
    [{ name: undefined }, "is missing"],
    [{ name: 1 }, "must be a text"],
    [{ name: "" }, "must have at least 1 character"],
    [{ name: "abcd" }, "must have at most 3 characters"],
    [{ size: "1" }, "must be a number"],
    [{ size: Number.NaN }, "must be a number"],
    [{ size: 1.5 }, "must be a whole number"],
    [{ size: 0 }, "must be at least 1"],
    [{ size: 10 }, "must be at most 9"],
    [{ kind: "c" }, "must be one of a, b"],
    [{ tags: {} }, "must be a list"],
    [{ tags: ["x"] }, "must be true or false"],
    [{ tags: [true, true] }, "must have at most 1 item"],
    [{ limits: [] }, "must be an object"],
    [{ limits: { "": 1 } }, "must be a name"],
    [{ own: "y" }, "must be x"],
    [{ titel: 1, colour: 2 }, "has what is not known here: titel, colour"],
  ])("says of %j: %s", (change, words) => {
    expect(said(change)).toEqual([words]);
  });

  it("leaves what it does not know as it is", () => {
    expect(inPlainWords({ code: "new", message: "Invalid moon" })).toBe("Invalid moon");
  });
});
