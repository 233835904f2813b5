import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { redactDetails, redactText } from "./secrets.ts";

describe("redactText", () => {
  it.each([
    ["password=hunter2 failed", "password=*** failed"],
    ["DB_PASSWORD: hunter2, host: db", "DB_PASSWORD: ***, host: db"],
    ['{"api_key":"abc","n":1}', '{"api_key":"***","n":1}'],
    ["{ token: 'abc' }", "{ token: '***' }"],
    ["Authorization: Bearer abc.def-ghi", "Authorization: Bearer ***"],
    ["authorization: abcdefgh", "authorization: ***"],
    ["Basic dXNlcjpwYXNz was refused", "Basic *** was refused"],
    ["GET /reset?code=s3cret&user=7 failed", "GET /reset?code=***&user=*** failed"],
    ["postgres://app:hunter2@db/shop", "postgres://app:***@db/shop"],
    ["nothing to hide: 3 of 4 (a=b)", "nothing to hide: 3 of 4 (a=b)"],
  ])("%s", (text, safe) => {
    expect(redactText(text)).toBe(safe);
  });

  it("is quick on any text", () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 2_000 }), (text) => typeof redactText(text) === "string"),
      { numRuns: 50 },
    );
    for (const part of ["password=", "token", "?a", "Bearer ", '"secret":"']) redactText(part.repeat(5_000));
  });
});

describe("redactDetails", () => {
  it("hides values by their names, and secrets inside other values", () => {
    expect(redactDetails({ userPassword: "x", sessionId: "y", tokens: 3, body: { secret: "z" } })).toEqual({
      userPassword: "***",
      sessionId: "***",
      tokens: "3",
      body: '{"secret": "***"}',
    });
  });

  it("shows what cannot be read as such", () => {
    const evil = {
      toString() {
        throw new Error("no");
      },
      toJSON() {
        throw new Error("no");
      },
    };
    expect(redactDetails({ evil })).toEqual({ evil: "[unreadable]" });
  });
});
