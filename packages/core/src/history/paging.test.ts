import fc from "fast-check";
import { expect, it } from "vitest";
import { decodeCursor, encodeCursor, limitOf } from "./paging.ts";
import { QueryError } from "./query-error.ts";

it("a cursor brings back the place that it was made of", () => {
  fc.assert(
    fc.property(fc.array(fc.maxSafeInteger(), { minLength: 1, maxLength: 3 }), (place) => {
      expect(decodeCursor(encodeCursor(...place), place.length)).toEqual(place.map((part) => part + 0));
    }),
  );
});

it("a text that is no cursor is refused", () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      fc.pre(!/^\d+$/.test(Buffer.from(text, "base64url").toString()));
      expect(() => decodeCursor(text, 1)).toThrow(QueryError);
    }),
  );
  expect(() => decodeCursor(encodeCursor(1, 2), 1)).toThrow(QueryError);
});

it("a limit is 50 unless told otherwise, and never more than 500", () => {
  expect(limitOf({})).toBe(50);
  expect(limitOf({ limit: 500 })).toBe(500);
  expect(() => limitOf({ limit: 501 })).toThrow("limit must be a whole number from 1 to 500, got 501.");
});
