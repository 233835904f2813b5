import fc from "fast-check";
import { Webhook } from "standardwebhooks";
import { describe, expect, it } from "vitest";
import { parseSecret, signatureOf } from "./signature.ts";

function keyOf(secret: string): Buffer {
  const parsed = parseSecret(secret);
  if (!parsed.ok) throw new Error(parsed.problem);
  return parsed.key;
}

describe("signatureOf", () => {
  /** The example that the libraries of Standard Webhooks are tested with. */
  const SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
  const CONTENT = { id: "msg_p5jXN8AQM9LWM0D4loKWxJek", timestamp: 1_614_265_330, body: '{"test": 2432232314}' };
  const SIGNATURE = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";

  it("is the published one for the published example", () => {
    expect(signatureOf(CONTENT, [keyOf(SECRET)])).toBe(SIGNATURE);
  });

  it("is one for each key, any of which a receiver may have", () => {
    const other = keyOf(`whsec_${Buffer.alloc(32, 7).toString("base64")}`);
    const [first, second, ...more] = signatureOf(CONTENT, [other, keyOf(SECRET)]).split(" ");
    expect(first).toMatch(/^v1,.{44}$/);
    expect(first).not.toBe(SIGNATURE);
    expect([second, more]).toEqual([SIGNATURE, []]);
  });

  it("is what another implementation comes to, whatever the body", () => {
    const contents = fc.record({
      key: fc.uint8Array({ minLength: 24, maxLength: 64 }),
      id: fc.stringMatching(/^ntf_[0-9a-z]{20}$/),
      timestamp: fc.nat(4_000_000_000),
      body: fc.string({ unit: "grapheme" }),
    });
    fc.assert(
      fc.property(contents, ({ key, ...content }) => {
        const { id, timestamp, body } = content;
        const theirs = new Webhook(key, { format: "raw" }).sign(id, new Date(timestamp * 1_000), body);
        const secret = `whsec_${Buffer.from(key).toString("base64")}`;
        expect(signatureOf(content, [keyOf(secret)])).toBe(theirs);
      }),
    );
  });
});

describe("parseSecret", () => {
  it.each([24, 64])("takes %i bytes, with and without padding", (bytes) => {
    const text = Buffer.alloc(bytes, 1).toString("base64");
    for (const secret of [`whsec_${text}`, `whsec_${text.replace(/=+$/, "")}`])
      expect(keyOf(secret)).toHaveLength(bytes);
  });

  it.each([
    ["", /^is missing: make one of whsec_ .*openssl rand -base64 32/],
    ["whsk_abcdefghijklmnop", /^does not begin with whsec_/],
    ["whsec_", /^is not base64/],
    ["whsec_abc-def_ghijklmnopqrstuvwxyz0123456789", /^is not base64/],
    ["whsec_abcd efgh", /^is not base64/],
    [`whsec_${Buffer.alloc(23).toString("base64")}`, /^holds 23 bytes where 24 to 64 bytes are needed/],
    [`whsec_${Buffer.alloc(65).toString("base64")}`, /^holds 65 bytes/],
  ])("says what is wrong with %j, without repeating it", (secret, problem) => {
    const parsed = parseSecret(secret);
    expect(parsed).toEqual({ ok: false, problem: expect.stringMatching(problem) });
    const text = secret.replace(/^whs\w\w?_/, "");
    if (text !== "") expect(JSON.stringify(parsed)).not.toContain(text);
  });
});
