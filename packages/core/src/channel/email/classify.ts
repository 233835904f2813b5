/**
 * Turns what came of a mail into the few words that change what follows. The question is whether it may have arrived, and whether
 * another one could fare better.
 *
 * https://www.rfc-editor.org/rfc/rfc5321#section-4.2: 4xx means not now, 5xx means not so. Pure; no sentence it makes contains the
 * password.
 */
import type { DegradeStep, SendFailure } from "../../delivery/channel.ts";
import { explainNetworkError, systemCode } from "../network-error.ts";
import { plainText, withoutStop } from "../plain-text.ts";
import { NODEMAILER_MISSING } from "./nodemailer.ts";
import type { SmtpFailure } from "./session.ts";
import type { EmailSettings } from "./settings.ts";

export interface SentMail {
  readonly settings: EmailSettings;
  readonly degrade: readonly DegradeStep[];
  readonly hasFiles: boolean;
}

/** Code of an error of ours; a plainer form of the mail may still go. */
export const NOT_RENDERED = "not-rendered";

type Kind = "unavailable" | "ambiguous" | "rejected" | "misconfigured";
/** The sentence goes on after "<host>: ", without its full stop. */
type Meaning = readonly [kind: Kind, code: string, sentence: string];

/** What nodemailer says of an error. */
interface SmtpError {
  readonly code: string;
  /** E.g. `AUTH PLAIN`, `MAIL FROM`; empty when it does not say. */
  readonly command: string;
  /** `null` when the server did not answer. */
  readonly replyCode: number | null;
  /** What it said; empty when it did not answer. */
  readonly reply: string;
  readonly message: string;
}

export function classifyFailure(failure: SmtpFailure, sent: SentMail): SendFailure {
  const { settings } = sent;
  const error = readError(failure.error);
  const [kind, code, sentence] = meaningOf(failure, error, sent);
  const said = error.reply === "" ? "" : ` (it says: ${sayable(error.reply, settings)})`;
  const doubt = kind === "ambiguous" ? "; the mail may have arrived all the same" : "";
  const host = `${settings.host}:${settings.port}`;
  const facts = {
    error: { code, message: `${host}: ${sentence}${said}${doubt}.`, status: null },
    limits: null,
    countsAsInvalid: false,
  };
  return kind === "rejected" ? { kind, degradeBy: nextStep(sent), ...facts } : { kind, ...facts };
}

/** What a server said, fit for a sentence. */
export function sayable(reply: string, { auth }: EmailSettings): string {
  const safe =
    auth === null ? reply : secretForms(auth).reduce((text, secret) => text.replaceAll(secret, "***"), reply);
  return withoutStop(plainText(safe));
}

function meaningOf({ cause, begun }: SmtpFailure, error: SmtpError, { settings }: SentMail): Meaning {
  const undone = begun ? "ambiguous" : "unavailable";
  if (cause === "closed") return [undone, "closed", "sending was ended"];
  if (cause === "timeout") {
    return begun
      ? [undone, "timeout-data", "the mail was not confirmed in time"]
      : [undone, "timeout-connect", "there was no answer in time"];
  }
  if (error.code === NODEMAILER_MISSING) {
    return [
      "misconfigured",
      NODEMAILER_MISSING,
      "sending mail needs the package nodemailer: run npm install nodemailer where this program is installed",
    ];
  }
  if (error.code === NOT_RENDERED)
    return ["rejected", NOT_RENDERED, "the message could not be put into the form of a mail"];
  if (error.replyCode !== null) return meaningOfReply(error.replyCode, error, settings);
  switch (error.code) {
    case "EAUTH":
      return [
        "misconfigured",
        "smtp-auth",
        "it offers no way of logging in that is known here: check port and encryption (tls)",
      ];
    case "EMESSAGE":
      return ["rejected", "smtp-too-large", "the mail is larger than it takes"];
    case "EPROTOCOL":
      return [undone, "bad-answer", "what answers there does not speak SMTP: check the port and the encryption (tls)"];
  }
  if (error.code === "ECONNECTION" || error.code === "ETLS") {
    return [undone, "connection-reset", "the connection was closed without an answer"];
  }
  const [code, sentence] = explainNetworkError({ code: error.code }) ?? ["network", unknownSentence(error)];
  return [undone, code, sentence];
}

/** Older versions of nodemailer keep the system's code to themselves, but not its words. */
function unknownSentence({ message }: SmtpError): string {
  const why = withoutStop(plainText(message));
  return `the mail could not be handed over${why === "" ? "" : `: ${why}`}`;
}

function meaningOfReply(replyCode: number, { code, command, reply }: SmtpError, { from, to }: EmailSettings): Meaning {
  const short = `smtp-${replyCode}`;
  if (code === "EAUTH" && replyCode >= 500) return ["misconfigured", short, refusedLogin(replyCode)];
  // 503 concerns the order of commands on this connection, not the mail.
  if (replyCode < 500 || replyCode === 503) return ["unavailable", short, "it does not take the mail for now"];
  if (command === "STARTTLS" || (command === "EHLO" && code === "ECONNECTION")) {
    return [
      "misconfigured",
      short,
      "it offers no encryption (STARTTLS): use tls=implicit on another port, or tls=none where the network is your own",
    ];
  }
  if (replyCode === 552 || /^\d{3}[ -]5\.(?:2\.3|3\.4)\b/.test(reply))
    return ["rejected", short, "the mail is larger than it takes"];
  if (replyCode === 530) return ["misconfigured", short, "it wants a log-in first: give user and password"];
  switch (command) {
    case "MAIL FROM":
      return ["misconfigured", short, `it takes no mail from ${from.address}`];
    case "RCPT TO":
      return ["misconfigured", short, `it takes no mail for ${to.map(({ address }) => address).join(", ")}`];
    case "DATA":
      return ["rejected", short, "it refused the mail"];
  }
  return ["misconfigured", short, "it does not serve this program"];
}

/** From 500 to 504 the command is unknown to it, or not to be used here. */
function refusedLogin(replyCode: number): string {
  return replyCode <= 504
    ? "it takes no log-in here: leave user and password out, or check port and encryption (tls)"
    : "the user name or the password is not accepted: check both";
}

function nextStep({ degrade, hasFiles }: SentMail): DegradeStep | null {
  if (hasFiles && !degrade.includes("without-files")) return "without-files";
  return degrade.includes("text-only") ? null : "text-only";
}

function readError(error: unknown): SmtpError {
  const { originalCode, command, responseCode, response } = (error ?? {}) as Record<string, unknown>;
  const known = typeof originalCode === "string" ? originalCode : systemCode(error);
  return {
    code: systemCode(error) === "EAUTH" ? "EAUTH" : known,
    command: typeof command === "string" ? command : "",
    replyCode: typeof responseCode === "number" ? responseCode : null,
    reply: typeof response === "string" ? response : "",
    message: error instanceof Error ? error.message : "",
  };
}

/** As it is, and in the forms in which it is sent. */
function secretForms({ user, pass }: { readonly user: string; readonly pass: string }): string[] {
  return [pass, `\0${user}\0${pass}`, pass].map((text, n) => (n === 0 ? text : Buffer.from(text).toString("base64")));
}
