import { once } from "node:events";
import { type AddressInfo, createServer, type Server } from "node:net";
import { getCACertificates, setDefaultCACertificates } from "node:tls";
import { afterEach, describe, expect, it } from "vitest";
import { aNotification } from "../../../testing/notifications.ts";
import { createVirtualClock, type VirtualClock } from "../../../testing/virtual-clock.ts";
import type { Channel, SendRequest } from "../../delivery/channel.ts";
import type { Notification } from "../../notification/notification.ts";
import { ISSUER_CERT } from "../http/certificates.fixture.ts";
import { openEmailChannel } from "./email-channel.ts";
import { type MailServer, type MailServerOptions, startMailServer } from "./mail-server.fixture.ts";
import { type EmailChannelOptions, emailSettings } from "./settings.ts";

const LOGIN = { user: "ops", pass: "hunter2-hunter2" };
const trusted = getCACertificates("default");
let endings: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  setDefaultCACertificates(trusted);
  for (const end of endings.toReversed()) await end();
  endings = [];
});

interface Setting {
  readonly server: MailServer;
  readonly clock: VirtualClock;
  readonly channel: Channel;
}

async function setUp(options: Partial<EmailChannelOptions> = {}, about: MailServerOptions = {}): Promise<Setting> {
  const server = await startMailServer(about);
  endings.push(() => server.close());
  return { server, ...openAt(server.port, options) };
}

function openAt(port: number, options: Partial<EmailChannelOptions> = {}): Omit<Setting, "server"> {
  const addresses = { from: "alerts@example.org", to: ["ops@example.org", "night@example.org"] };
  const checked = emailSettings({ host: "127.0.0.1", port, ...addresses, ...options });
  if (!checked.ok) throw new Error(checked.problems.join());
  const clock = createVirtualClock();
  const channel = openEmailChannel({ settings: checked.settings, clock });
  endings.push(() => channel.close());
  return { clock, channel };
}

async function listen(server: Server): Promise<number> {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  endings.push(() => new Promise((resolve) => server.close(resolve)));
  return (server.address() as AddressInfo).port;
}

function requestOf(overrides: Partial<Notification> = {}, about: Partial<SendRequest> = {}): SendRequest {
  return { notifications: [aNotification(overrides)], attempt: 1, degrade: [], now: Date.UTC(2026, 0, 1), ...about };
}

const file = { name: "log.txt", data: new Uint8Array(50_000), contentType: "text/plain" };

describe("what the server refuses", () => {
  it.each([
    ["CONNECT", 554, "misconfigured", "smtp-554", /it does not serve this program \(it says: .*5\.7\.1 Go away/],
    ["CONNECT", 421, "unavailable", "smtp-421", /does not take the mail for now/],
    ["MAIL", 550, "misconfigured", "smtp-550", /takes no mail from alerts@example\.org/],
    ["MAIL", 530, "misconfigured", "smtp-530", /wants a log-in first/],
    ["MAIL", 451, "unavailable", "smtp-451", /for now/],
    ["MAIL", 552, "rejected", "smtp-552", /larger than it takes/],
    ["RCPT", 550, "misconfigured", "smtp-550", /takes no mail for ops@example\.org, night@example\.org/],
    ["RCPT", 450, "unavailable", "smtp-450", /for now/],
    ["RCPT", 503, "unavailable", "smtp-503", /for now/],
    ["DATA", 554, "rejected", "smtp-554", /refused the mail \(it says: .*5\.7\.1 Go away/],
    ["DATA", 552, "rejected", "smtp-552", /larger than it takes/],
    ["DATA", 421, "unavailable", "smtp-421", /for now/],
    ["DATA", 452, "unavailable", "smtp-452", /for now/],
  ] as const)("at %s with %i", async (command, code, ...[kind, shortCode, message]) => {
    const { server, channel } = await setUp();
    server.refusals.set(command, { code, text: "5.7.1 Go away" });
    const outcome = await channel.send(requestOf());
    expect(outcome).toMatchObject({
      kind,
      limits: null,
      countsAsInvalid: false,
      error: { code: shortCode, message, status: null },
    });
    expect(server.mails).toEqual([]);
  });

  it("goes again plainer: without files, then as text alone, then not at all", async () => {
    const { server, channel } = await setUp();
    server.refusals.set("DATA", { code: 554, text: "5.6.0 Content rejected" });
    const send = (...degrade: SendRequest["degrade"]) => channel.send(requestOf({ files: [file] }, { degrade }));
    expect(await send()).toMatchObject({ kind: "rejected", degradeBy: "without-files" });
    expect(await send("without-files")).toMatchObject({ degradeBy: "text-only" });
    expect(await send("without-files", "text-only")).toMatchObject({ degradeBy: null });
    expect(await channel.send(requestOf())).toMatchObject({ degradeBy: "text-only" });
    server.refusals.clear();
    expect(await send("without-files", "text-only")).toMatchObject({ kind: "delivered" });
    const [mail] = server.mails;
    expect([mail!.attachments, mail!.html]).toEqual([[], undefined]);
    expect(mail!.text).toMatch(/log\.txt \(50,000 bytes\)\n\nThe mail server refused the attached files/);
  });

  it("is known beforehand where the server says how much it takes", async () => {
    const { server, channel } = await setUp({}, { smtp: { size: 20_000 } });
    expect(await channel.send(requestOf({ files: [file] }))).toMatchObject({
      kind: "rejected",
      degradeBy: "without-files",
      error: { code: "smtp-too-large" },
    });
    expect(await channel.send(requestOf())).toMatchObject({ kind: "delivered" });
    expect(server.mails).toHaveLength(1);
  });

  it("of some recipients does not keep the mail from the others, who are told in the next", async () => {
    const { server, channel } = await setUp();
    server.refusals.set("RCPT night@example.org", { code: 552, text: "5.2.2 Mailbox full" });
    for (let n = 0; n < 2; n++) expect(await channel.send(requestOf())).toMatchObject({ kind: "delivered" });
    expect(server.mails.map(({ envelope }) => envelope.to)).toEqual([["ops@example.org"], ["ops@example.org"]]);
    const note = "The last mail was not taken for night@example.org: 552 5.2.2 Mailbox full.";
    expect(server.mails[0]!.text).not.toContain("night@example.org");
    expect(server.mails[1]!.text).toContain(note);
    expect(server.mails[1]!.html).toContain(note);
    expect(await channel.check()).toMatchObject({ ok: true, detail: expect.stringContaining(note) });
    server.refusals.clear();
    for (let n = 0; n < 2; n++) await channel.send(requestOf());
    expect(server.mails.at(-1)!.text).not.toContain(note);
  });
});

describe("logging in", () => {
  it("works, also before a check", async () => {
    const { server, channel } = await setUp({ auth: LOGIN }, { login: LOGIN });
    expect(await channel.check()).toEqual({
      ok: true,
      detail: `mail server 127.0.0.1:${server.port} answers`,
      poolKey: null,
    });
    expect(await channel.send(requestOf())).toMatchObject({ kind: "delivered" });
    expect([server.mails.length, server.connections]).toEqual([1, 1]);
  });

  it("fails with the wrong password, which is shown nowhere", async () => {
    const auth = { ...LOGIN, pass: "wr0ng-pa55word" };
    const { channel } = await setUp({ auth }, { login: LOGIN });
    const outcome = await channel.send(requestOf());
    expect(outcome).toMatchObject({
      kind: "misconfigured",
      error: { code: "smtp-535", message: /user name or the password is not accepted.*5\.7\.8 Wrong: \*\*\* \*\*\*/ },
    });
    expect(JSON.stringify([outcome, await channel.check()])).not.toMatch(/wr0ng|d3Iwbmc/);
  });

  it("is wanted and not given", async () => {
    const { channel } = await setUp({}, { login: LOGIN });
    expect(await channel.send(requestOf())).toMatchObject({
      kind: "misconfigured",
      error: { code: "smtp-530", message: /give user and password/ },
    });
  });

  it("is given and not offered", async () => {
    const { channel } = await setUp({ auth: LOGIN });
    const outcome = await channel.send(requestOf());
    expect(outcome).toMatchObject({
      kind: "misconfigured",
      error: { code: /^smtp-50\d$/, message: /takes no log-in here/ },
    });
  });
});

describe("encryption", () => {
  const overTls = { host: "localhost", auth: LOGIN } as const;

  it.each([
    ["before anything is said", "starttls", {}],
    ["from the start", "implicit", { secure: true }],
  ] as const)("%s", async (_, tls, smtp) => {
    setDefaultCACertificates([ISSUER_CERT]);
    const { server, channel } = await setUp(
      { ...overTls, tls },
      { login: LOGIN, smtp: { ...smtp, allowInsecureAuth: false } },
    );
    expect(await channel.send(requestOf())).toMatchObject({ kind: "delivered" });
    expect(server.mails[0]!.isEncrypted).toBe(true);
  });

  it("that is not offered keeps log-in and mail from being sent", async () => {
    const { server, channel } = await setUp(
      { ...overTls, tls: "starttls" },
      { login: LOGIN, smtp: { disabledCommands: ["STARTTLS"] } },
    );
    expect(await channel.send(requestOf())).toMatchObject({
      kind: "misconfigured",
      error: { code: /^smtp-5/, message: /offers no encryption/ },
    });
    expect(server.mails).toEqual([]);
  });

  it.each(["starttls", "implicit"] as const)("with a certificate of an unknown issuer: %s", async (tls) => {
    const { channel } = await setUp({ ...overTls, tls }, { login: LOGIN, smtp: { secure: tls === "implicit" } });
    expect(await channel.send(requestOf())).toMatchObject({
      kind: "unavailable",
      error: { code: "tls-untrusted", message: /NODE_EXTRA_CA_CERTS/ },
    });
  });

  it("is not needed on this machine, even where it is offered", async () => {
    const { server, channel } = await setUp();
    await channel.send(requestOf());
    expect(server.mails[0]!.isEncrypted).toBe(false);
  });

  it("spoken to a port that does not speak it", async () => {
    const { channel } = await setUp({ tls: "implicit" });
    expect(await channel.send(requestOf())).toMatchObject({
      kind: "unavailable",
      error: { code: "tls", message: /speaks TLS/ },
    });
  });
});

describe("what does not answer", () => {
  it("because nobody listens", async () => {
    const closed = createServer();
    const port = await listen(closed);
    await new Promise((resolve) => closed.close(resolve));
    expect(await openAt(port).channel.send(requestOf())).toEqual({
      kind: "unavailable",
      error: {
        code: "connection-refused",
        message: `127.0.0.1:${port}: the connection was refused; nothing listens there, or a firewall turns it away.`,
        status: null,
      },
      limits: null,
      countsAsInvalid: false,
    });
  });

  it("because the name does not exist", async () => {
    const { channel } = openAt(2525, { host: "mail.invalid", tls: "none" });
    expect(await channel.send(requestOf())).toMatchObject({ kind: "unavailable", error: { code: "dns" } });
  });

  it("because it does not speak SMTP", async () => {
    const port = await listen(
      createServer((socket) => socket.on("error", () => {}).end("HTTP/1.1 400 Bad Request\r\n\r\n")),
    );
    expect(await openAt(port).channel.send(requestOf())).toMatchObject({
      kind: "unavailable",
      error: { code: "bad-answer" },
    });
  });

  it("in time, before the message was begun", async () => {
    const server = createServer((socket) => socket.on("error", () => {}));
    const port = await listen(server);
    const { channel, clock } = openAt(port, { timeoutMs: 5_000 });
    const connected = once(server, "connection");
    const sending = channel.send(requestOf());
    await connected;
    await clock.advance(5_000);
    expect(await sending).toMatchObject({ kind: "unavailable", error: { code: "timeout-connect" } });
    expect(clock.pending).toBe(0);
  });

  it("in time, after the message was handed over", async () => {
    const { server, channel, clock } = await setUp({ timeoutMs: 5_000 });
    server.fallSilent();
    const handedOver = server.nextMessage();
    const sending = channel.send(requestOf());
    await handedOver;
    await clock.advance(5_000);
    expect(await sending).toMatchObject({
      kind: "ambiguous",
      error: { code: "timeout-data", message: /may have arrived all the same\.$/ },
    });
  });

  it("because it hangs up after the message was handed over", async () => {
    const { server, channel } = await setUp();
    server.fallSilent();
    const handedOver = server.nextMessage();
    const sending = channel.send(requestOf());
    await handedOver;
    server.hangUp();
    expect(await sending).toMatchObject({ kind: "ambiguous", error: { code: "connection-reset" } });
  });

  it("because this channel is closed, in doubt once the message was handed over", async () => {
    const { server, channel, clock } = await setUp();
    server.fallSilent();
    const handedOver = server.nextMessage();
    const sending = channel.send(requestOf());
    await handedOver;
    await channel.close();
    expect(await sending).toMatchObject({ kind: "ambiguous", error: { code: "closed" } });
    expect(await channel.send(requestOf())).toMatchObject({ kind: "unavailable", error: { code: "closed" } });
    expect(clock.pending).toBe(0);
  });
});

describe("the connection", () => {
  it("is the same for mails that follow each other", async () => {
    const { server, channel, clock } = await setUp();
    for (let n = 0; n < 5; n++) expect(await channel.send(requestOf())).toMatchObject({ kind: "delivered" });
    expect([server.mails.length, server.connections, clock.pending]).toEqual([5, 1, 0]);
  });

  it("carries one mail at a time", async () => {
    const { server, channel } = await setUp();
    const titles = Array.from({ length: 5 }, (_, n) => `mail ${n}`);
    await Promise.all(titles.map((title) => channel.send(requestOf({ title }))));
    expect(server.mails.map(({ subject }) => subject)).toEqual(titles.map((title) => `[Tocsin] info: ${title}`));
    expect(server.connections).toBe(1);
  });

  it("is made anew when the server has given it up, without a failure", async () => {
    const { server, channel } = await setUp();
    await channel.send(requestOf());
    server.hangUp();
    expect(await channel.send(requestOf())).toMatchObject({ kind: "delivered" });
    expect([server.mails.length, server.connections]).toEqual([2, 2]);
  });

  it("is made anew when the server gives it up at the next mail, without a failure", async () => {
    const { server, channel } = await setUp();
    await channel.send(requestOf());
    server.refusals.set("MAIL", { code: 421, text: "4.4.2 Idle for too long", once: true });
    expect(await channel.send(requestOf())).toMatchObject({ kind: "delivered" });
    expect([server.mails.length, server.connections]).toEqual([2, 2]);
  });

  it("is made anew after a failure, so that no mail meets the rest of another", async () => {
    const { server, channel } = await setUp();
    server.refusals.set("MAIL", { code: 451, text: "later" });
    await channel.send(requestOf());
    server.refusals.clear();
    expect(await channel.send(requestOf())).toMatchObject({ kind: "delivered" });
    expect(server.connections).toBe(2);
  });
});
