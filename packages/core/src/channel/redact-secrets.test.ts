import { describe, expect, it } from "vitest";
import { redactSecrets } from "./redact-secrets.ts";

describe("redactSecrets", () => {
  it.each([
    ["a Discord webhook", "at https://discord.com/api/webhooks/1/s3cret", "at https://discord.com/api/webhooks/1/***"],
    ["a signing secret", "secret=whsec_MfKQ9r8GKYqr+TwjUPD/8ILPZIo2LaLaSw==&x=1", "secret=whsec_***&x=1"],
    ["a signing secret, percent-encoded", "whsec_MfKQ%2B9r8%3D.", "whsec_***."],
    ["a signing secret in JSON", String.raw`{"s":"whsec_Mf\/KQ"}`, `{"s":"whsec_***"}`],
    [
      "a webhook of a program's own, whose path may be a secret as well",
      "webhook+https://example.org:8443/T0ken/hook?a=1&secret=hunter2&b=2, see",
      "webhook+https://example.org:8443/*** see",
    ],
    ["SMTP", "smtps://ops:pa55@mail.example.org:465?from=a@b.org", "smtps://***@mail.example.org:465?from=a@b.org"],
    [
      "SMTP, with a password that was not percent-encoded",
      "smtp://ops@example.org:p@ss/w?rd@mail.example.org?from=a@b.org&to=c@d.org",
      "smtp://***@mail.example.org?from=a@b.org&to=c@d.org",
    ],
    ["SMTP at the end of a text", "login at smtp://ops:pa55@[::1]:587", "login at smtp://***@[::1]:587"],
    ["SMTP in JSON", String.raw`{"u":"smtp:\/\/ops:pa55@mail\/"}`, String.raw`{"u":"smtp:\/\/***@mail\/"}`],
    ["SMTP, percent-encoded", "u=smtp%3A%2F%2Fops%3Apa55%40mail&v=1", "u=smtp%3A%2F%2F***&v=1"],
    [
      "any other URL",
      "postgres://tocsin:pa55@db/x, redis://:pa55@cache",
      "postgres://tocsin:***@db/x, redis://:***@cache",
    ],
  ])("takes out %s", (_, text, safe) => {
    expect(redactSecrets(text)).toBe(safe);
  });

  it.each([
    "https://example.org:8443/@user?at=12:30@home",
    "mail to ops@example.org at 12:30",
    "smtp://mail.example.org:587?from=a@b.org",
  ])("leaves alone what has none: %s", (text) => {
    expect(redactSecrets(text)).toBe(text);
  });

  it("takes a time that grows with the text, not with its square", () => {
    const texts = ["smtp://", "smtp://@", "://a:", "webhook+https:?secret=", "whsec_", "@a", "smtp://x:y@"];
    const startedAt = performance.now();
    for (const text of texts) redactSecrets(text.repeat(20_000));
    redactSecrets(`smtp://${"a".repeat(200_000)}@${"b".repeat(200_000)}`);
    expect(performance.now() - startedAt).toBeLessThan(2_000);
  });
});
