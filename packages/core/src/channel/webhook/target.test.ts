import { describe, expect, it } from "vitest";
import { parseSignedWebhookUrl, type SignedWebhookTarget } from "./target.ts";

const KEY = Buffer.alloc(32, 0xfb);
/** With a plus and a slash. */
const SECRET = `whsec_${KEY.toString("base64")}`;

function targetOf(text: string, allowedHosts: readonly string[] = []): SignedWebhookTarget {
  const parsed = parseSignedWebhookUrl(text, allowedHosts);
  if (!parsed.ok) throw new Error(parsed.problems.join());
  return parsed.target;
}

describe("parseSignedWebhookUrl", () => {
  it("takes the secret out of the query, and leaves the rest as it is", () => {
    const target = targetOf(`webhook+https://Example.org:8443/a%20b/?x=1+2&secret=${SECRET}&flag&y=%2B#part`);
    expect(target).toMatchObject({ origin: "https://example.org:8443", path: "/a%20b/?x=1+2&flag&y=%2B" });
    expect(target.keys).toEqual([KEY]);
  });

  it.each([
    ["as it is", SECRET],
    ["percent-encoded", encodeURIComponent(SECRET)],
  ])("takes a secret %s", (_, secret) => {
    expect(targetOf(`webhook+https://example.org/?secret=${secret}`).keys).toEqual([KEY]);
  });

  it("takes several secrets", () => {
    const other = `whsec_${Buffer.alloc(24).toString("base64")}`;
    expect(targetOf(`webhook+https://example.org?secret=${SECRET}&secret=${other}`).keys).toEqual([
      KEY,
      Buffer.alloc(24),
    ]);
  });

  it("shows people the host alone", () => {
    const target = targetOf(`webhook+https://example.org/T0ken?key=s3cret&secret=${SECRET}`);
    expect(target.label).toBe("webhook at example.org");
    expect(target.fingerprint).toMatch(/^[0-9a-f]{16}$/);
  });

  it("tells addresses apart by their fingerprints, and not secrets", () => {
    const at = (text: string) => targetOf(`webhook+https://example.org${text}`).fingerprint;
    expect(at(`/a?secret=${SECRET}`)).not.toBe(at(`/b?secret=${SECRET}`));
    expect(at(`/a?secret=${SECRET}`)).toBe(at(`/a?secret=whsec_${Buffer.alloc(24).toString("base64")}`));
  });

  it.each(["127.0.0.1:8080", "localhost", "[::1]:9"])("takes plain http to this machine: %s", (host) => {
    expect(targetOf(`webhook+http://${host}/x?secret=${SECRET}`).origin).toBe(`http://${host}`);
  });

  it("takes plain http to listed hosts", () => {
    expect(targetOf(`webhook+http://relay:8080/?secret=${SECRET}`, ["relay:8080"]).origin).toBe("http://relay:8080");
  });

  it.each([
    ["webhook+https://", [/^is not a URL: it should look like webhook\+https/]],
    ["webhook+https://example.org/x", [/^has a secret that is missing: .*openssl/]],
    [
      `webhook+http://relay/?secret=${SECRET}`,
      [/relay:80 over plain http, .*: use https, or list that host in allowedHosts/],
    ],
    [`webhook+ftp://example.org/?secret=${SECRET}`, [/^starts with ftp:\/\/ where https:\/\/ is needed/]],
    [`webhook+https://u:p@example.org/?secret=${SECRET}`, [/user name before its host: take that out/]],
    ["webhook+http://relay/?secret=hunter2", [/over plain http/, /^has a secret that does not begin with whsec_/]],
  ])("says what is wrong with %s", (text, problems) => {
    expect(parseSignedWebhookUrl(text, [])).toEqual({
      ok: false,
      problems: problems.map((one) => expect.stringMatching(one)),
    });
    expect(JSON.stringify(parseSignedWebhookUrl(text, []))).not.toMatch(/hunter2|\+\/v7/);
  });
});
