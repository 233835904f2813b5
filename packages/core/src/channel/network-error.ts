/**
 * Puts the codes that the system, OpenSSL and undici give to failed connections into words, whatever was spoken on them. Pure.
 */

/** Stable code, and the sentence after "<host>: ", without its full stop. */
export type Explanation = readonly [code: string, sentence: string];

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

const TLS_OTHER: Explanation = ["tls", "no TLS connection could be agreed on; check that this port speaks TLS"];

/** `null` when the error has no code that is known here. */
export function explainNetworkError(error: unknown): Explanation | null {
  const code = systemCode(error);
  const known = EXPLANATIONS.get(code);
  if (known !== undefined) return known;
  const isTls = code === "EPROTO" || code.startsWith("ERR_SSL_") || code.startsWith("ERR_TLS_");
  return isTls ? TLS_OTHER : null;
}

/** The code that the system, OpenSSL or undici gave, also when several addresses were tried; empty when there is none. */
export function systemCode(error: unknown): string {
  if (typeof error !== "object" || error === null) return "";
  const { code } = error as { code?: unknown };
  if (typeof code === "string") return code;
  if (error instanceof AggregateError) return systemCode(error.errors[0]);
  return systemCode((error as { cause?: unknown }).cause);
}
