/**
 * Sends mails through a mail server: up to fifty notifications in one, as text and as HTML. It neither waits nor retries; delivery
 * does. A repeat carries the same Message-ID, and all mails of one matter (`key`) belong to one conversation.
 */
import type { Clock } from "../../clock/clock.ts";
import type { Channel, ChannelCheck, SendOutcome, SendRequest } from "../../delivery/channel.ts";
import { renderMail } from "../../message/email/mail.ts";
import type { Notification } from "../../notification/notification.ts";
import { classifyFailure, NOT_RENDERED, sayable } from "./classify.ts";
import { compose, messageIdOf, threadIdOf } from "./compose.ts";
import { loadNodemailer, type Nodemailer } from "./nodemailer.ts";
import { createSmtpSession, type RefusedRecipient } from "./session.ts";
import type { EmailSettings } from "./settings.ts";

export interface EmailParts {
  readonly settings: EmailSettings;
  readonly clock: Clock;
  /** @defaultValue the installed one */
  readonly load?: () => Promise<Nodemailer>;
}

/** More in one mail are read by nobody. */
const MAX_NOTIFICATIONS = 50;
/** Most servers take 25 MB, and files grow by a third on their way. */
const MAX_FILE_BYTES = 15_000_000;
/** Recipients that were refused and are still told of; others are counted by the server's own log. */
const MAX_REFUSED = 20;

/** A channel of settings that have been checked. */
export function openEmailChannel({ settings, clock, load = loadNodemailer }: EmailParts): Channel {
  const { from, to, service, host, port } = settings;
  const session = createSmtpSession({ settings, clock, load });
  /** By address, what the server said of those that the last mails did not reach. */
  const refused = new Map<string, string>();

  async function send(request: SendRequest): Promise<SendOutcome> {
    const { notifications, degrade } = request;
    const about = { settings, degrade, hasFiles: notifications.some(({ files }) => files.length > 0) };
    const messageId = messageIdOf(notifications, from);
    let content: Buffer;
    try {
      content = await contentOf(request, messageId);
    } catch (error) {
      return classifyFailure({ cause: "error", error, begun: false }, about);
    }
    const end = await session.submit({ from: from.address, to: to.map(({ address }) => address), content });
    if (end.kind === "failed") return classifyFailure(end.failure, about);
    remember(end.refused);
    return { kind: "delivered", messageId, status: null, limits: null };
  }

  async function contentOf({ notifications, degrade, now }: SendRequest, messageId: string): Promise<Buffer> {
    const nodemailer = await load();
    try {
      const mail = renderMail(notifications, { service, degrade, notes: notesOf(refused) });
      const letter = { mail, messageId, threadId: threadIdOf(notifications, settings), now };
      return await compose(nodemailer, letter, settings);
    } catch (cause) {
      throw Object.assign(new Error("the mail cannot be composed", { cause }), { code: NOT_RENDERED });
    }
  }

  function remember(now: readonly RefusedRecipient[]): void {
    refused.clear();
    for (const { address, reply } of now.slice(0, MAX_REFUSED)) refused.set(address, sayable(reply, settings));
  }

  async function check(): Promise<ChannelCheck> {
    const end = await session.verify();
    if (end.kind === "taken") {
      const detail = [`mail server ${host}:${port} answers`, ...notesOf(refused)].join("; ");
      return { ok: true, detail, poolKey: null };
    }
    const { kind, error } = classifyFailure(end.failure, { settings, degrade: [], hasFiles: false });
    return { ok: false, kind, error };
  }

  async function close(): Promise<void> {
    session.close();
  }

  return {
    kind: "email",
    label: `e-mail to ${to[0]!.address}${to.length === 1 ? "" : ` and ${to.length - 1} more`} through ${host}`,
    limits: { egress: null, pool: null, bucket: null },
    fits,
    send,
    check,
    close,
  };
}

function fits(notifications: readonly Notification[]): boolean {
  const files = notifications.flatMap((notification) => notification.files);
  const fileBytes = files.reduce((sum, { data }) => sum + data.byteLength, 0);
  return notifications.length <= MAX_NOTIFICATIONS && fileBytes <= MAX_FILE_BYTES;
}

function notesOf(refused: ReadonlyMap<string, string>): string[] {
  return [...refused].map(([address, reply]) => `The last mail was not taken for ${address}: ${reply}.`);
}
