/** Puts a mail into the form in which it is sent. */
import { createHash } from "node:crypto";
import type { Mail } from "../../message/email/mail.ts";
import type { Notification } from "../../notification/notification.ts";
import { domainOf, type MailAddress } from "./address.ts";
import type { Nodemailer } from "./nodemailer.ts";
import type { EmailSettings } from "./settings.ts";

export interface Letter {
  readonly mail: Mail;
  readonly messageId: string;
  /** What the mail belongs to, for mail programs that show a matter as one conversation; `null` for nothing. */
  readonly threadId: string | null;
  /** Epoch milliseconds. */
  readonly now: number;
}

/**
 * The same for the same notifications, however often they are sent, so that mail systems recognise a repeat.
 *
 * @param notifications one or more
 */
export function messageIdOf(notifications: readonly Notification[], from: MailAddress): string {
  const ids = notifications.map(({ id }) => id);
  const name = ids.length === 1 ? ids[0]!.replace(/[^\w-]/g, "") : `ntfs_${hash(ids.join(" "))}`;
  return `<${name}@${domainOf(from)}>`;
}

/** What all mails about the matter refer to, or `null` when these are about none or several. */
export function threadIdOf(notifications: readonly Notification[], { from, service }: EmailSettings): string | null {
  const [key, ...others] = new Set(notifications.map((notification) => notification.key));
  if (key === null || key === undefined || others.length > 0) return null;
  return `<matter_${hash(`${service}\n${key}`)}@${domainOf(from)}>`;
}

/** The whole message, headers and all, with nothing read from files or network. */
export function compose({ MailComposer }: Nodemailer, letter: Letter, { from, to }: EmailSettings): Promise<Buffer> {
  const { mail, messageId, threadId, now } = letter;
  const message = new MailComposer({
    from: headerAddress(from),
    to: to.map(headerAddress),
    subject: mail.subject,
    text: mail.text,
    ...(mail.html === null ? {} : { html: mail.html }),
    attachments: mail.files.map(({ name, data, contentType }) => ({
      filename: name,
      content: Buffer.from(data.buffer, data.byteOffset, data.byteLength),
      ...(contentType === null ? {} : { contentType }),
    })),
    messageId,
    ...(threadId === null ? {} : { inReplyTo: threadId, references: threadId }),
    date: new Date(now),
    // RFC 3834: nobody's out-of-office message answers it.
    headers: { "Auto-Submitted": "auto-generated" },
    disableFileAccess: true,
    disableUrlAccess: true,
  }).compile();
  return new Promise((resolve, reject) => {
    message.build((error, built) => (error ? reject(error) : resolve(built!)));
  });
}

function headerAddress({ name, address }: MailAddress) {
  return { name: name ?? "", address };
}

function hash(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 32);
}
