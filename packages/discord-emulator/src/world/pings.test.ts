import { describe, expect, it } from "vitest";
import { firedPings, isSilent } from "./pings.ts";

const TEXT = "@everyone @here <@1> <@!2> <@&3> and <@1> again";

describe("firedPings", () => {
  it.each([
    {
      says: "nothing: users only",
      allowed: undefined,
      fired: { everyone: false, here: false, users: ["1", "2"], roles: [] },
    },
    { says: "parse nothing", allowed: { parse: [] }, fired: { everyone: false, here: false, users: [], roles: [] } },
    {
      says: "parse everything",
      allowed: { parse: ["users", "roles", "everyone"] },
      fired: { everyone: true, here: true, users: ["1", "2"], roles: ["3"] },
    },
    {
      says: "one user by name, and one that is not mentioned",
      allowed: { users: ["2", "9"] },
      fired: { everyone: false, here: false, users: ["2"], roles: [] },
    },
    {
      says: "a role by name beside all users",
      allowed: { parse: ["users"], roles: ["3"] },
      fired: { everyone: false, here: false, users: ["1", "2"], roles: ["3"] },
    },
  ] as const)("allowed_mentions says $says", ({ allowed, fired }) => {
    expect(firedPings(TEXT, allowed)).toEqual(fired);
  });

  it("rings nobody for text without a mention", () => {
    expect(isSilent(firedPings("mail me at a@b.example", { parse: ["users", "roles", "everyone"] }))).toBe(true);
  });
});
