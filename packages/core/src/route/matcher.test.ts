import { describe, expect, it } from "vitest";
import { compileMatchers, isSelective, type Matched } from "./matcher.ts";
import { formatMatcher, readMatchers } from "./matcher-text.ts";

const ALERT: Matched = { type: "backup", severity: "error", key: "disk", labels: { device: "gw-7", type: "nightly" } };

function compiled(text: string) {
  const read = readMatchers(text);
  return read.ok ? compileMatchers(read.matchers) : expect.fail(read.problems.join("; "));
}

describe("an error of type backup, from device gw-7", () => {
  it.each([
    { text: "type=backup", holds: true },
    { text: "type=Backup", holds: true },
    { text: "type!=backup", holds: false },
    { text: "type=~back*|error", holds: true },
    { text: "severity=error", holds: true },
    { text: "severity>=error", holds: true },
    { text: "severity>error", holds: false },
    { text: "severity>=warning", holds: true },
    { text: "severity>=critical", holds: false },
    { text: "severity<=warning", holds: false },
    { text: "severity<critical", holds: true },
    { text: "severity=~warning|critical", holds: false },
    { text: "key=disk", holds: true },
    { text: "device=gw-7", holds: true },
    { text: "device=~gw-*", holds: true },
    { text: "device!~gw-*", holds: false },
    { text: "device=~gw-1|gw-7", holds: true },
    { text: 'device!=""', holds: true },
    { text: 'site!=""', holds: false },
    { text: 'site=""', holds: true },
    { text: "site!=lab", holds: true },
    { text: "label.type=nightly", holds: true },
    { text: 'toString=""', holds: true },
    { text: "", holds: true },
    { text: "severity>=error, site=lab", holds: false },
  ])("$text: $holds", ({ text, holds }) => {
    expect(compiled(text).matches(ALERT)).toBe(holds);
    expect(compiled(text).mismatch(ALERT) === null).toBe(holds);
  });

  it("fails the first matcher that does not hold, by name", () => {
    const mismatch = compiled("severity>=error, site=lab, type=other").mismatch(ALERT);
    expect(mismatch && formatMatcher(mismatch)).toBe("site=lab");
  });

  it("has no labels at all: they count as empty", () => {
    expect(compiled('device=""').matches({ ...ALERT, labels: null, key: null })).toBe(true);
    expect(compiled('key=""').matches({ ...ALERT, labels: null, key: null })).toBe(true);
  });
});

it.each([
  { text: "", selective: false },
  { text: "device=~*", selective: false },
  { text: "device!=gw-7", selective: false },
  { text: "severity>=info", selective: false },
  { text: "severity>=warning", selective: true },
  { text: "severity!=critical", selective: true },
  { text: "device=gw-7", selective: true },
  { text: 'device!=""', selective: true },
])("$text means less than everything: $selective", ({ text, selective }) => {
  expect(isSelective(compiled(text).matchers)).toBe(selective);
});
