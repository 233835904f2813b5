import { describe, expect, it } from "vitest";
import { domainOf, parseAddress, splitAddresses } from "./address.ts";

describe("parseAddress", () => {
  it.each([
    ["ops@example.org", null, "ops@example.org"],
    ["  ops+alerts@example.org ", null, "ops+alerts@example.org"],
    ["Night watch <ops@example.org>", "Night watch", "ops@example.org"],
    ['"Watch, Night" <ops@example.org>', "Watch, Night", "ops@example.org"],
    ["<ops@localhost>", null, "ops@localhost"],
    ["Größe <größe@exämple.org>", "Größe", "größe@exämple.org"],
  ])("reads %j", (text, name, address) => {
    expect(parseAddress(text)).toEqual({ name, address });
  });

  it.each([
    "",
    "ops",
    "@example.org",
    "ops@",
    "a@b@c",
    "a b@c",
    "ops@example.org\r\nBcc: x@y.example",
    "x\r\nBcc: y <ops@example.org>",
    "x\u0000 <ops@example.org>",
    "<ops@example.org> x",
    "a@b, c@d",
    "ops@[127.0.0.1]",
    `${"x".repeat(250)}@b.cd`,
  ])("takes no %j", (text) => {
    expect(parseAddress(text)).toBeNull();
  });
});

it("splitAddresses takes commas and semicolons, also too many of them", () => {
  expect(splitAddresses("a@b.cd, c@d.ef;;g@h.ij ,")).toEqual(["a@b.cd", " c@d.ef", "g@h.ij "]);
});

it("domainOf is as machines write it", () => {
  expect(domainOf({ name: null, address: "a@Exämple.org" })).toBe("xn--exmple-cua.org");
  expect(domainOf({ name: null, address: "a@_" })).not.toBe("");
});
