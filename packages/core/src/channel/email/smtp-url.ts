/**
 * Reads the URL of a mail server: `smtp://user:password@host:port?from=…&to=…`, or `smtps://…` for encryption from the start.
 * Pure; no problem repeats a part of the URL that may be a password.
 */
import { literalQuery } from "../literal-query.ts";
import { splitAddresses } from "./address.ts";

/**
 * How the connection is encrypted. `implicit`: from the start. `starttls`: before anything is said, or not used at all. `none`: never.
 */
export const SMTP_TLS = ["implicit", "starttls", "none"] as const;
export type SmtpTls = (typeof SMTP_TLS)[number];

export interface SmtpUrl {
  readonly host: string;
  readonly port?: number;
  readonly tls?: SmtpTls;
  readonly auth?: { readonly user: string; readonly pass: string };
  /** Empty when it is not named. */
  readonly from: string;
  readonly to: readonly string[];
  /** What was left out, one sentence each without a full stop. */
  readonly notes: readonly string[];
}

export type SmtpUrlResult =
  | { readonly ok: true; readonly url: SmtpUrl }
  /** `problem` goes on after "The e-mail channel", without a full stop. */
  | { readonly ok: false; readonly problem: string };

const EXAMPLE = "smtp://user:password@mail.example.org:587?from=alerts@example.org&to=ops@example.org";
const HOST = /^(?:[\p{L}\p{N}._-]+|\[[\da-f:.]+\])$/iu;
const KNOWN = new Set(["from", "to", "tls"]);

export function parseSmtpUrl(text: string): SmtpUrlResult {
  const url = URL.parse(text);
  if (url === null || !/^smtps?:$/.test(url.protocol) || !text.slice(url.protocol.length).startsWith("//")) {
    return no(
      `has an SMTP URL that cannot be read: it should look like ${EXAMPLE}, with @, /, ? and # in a password written as %40, %2F, %3F and %23`,
    );
  }
  const query = literalQuery(url);
  const host = decoded(url.hostname);
  const user = decoded(url.username);
  const pass = decoded(url.password);
  if (host === null || !HOST.test(host)) return no(`has an SMTP URL without a host: it should look like ${EXAMPLE}`);
  if (user === null || pass === null) return no("has an SMTP URL with a % that means nothing: write it as %25");
  const isImplicit = url.protocol === "smtps:";
  const tls = isImplicit ? "implicit" : query.get("tls");
  if (isImplicit && query.has("tls"))
    return no("has an SMTP URL with tls, while smtps:// is encrypted from the start: take tls out");
  return {
    ok: true,
    url: {
      host: host.toLowerCase().replace(/^\[(.*)\]$/, "$1"),
      ...(url.port === "" ? {} : { port: Number(url.port) }),
      // What it may be is checked with everything else.
      ...(tls === null ? {} : { tls: tls as SmtpTls }),
      ...(user === "" && pass === "" ? {} : { auth: { user, pass } }),
      from: query.get("from") ?? "",
      to: query.getAll("to").flatMap(splitAddresses),
      notes: [...new Set(query.keys())]
        .filter((name) => !KNOWN.has(name))
        .map((name) => `${JSON.stringify(name.slice(0, 40))} in the SMTP URL was left out`),
    },
  };
}

/** `null` when a percent sign in it stands for nothing. */
function decoded(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}

function no(problem: string): SmtpUrlResult {
  return { ok: false, problem };
}
