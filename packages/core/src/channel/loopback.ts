/** Which hosts are this machine: what is sent there passes no network, and needs no encryption. Pure. */

const LOOPBACK = /^(?:(?:.+\.)?localhost\.?|127(?:\.\d{1,3}){3}|\[?::1\]?)$/i;

/** @param host without port; an IPv6 address with or without brackets */
export function isLoopback(host: string): boolean {
  return LOOPBACK.test(host);
}
