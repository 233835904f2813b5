import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ALERT_ACTIONS } from "../../alert/desk.ts";
import { matterOf, readCustomId, writeCustomId } from "./custom-id.ts";

const SECRET = "the token of the bot";

describe("a button's id", () => {
  it("is read as it was written, and within Discord's 100 characters, whatever the matter is called", () => {
    fc.assert(
      fc.property(fc.constantFrom(...ALERT_ACTIONS), fc.string({ unit: "grapheme" }), (action, key) => {
        const press = { action, matter: matterOf(key) };
        const id = writeCustomId(press, SECRET);
        expect(id.length).toBeLessThanOrEqual(100);
        expect(readCustomId(id, SECRET)).toEqual({ kind: "press", press });
      }),
    );
  });

  const id = writeCustomId({ action: "acknowledge", matter: matterOf("a") }, SECRET);
  const other = writeCustomId({ action: "acknowledge", matter: matterOf("b") }, SECRET);

  it.each([
    ["another action", id.replace("acknowledge", "resolve")],
    ["another matter", id.replace(matterOf("a"), matterOf("b"))],
    ["another's seal", id.replace(/[^:]*$/, other.split(":").at(-1)!)],
    ["an unknown action", id.replace("acknowledge", "delete")],
    ["a seal cut off", id.slice(0, -1)],
  ])("is no longer genuine with %s", (_what, forged) => {
    expect(readCustomId(forged, SECRET)).toEqual({ kind: "forged" });
  });

  it("counts only for the bot that sent it", () => {
    expect(readCustomId(id, "another token")).toEqual({ kind: "forged" });
    expect(readCustomId(id, null)).toEqual({ kind: "forged" });
  });

  it.each(["", "role:1", "tocsinlike:acknowledge:x:y"])("is left to others where it is not ours: %j", (foreign) => {
    expect(readCustomId(foreign, SECRET)).toEqual({ kind: "foreign" });
  });
});
