/**
 * The settings of an e-mail channel, checked as a whole. A mistake is an answer, says what to do, and never repeats a password.
 * Pure.
 */
import { isLoopback } from "../loopback.ts";
import { type MailAddress, parseAddress, splitAddresses } from "./address.ts";
import { parseSmtpUrl, SMTP_TLS, type SmtpTls } from "./smtp-url.ts";

export interface EmailChannelOptions {
  /** `smtp://user:password@host:port` or `smtps://…`, percent-encoded; instead of `host`, `port`, `tls` and `auth`. */
  readonly smtpUrl?: string;
  /** Name or address of the mail server. */
  readonly host?: string;
  /** 1 to 65535. @defaultValue 465 with `tls: "implicit"`, otherwise 587 */
  readonly port?: number;
  /** @defaultValue "implicit" on port 465, "none" on this machine, otherwise "starttls" */
  readonly tls?: SmtpTls;
  /** @defaultValue no log-in */
  readonly auth?: { readonly user: string; readonly pass: string };
  /** `alerts@example.org` or `Alerts <alerts@example.org>`. */
  readonly from: string;
  /** One or more recipients, who see each other; a text may list several with commas between them. */
  readonly to: string | readonly string[];
  /** Name of the program: in subjects and footers. @defaultValue "Tocsin" */
  readonly service?: string;
  /** For one mail: connecting, logging in, sending and the confirmation. More than 0. @defaultValue 30_000 */
  readonly timeoutMs?: number;
}

export interface EmailSettings {
  readonly host: string;
  readonly port: number;
  readonly tls: SmtpTls;
  readonly auth: { readonly user: string; readonly pass: string } | null;
  readonly from: MailAddress;
  /** One or more. */
  readonly to: readonly MailAddress[];
  readonly service: string;
  readonly timeoutMs: number;
}

export type EmailSettingsResult =
  /** `notes`: what was left out, one sentence each without a full stop. */
  | { readonly ok: true; readonly settings: EmailSettings; readonly notes: readonly string[] }
  /** Each goes on after "The e-mail channel", without a full stop. */
  | { readonly ok: false; readonly problems: readonly string[] };

export const EMAIL_DEFAULTS = { service: "Tocsin", timeoutMs: 30_000 } as const;
/** RFC 8314: submission that is encrypted from the start, and that which begins without. */
const IMPLICIT_TLS_PORT = 465;
const SUBMISSION_PORT = 587;

/** Fills in defaults and checks everything. */
export function emailSettings(options: EmailChannelOptions): EmailSettingsResult {
  const { smtpUrl, service = EMAIL_DEFAULTS.service, timeoutMs = EMAIL_DEFAULTS.timeoutMs } = options;
  if (smtpUrl === undefined) return settingsOf({ ...options, service, timeoutMs }, []);
  const parsed = parseSmtpUrl(smtpUrl);
  if (!parsed.ok) return { ok: false, problems: [parsed.problem] };
  const { notes, from, to, ...server } = parsed.url;
  return settingsOf({ ...server, from: options.from || from, to: listOf(options.to, to), service, timeoutMs }, notes);
}

function listOf(...lists: readonly (string | readonly string[])[]): readonly string[] {
  return (
    lists.map((list) => (typeof list === "string" ? splitAddresses(list) : list)).find((list) => list.length > 0) ?? []
  );
}

type Given = Omit<EmailChannelOptions, "smtpUrl"> & Pick<EmailSettings, "service" | "timeoutMs">;

function settingsOf(given: Given, notes: readonly string[]): EmailSettingsResult {
  const { host = "", auth = null, service, timeoutMs } = given;
  const tls = given.tls ?? usualTls(host, given.port);
  const port = given.port ?? (tls === "implicit" ? IMPLICIT_TLS_PORT : SUBMISSION_PORT);
  const from = parseAddress(given.from);
  const recipients = listOf(given.to).map((text) => ({ text, parsed: parseAddress(text) }));
  const to = recipients.flatMap(({ parsed }) => (parsed === null ? [] : [parsed]));
  const problems = [
    host === "" ? "has no mail server: name its host" : null,
    SMTP_TLS.includes(tls) ? null : `has an encryption (tls) that is none of ${SMTP_TLS.join(", ")}`,
    Number.isInteger(port) && port >= 1 && port <= 65_535 ? null : "has a port that is no whole number from 1 to 65535",
    auth !== null && (auth.user === "" || auth.pass === "")
      ? "has a log-in that lacks its user or its password: give both, or neither"
      : null,
    from === null ? senderProblem(given.from) : null,
    recipients.length === 0 ? "has no recipient (to): name one or more, e.g. to=ops@example.org" : null,
    ...recipients.map(({ text, parsed }) =>
      parsed === null ? `has a recipient (to) that is no mail address: ${shown(text)}` : null,
    ),
    timeoutMs > 0 && Number.isFinite(timeoutMs) ? null : `has a timeoutMs that is not more than 0: ${timeoutMs}`,
  ].filter((problem) => problem !== null);
  if (from === null || problems.length > 0) return { ok: false, problems };
  return { ok: true, settings: { host, port, tls, auth, from, to, service, timeoutMs }, notes };
}

function usualTls(host: string, port: number | undefined): SmtpTls {
  if (port === IMPLICIT_TLS_PORT) return "implicit";
  return isLoopback(host) ? "none" : "starttls";
}

function senderProblem(from: string): string {
  if (from.trim() === "") return "has no sender (from): name one, e.g. from=alerts@example.org";
  return `has a sender (from) that is no mail address: ${shown(from)}`;
}

function shown(text: string): string {
  return JSON.stringify(text.slice(0, 80));
}
