/**
 * Which hosts of an operator's own choice are meant by a list of `host:port`. Others than a channel's usual hosts are only
 * taken from such a list, because whoever can set a URL could otherwise make this process talk to anything on its network.
 * Pure.
 */

/** Whether the list names this URL's host and port; an entry without a port means the scheme's own port. */
export function isAllowedHost(url: URL, allowedHosts: readonly string[]): boolean {
  return allowedHosts.some((entry) => {
    const host = hostOf(entry);
    return host !== "" && (host === hostAndPort(url) || host === url.host);
  });
}

/** `host:port`, with the port that the scheme implies where the URL names none. */
export function hostAndPort(url: URL): string {
  return url.port === "" ? `${url.hostname}:${url.protocol === "http:" ? 80 : 443}` : url.host;
}

/** Entries are written as `host:port`; a whole URL pasted there is understood too. */
function hostOf(entry: string): string {
  return entry
    .trim()
    .toLowerCase()
    .replace(/^[a-z]+:\/\//, "")
    .replace(/[/?#].*$/, "");
}
