import { describe, expect, it } from "vitest";
import { ConfigError } from "../errors/config-error.ts";
import { defineSilence, type SilenceInput } from "./silence.ts";

const NOW = Date.UTC(2026, 2, 1, 12);
const MINUTE = 60_000;

const define = (input: Partial<SilenceInput>) =>
  defineSilence({ matchers: "device=gw-7", untilAt: NOW + MINUTE, ...input }, { id: "sil_1", now: NOW });

describe("a silence", () => {
  it("is kept in plain words", () => {
    const untilAt = "2026-03-01T13:00:00+00:00";
    expect(
      define({ matchers: ['{device="gw-7"}', "severity<critical"], untilAt, by: "Ann", comment: "repair" }),
    ).toEqual({
      id: "sil_1",
      matchers: "device=gw-7, severity<critical",
      createdAt: NOW,
      untilAt: NOW + 60 * MINUTE,
      by: "Ann",
      comment: "repair",
    });
  });

  it.each<{ input: Partial<SilenceInput>; says: RegExp }>([
    { input: { matchers: "" }, says: /matchers: at least one must leave something out/ },
    { input: { matchers: "device=~*" }, says: /these match everything/ },
    { input: { matchers: "severity>=bad" }, says: /matchers: severity>=bad: a severity is one of/ },
    { input: { untilAt: NOW }, says: /untilAt must be in the future/ },
    { input: { untilAt: "soon" }, says: /untilAt must be a Date, a text in ISO 8601/ },
  ])("cannot be made from $input", ({ input, says }) => {
    expect(() => define(input)).toThrow(ConfigError);
    expect(() => define(input)).toThrow(says);
  });

  it("names all its mistakes at once", () => {
    expect(() => define({ matchers: "nonsense", untilAt: 0 })).toThrow(/matchers: .*; untilAt/s);
  });
});
