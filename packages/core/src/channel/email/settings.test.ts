import { describe, expect, it } from "vitest";
import { type EmailChannelOptions, emailSettings } from "./settings.ts";

const FROM_TO = { from: "alerts@example.org", to: "ops@example.org" };

function settingsOf(options: Partial<EmailChannelOptions>) {
  const result = emailSettings({ ...FROM_TO, ...options });
  if (!result.ok) throw new Error(result.problems.join("; "));
  return result.settings;
}

const ofUrl = (smtpUrl: string) => emailSettings({ smtpUrl, from: "", to: [] });

describe("emailSettings", () => {
  it.each([
    [{ host: "mail.example.org" }, "starttls", 587],
    [{ host: "mail.example.org", port: 25 }, "starttls", 25],
    [{ host: "mail.example.org", port: 465 }, "implicit", 465],
    [{ host: "mail.example.org", tls: "implicit" }, "implicit", 465],
    [{ host: "mail.example.org", tls: "none" }, "none", 587],
    [{ host: "localhost", port: 1025 }, "none", 1025],
    [{ host: "::1" }, "none", 587],
  ] as const)("encrypts unless it need not: %o", (options, tls, port) => {
    expect(settingsOf(options)).toMatchObject({ tls, port });
  });

  it("has defaults for the rest", () => {
    expect(settingsOf({ host: "a.example" })).toEqual({
      ...{ host: "a.example", port: 587, tls: "starttls", auth: null, service: "Tocsin", timeoutMs: 30_000 },
      from: { name: null, address: "alerts@example.org" },
      to: [{ name: null, address: "ops@example.org" }],
    });
  });

  it("no setting is dead", () => {
    const plain = JSON.stringify(settingsOf({ host: "a.example" }));
    const changes: Partial<EmailChannelOptions>[] = [
      ...[{ host: "b.example" }, { port: 26 }, { tls: "none" } as const, { auth: { user: "u", pass: "p" } }],
      ...[{ from: "x@y.example" }, { to: ["x@y.example"] }, { service: "shop" }, { timeoutMs: 1 }],
      { smtpUrl: "smtp://c.example" },
    ];
    for (const change of changes) expect(JSON.stringify(settingsOf({ host: "a.example", ...change }))).not.toBe(plain);
  });

  it.each<[Partial<EmailChannelOptions>, RegExp]>([
    [{}, /^has no mail server: name its host$/],
    [{ host: "a", tls: "ssl" as never }, /^has an encryption \(tls\) that is none of implicit, starttls, none$/],
    [{ host: "a", port: 65_536 }, /^has a port that is no whole number from 1 to 65535$/],
    [{ host: "a", port: 2.5 }, /^has a port/],
    [{ host: "a", auth: { user: "", pass: "hunter2" } }, /^has a log-in that lacks its user or its password/],
    [{ host: "a", auth: { user: "hunter2", pass: "" } }, /^has a log-in/],
    [{ host: "a", from: " " }, /^has no sender \(from\): name one, e\.g\. from=/],
    [{ host: "a", from: "alerts" }, /^has a sender \(from\) that is no mail address: "alerts"$/],
    [{ host: "a", to: "" }, /^has no recipient \(to\): name one or more/],
    [
      { host: "a", to: ["ops@example.org", "x\r\ny@z"] },
      /^has a recipient \(to\) that is no mail address: "x\\r\\ny@z"$/,
    ],
    [{ host: "a", timeoutMs: Number.NaN }, /^has a timeoutMs that is not more than 0: NaN$/],
  ])("says what is wrong with %o", (options, problem) => {
    const result = emailSettings({ ...FROM_TO, ...options });
    expect(result).toEqual({ ok: false, problems: [expect.stringMatching(problem)] });
    expect(JSON.stringify(result)).not.toContain("hunter2");
  });
});

describe("an SMTP URL", () => {
  it("says it all", () => {
    expect(
      ofUrl(
        "smtp://ops%40example.org:p%40ss%2Fw%3A@Mail.Example.org:2525?from=Night%20<a@b.cd>&to=c+x@d.ef,g@h.ij&to=k@l.mn&tls=none",
      ),
    ).toEqual({
      ok: true,
      settings: {
        ...{ host: "mail.example.org", port: 2525, tls: "none", auth: { user: "ops@example.org", pass: "p@ss/w:" } },
        from: { name: "Night", address: "a@b.cd" },
        to: ["c+x@d.ef", "g@h.ij", "k@l.mn"].map((address) => ({ name: null, address })),
        ...{ service: "Tocsin", timeoutMs: 30_000 },
      },
      notes: [],
    });
  });

  it("leaves to the options what they name", () => {
    const result = emailSettings({ smtpUrl: "smtps://mail.example.org?from=a@b.cd&to=e@f.gh", from: "x@y.zz", to: [] });
    expect(result).toMatchObject({
      settings: { tls: "implicit", port: 465, from: { address: "x@y.zz" }, to: [{ address: "e@f.gh" }] },
    });
  });

  it("takes addresses in brackets", () => {
    expect(ofUrl("smtp://[::1]:25?from=a@b.cd&to=e@f.gh")).toMatchObject({
      settings: { host: "::1", port: 25, tls: "none" },
    });
  });

  it("names what it does not know, and goes on", () => {
    expect(ofUrl("smtp://a.example?from=a@b.cd&to=e@f.gh&pool=true&pool=1&x=2")).toMatchObject({
      ok: true,
      notes: ['"pool" in the SMTP URL was left out', '"x" in the SMTP URL was left out'],
    });
  });

  it.each([
    ["smtp://", /without a host/],
    ["smtp:mail.example.org", /cannot be read: it should look like smtp:\/\/user/],
    ["smtp://ops:hunter2/x@mail.example.org", /cannot be read: .* in a password written as %40, %2F, %3F and %23/],
    ["smtp://ops:hunter2%@mail.example.org", /a % that means nothing: write it as %25/],
    ["smtp://ma%20il?from=a@b.cd", /without a host/],
    ["smtps://mail.example.org?tls=none&from=a@b.cd&to=e@f.gh", /take tls out/],
    ["smtp://mail.example.org?tls=ssl&from=a@b.cd&to=e@f.gh", /encryption \(tls\) that is none of/],
    ["smtp://ops@mail.example.org?from=a@b.cd&to=e@f.gh", /lacks its user or its password/],
    ["smtp://mail.example.org?to=e@f.gh", /no sender/],
    ["smtp://mail.example.org?from=a@b.cd", /no recipient/],
    ["http://mail.example.org", /cannot be read/],
  ])("says what is wrong with %s", (url, problem) => {
    expect(ofUrl(url)).toEqual({ ok: false, problems: [expect.stringMatching(problem)] });
    expect(JSON.stringify(ofUrl(url))).not.toContain("hunter2");
  });
});
