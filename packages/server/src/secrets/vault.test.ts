import { randomBytes } from "node:crypto";
import { inspect } from "node:util";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readKeys } from "./keys.ts";
import { createVault } from "./vault.ts";

const [FIRST, SECOND] = [Buffer.alloc(32, 1), Buffer.alloc(32, 2)].map((bytes) => bytes.toString("base64")) as [
  string,
  string,
];
const vault = createVault(readKeys(FIRST));

describe("a vault", () => {
  it("opens what it has sealed, where it belongs, and nowhere else", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), fc.string(), fc.string(), (text, about, elsewhere) => {
        const sealed = vault.seal(text, about);
        // Half a character of UTF-16 is none of UTF-8.
        expect(vault.open(sealed, about)).toEqual({ ok: true, text: Buffer.from(text).toString() });
        if (about !== elsewhere) expect(vault.open(sealed, elsewhere)).toMatchObject({ ok: false });
      }),
    );
  });

  it("opens nothing of which a single bit was changed", () => {
    const sealed = vault.seal("https://discord.com/api/webhooks/1/token", "plant/plt_1");
    const [version, id, bytes] = sealed.split(".") as [string, string, string];
    const raw = Buffer.from(bytes, "base64url");
    for (let bit = 0; bit < raw.length * 8; bit++) {
      const changed = Buffer.from(raw);
      changed[bit >> 3]! ^= 1 << (bit & 7);
      expect(vault.open(`${version}.${id}.${changed.toString("base64url")}`, "plant/plt_1").ok).toBe(false);
    }
  });

  it.each(["", "v1", "v1..", "v2.00.00", "https://discord.com/api/webhooks/1/token", `v1.${"0".repeat(8)}.AAAA`])(
    "says of %j what to do",
    (stored) => {
      expect(vault.open(stored, "plant/plt_1")).toMatchObject({
        ok: false,
        problem: expect.stringMatching(/set it again/),
      });
    },
  );

  it("says of what is too short that it was changed", () => {
    const id = vault.seal("", "").split(".")[1]!;
    expect(vault.open(`v1.${id}.AAAA`, "")).toMatchObject({ ok: false });
  });

  it("never seals the same twice alike, and lets no text through", () => {
    const sealed = Array.from({ length: 100 }, () => vault.seal("the token", "plant/plt_1"));
    expect(new Set(sealed).size).toBe(100);
    expect(sealed.join(" ")).not.toContain(Buffer.from("the token").toString("base64url").slice(0, 8));
  });

  it("opens with a former key what that one has sealed, and knows that it is not today's", () => {
    const sealed = vault.seal("text", "x");
    const rotated = createVault(readKeys(`${SECOND}, ${FIRST}`));
    expect([rotated.open(sealed, "x"), rotated.isCurrent(sealed)]).toEqual([{ ok: true, text: "text" }, false]);
    const anew = rotated.seal("text", "x");
    const after = createVault(readKeys(SECOND));
    expect([after.open(anew, "x"), after.isCurrent(anew)]).toEqual([{ ok: true, text: "text" }, true]);
    expect(after.open(sealed, "x")).toMatchObject({
      problem: expect.stringMatching(/another ENCRYPTION_KEY \([\da-f]{8}\): add that key/),
    });
  });

  it("without a key seals and opens nothing, and says how to make one", () => {
    const none = createVault(readKeys(undefined));
    expect(none.problem).toMatch(/^ENCRYPTION_KEY is not set: .*openssl rand -base64 32/);
    expect(() => none.seal("text", "x")).toThrow(/openssl/);
    expect(none.open(vault.seal("text", "x"), "x")).toEqual({ ok: false, problem: none.problem });
  });
});

describe("ENCRYPTION_KEY", () => {
  const bytes = randomBytes(32);

  it.each([
    bytes.toString("base64"),
    bytes.toString("base64url"),
    bytes.toString("hex").toUpperCase(),
    `${bytes.toString("base64url")}=`,
    ` ${bytes.toString("hex")}\n`,
  ])("may be written as %s", (text) => {
    const sealed = createVault(readKeys(bytes.toString("base64"))).seal("text", "x");
    expect(createVault(readKeys(text)).open(sealed, "x")).toMatchObject({ text: "text" });
  });

  it.each([
    ["secret words!", /^ENCRYPTION_KEY is neither base64 nor hexadecimal|key 1 of 2 has/],
    ["hunter2", /^ENCRYPTION_KEY has 5 bytes: set it to 32 random bytes/],
    ["!".repeat(44), /is neither base64 nor hexadecimal/],
    [`${FIRST},tooshort`, /^ENCRYPTION_KEY as key 2 of 2 has 6 bytes/],
  ])("as %j is a mistake, which is told without the key", (text, says) => {
    const ring = readKeys(text);
    expect(ring).toMatchObject({ kind: "none", isMistake: true, problem: expect.stringMatching(says) });
    for (const part of text.split(/[ ,]/)) expect(JSON.stringify(ring)).not.toContain(part);
  });

  it("is in no output of what holds it", () => {
    const text = inspect(readKeys(FIRST), { depth: null }) + JSON.stringify(readKeys(FIRST));
    for (const form of ["base64", "hex", "base64url"] as const)
      expect(text).not.toContain(Buffer.alloc(32, 1).toString(form));
    expect(text).not.toContain("01 01 01");
  });
});
