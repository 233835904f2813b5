/**
 * Keeps other people's web pages away from ours: whoever opens a hostile page in a browser on this machine must not
 * thereby ban, fault or read the emulator. Pure.
 */
import type { IncomingHttpHeaders } from "node:http";
import { isIP } from "node:net";

/**
 * Null when the request may pass. By name only `localhost` and the emulator's own host are served: any other name may
 * be one that an attacker has just pointed at this address.
 */
export function objectionTo(headers: IncomingHttpHeaders, ownHost: string): string | null {
  const { host = "", origin } = headers;
  const name = hostname(`http://${host}`);
  if (name !== "localhost" && name !== ownHost && isIP(name) === 0) {
    return `The emulator's page is not served under the name "${name}". Open it as localhost or by its address.`;
  }
  if (origin !== undefined && hostname(origin) !== name) return "The emulator's page takes no orders from other sites.";
  return null;
}

function hostname(url: string): string {
  return (URL.parse(url)?.hostname ?? "").replace(/^\[|\]$/g, "");
}
