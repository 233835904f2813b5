import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { aNotification } from "../../../testing/notifications.ts";
import type { Channel, SendRequest } from "../../delivery/channel.ts";
import { ConfigError } from "../../errors/config-error.ts";
import type { Notification, NotificationId } from "../../notification/notification.ts";
import { createEmailChannel, type EmailChannelOptions } from "./create.ts";
import { type MailServer, startMailServer } from "./mail-server.fixture.ts";

const ADDRESSES = { from: "Alerts <alerts@example.org>", to: "ops@example.org, night@example.org" };
const NOW = Date.UTC(2026, 0, 1, 10);
let server: MailServer;
let channel: Channel;
beforeEach(async () => {
  server = await startMailServer();
  channel = open();
});
afterEach(async () => {
  await channel.close();
  await server.close();
});

function open(options: Partial<EmailChannelOptions> = {}): Channel {
  return createEmailChannel({ host: "127.0.0.1", port: server.port, service: "shop", ...ADDRESSES, ...options });
}

function requestOf(...overrides: readonly [Partial<Notification>, ...Partial<Notification>[]]): SendRequest {
  const [first, ...rest] = overrides.map((properties) => aNotification(properties));
  return { notifications: [first!, ...rest], attempt: 1, degrade: [], now: NOW };
}

const headersOf = (mail: MailServer["mails"][number]) =>
  Object.fromEntries(mail.headers.map(({ key, value }) => [key, value]));

describe("a mail", () => {
  it("says what there is to say, to all recipients", async () => {
    const outcome = await channel.send(
      requestOf({
        id: "ntf_1" as NotificationId,
        severity: "error",
        type: "error",
        title: "Import failed",
        message: "a.csv\nis empty",
      }),
    );
    expect(outcome).toEqual({ kind: "delivered", messageId: "<ntf_1@example.org>", status: null, limits: null });
    const [mail] = server.mails;
    expect(mail).toMatchObject({
      from: { name: "Alerts", address: "alerts@example.org" },
      to: [{ address: "ops@example.org" }, { address: "night@example.org" }],
      subject: "[shop] error: Import failed",
      messageId: "<ntf_1@example.org>",
      date: "2026-01-01T10:00:00.000Z",
      text: "[error] error: Import failed\n  a.csv\n  is empty\n",
      html: expect.stringContaining("<p>a.csv<br>\nis empty</p>"),
      envelope: { from: "alerts@example.org", to: ["ops@example.org", "night@example.org"] },
    });
    expect(headersOf(mail!)).toMatchObject({ "auto-submitted": "auto-generated" });
    expect(mail!.inReplyTo).toBeUndefined();
  });

  it("may tell several, and is then about the worst", async () => {
    await channel.send(
      requestOf({ title: "one" }, { title: "two", severity: "critical" }, { title: "three", severity: "critical" }),
    );
    expect(server.mails).toHaveLength(1);
    expect(server.mails[0]).toMatchObject({ subject: "[shop] critical: two (+2 more)" });
    expect(server.mails[0]!.text).toMatch(/one\n\n.*two\n\n.*three/);
  });

  it("carries files, whatever they are called", async () => {
    const name = 'größe "1"\r\nBcc: x@y.example\r\n.txt';
    const data = new Uint8Array([0, 255, 13, 10, 46, 13, 10]);
    await channel.send(
      requestOf({ title: "With file", files: [{ name, data, contentType: "text/plain\r\nX-Evil: 1" }] }),
    );
    const [mail] = server.mails;
    expect(mail!.attachments).toHaveLength(1);
    expect(mail!.attachments[0]!.filename).toMatch(/^größe/);
    expect(new Uint8Array(mail!.attachments[0]!.content as ArrayBuffer)).toEqual(data);
    expect(mail!.bcc).toBeUndefined();
  });

  it("has no header that a text from outside has made", async () => {
    const evil = "x\r\nBcc: victim@example.net\r\n\r\n<b>body</b>\u2028X-Evil: 1\n.\r\nQUIT\r\n";
    const evilChannel = open({ service: evil, to: ["ops@example.org"], from: `"x" <alerts@example.org>` });
    await evilChannel.send(
      requestOf({
        title: evil,
        type: evil,
        key: evil,
        message: evil,
        author: { name: evil, url: evil, iconUrl: null },
      }),
    );
    await evilChannel.close();
    const [mail] = server.mails;
    expect(mail!.headers.map(({ key }) => key).toSorted()).toEqual([
      "auto-submitted",
      "content-type",
      "date",
      "from",
      "in-reply-to",
      "message-id",
      "mime-version",
      "references",
      "subject",
      "to",
    ]);
    expect(mail!.envelope.to).toEqual(["ops@example.org"]);
    expect(mail!.html).not.toContain("<b>");
  });
});

describe("mails that belong together", () => {
  it("have the same Message-ID when they are the same", async () => {
    const pair = requestOf({ id: "ntf_1" as NotificationId }, { id: "ntf_2" as NotificationId });
    await channel.send(pair);
    await channel.send({ ...pair, attempt: 2, now: NOW + 60_000 });
    await channel.send(requestOf({ id: "ntf_2" as NotificationId }, { id: "ntf_1" as NotificationId }));
    const [first, again, other] = server.mails.map(({ messageId }) => messageId);
    expect(first).toMatch(/^<ntfs_[0-9a-f]{32}@example\.org>$/);
    expect(again).toBe(first);
    expect(other).not.toBe(first);
  });

  it("refer to the same matter, from its beginning to its end", async () => {
    await channel.send(requestOf({ id: "ntf_1" as NotificationId, key: "disk", phase: "firing" }));
    await channel.send(requestOf({ id: "ntf_2" as NotificationId, key: "disk", phase: "resolved" }));
    await channel.send(requestOf({ id: "ntf_3" as NotificationId, key: "load" }));
    await channel.send(
      requestOf({ id: "ntf_4" as NotificationId, key: "disk" }, { id: "ntf_5" as NotificationId, key: "load" }),
    );
    const [firing, resolved, other, both] = server.mails;
    expect(firing!.references).toMatch(/^<matter_[0-9a-f]{32}@example\.org>$/);
    expect(firing!.inReplyTo).toBe(firing!.references);
    expect(resolved!.references).toBe(firing!.references);
    expect(other!.references).not.toBe(firing!.references);
    expect(both!.references).toBeUndefined();
    expect(new Set(server.mails.map(({ messageId }) => messageId)).size).toBe(4);
  });
});

describe("fits", () => {
  const many = (count: number) => Array.from({ length: count }, () => aNotification());
  const withFile = (bytes: number) =>
    aNotification({ files: [{ name: "x", data: new Uint8Array(bytes), contentType: null }] });

  it("takes fifty, and files of 15 MB together", () => {
    expect(channel.fits!(many(50))).toBe(true);
    expect(channel.fits!(many(51))).toBe(false);
    expect(channel.fits!([withFile(10_000_000), withFile(5_000_000)])).toBe(true);
    expect(channel.fits!([withFile(10_000_000), withFile(5_000_001)])).toBe(false);
  });
});

describe("createEmailChannel", () => {
  it("names every mistake at once", () => {
    const wrong = () =>
      createEmailChannel({ host: "", port: 0, tls: "ssl" as never, from: "nobody", to: [], timeoutMs: 0 });
    expect(wrong).toThrow(ConfigError);
    expect(wrong).toThrow(/^CONFIG_EMAIL_CHANNEL: .*mail server.*\(tls\).*port.*sender.*recipient.*timeoutMs/);
  });

  it("shows who gets mail, through which server", () => {
    expect(channel.label).toBe("e-mail to ops@example.org and 1 more through 127.0.0.1");
    expect(open({ to: "ops@example.org" }).label).toBe("e-mail to ops@example.org through 127.0.0.1");
  });
});
