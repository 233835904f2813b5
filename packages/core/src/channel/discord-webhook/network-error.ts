/**
 * Classifies a request that got no answer, by how far it came and what broke it. What was never written has not been
 * carried out; of what was written nobody can tell. Pure.
 */
import { errors } from "undici";
import type { AttemptError } from "../../delivery/channel.ts";
import type { Reply } from "./exchange.ts";

export interface NetworkFailure {
  readonly kind: "unavailable" | "ambiguous";
  readonly error: AttemptError;
}

type NoAnswer = Extract<Reply, { kind: "no-answer" }>;

/** Stable code, and the sentence after "<host>: ". */
type Explanation = readonly [code: string, sentence: string];

const EXPLANATIONS: ReadonlyMap<string, Explanation> = new Map<string, Explanation>(
  Object.entries({
    ECONNREFUSED: [
      "connection-refused",
      "the connection was refused; nothing listens there, or a firewall turns it away",
    ],
    ENOTFOUND: ["dns", "the name could not be found; check the network and its DNS server"],
    EAI_AGAIN: ["dns", "the name could not be looked up for now; check the network and its DNS server"],
    EHOSTUNREACH: ["network-unreachable", "there is no way to that address; check the network"],
    ENETUNREACH: ["network-unreachable", "there is no way to that network; check the network"],
    ENETDOWN: ["network-unreachable", "the network is down"],
    EADDRNOTAVAIL: ["network-unreachable", "this machine has no address left to connect from"],
    ETIMEDOUT: ["timeout-connect", "the connection could not be made in time"],
    UND_ERR_CONNECT_TIMEOUT: ["timeout-connect", "the connection could not be made in time"],
    ECONNRESET: ["connection-reset", "the connection broke off"],
    EPIPE: ["connection-reset", "the connection broke off while sending"],
    UND_ERR_SOCKET: ["connection-reset", "the connection was closed without an answer"],
    UND_ERR_CLOSED: ["closed", "sending was ended"],
    UND_ERR_DESTROYED: ["closed", "sending was ended"],
    CERT_HAS_EXPIRED: ["tls-expired", "the TLS certificate has expired; renew it, and check this machine's clock"],
    CERT_NOT_YET_VALID: ["tls-not-yet-valid", "the TLS certificate is not valid yet; check this machine's clock"],
    DEPTH_ZERO_SELF_SIGNED_CERT: [
      "tls-self-signed",
      "the TLS certificate is self-signed; name its issuer in NODE_EXTRA_CA_CERTS",
    ],
    SELF_SIGNED_CERT_IN_CHAIN: [
      "tls-self-signed",
      "the TLS certificate comes from an issuer that is self-signed; name it in NODE_EXTRA_CA_CERTS",
    ],
    UNABLE_TO_VERIFY_LEAF_SIGNATURE: [
      "tls-untrusted",
      "the TLS certificate's issuer is unknown; name it in NODE_EXTRA_CA_CERTS",
    ],
    UNABLE_TO_GET_ISSUER_CERT: [
      "tls-untrusted",
      "the TLS certificate's issuer is unknown; name it in NODE_EXTRA_CA_CERTS",
    ],
    UNABLE_TO_GET_ISSUER_CERT_LOCALLY: [
      "tls-untrusted",
      "the TLS certificate's issuer is unknown; name it in NODE_EXTRA_CA_CERTS",
    ],
    CERT_REVOKED: ["tls-revoked", "the TLS certificate has been revoked"],
    ERR_TLS_CERT_ALTNAME_INVALID: ["tls-host-mismatch", "the TLS certificate was made out to another host"],
  }),
);

const TLS_OTHER: Explanation = ["tls", "no TLS connection could be agreed on; check that this port speaks https"];
const NO_ANSWER_IN_TIME: Explanation = ["timeout-headers", "there was no answer in time"];
const BAD_ANSWER: Explanation = ["bad-answer", "the answer was not HTTP"];
const UNKNOWN: Explanation = ["network", "the request failed"];

export function classifyNoAnswer({ cause, error, written }: NoAnswer, host: string): NetworkFailure {
  const [code, sentence] = explain(cause, error, written);
  const doubt = written ? "; the message may have arrived all the same" : "";
  return {
    kind: written ? "ambiguous" : "unavailable",
    error: { code, message: `${host}: ${sentence}${doubt}.`, status: null },
  };
}

function explain(cause: NoAnswer["cause"], error: unknown, written: boolean): Explanation {
  if (cause === "closed") return ["closed", "sending was ended"];
  if (cause === "timeout") {
    return written ? NO_ANSWER_IN_TIME : ["timeout-connect", "no connection could be had in time"];
  }
  const code = systemCode(error);
  // A connection that stood may be given up by the system as well.
  if (code === "ETIMEDOUT" && written) return NO_ANSWER_IN_TIME;
  const known = EXPLANATIONS.get(code);
  if (known !== undefined) return known;
  if (code === "EPROTO" || code.startsWith("ERR_SSL_") || code.startsWith("ERR_TLS_")) return TLS_OTHER;
  if (error instanceof errors.HTTPParserError || code === "UND_ERR_HEADERS_OVERFLOW") return BAD_ANSWER;
  return code === "" ? UNKNOWN : ["network", `the request failed with ${code}`];
}

/** The code that the system, OpenSSL or undici gave, also when several addresses were tried. */
function systemCode(error: unknown): string {
  if (typeof error !== "object" || error === null) return "";
  const { code } = error as { code?: unknown };
  if (typeof code === "string") return code;
  if (error instanceof AggregateError) return systemCode(error.errors[0]);
  return systemCode((error as { cause?: unknown }).cause);
}
