/**
 * Loads nodemailer on first use. It is an optional peer: who sends no mail needs not install it, and nothing of it is loaded.
 */
import type MailComposerClass from "nodemailer/lib/mail-composer/index.js";
import type SmtpConnectionClass from "nodemailer/lib/smtp-connection/index.js";

export type SmtpConnection = SmtpConnectionClass;

/** The parts that are used: the protocol and the form of mails, without its queues and pools, because delivery has its own. */
export interface Nodemailer {
  readonly SmtpConnection: typeof SmtpConnectionClass;
  readonly MailComposer: typeof MailComposerClass;
}

export const NODEMAILER_MISSING = "nodemailer-missing";

/** @throws an error with the code {@link NODEMAILER_MISSING} when it is not installed. */
export async function loadNodemailer(): Promise<Nodemailer> {
  try {
    const [connection, composer] = await Promise.all([
      import("nodemailer/lib/smtp-connection/index.js"),
      import("nodemailer/lib/mail-composer/index.js"),
    ]);
    return { SmtpConnection: connection.default, MailComposer: composer.default };
  } catch (cause) {
    throw Object.assign(new Error("nodemailer cannot be loaded", { cause }), { code: NODEMAILER_MISSING });
  }
}
