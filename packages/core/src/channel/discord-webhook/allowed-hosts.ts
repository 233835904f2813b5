/**
 * Which hosts a webhook URL may name. Discord's own always; others only when the operator lists them, because whoever
 * can set a webhook URL could otherwise make this process talk to anything on its network. Pure.
 */

const DISCORD_HOSTS: ReadonlySet<string> = new Set([
  "discord.com",
  "www.discord.com",
  "ptb.discord.com",
  "canary.discord.com",
  // The old domain: same webhooks, but no v10 there and a rate limit of its own.
  "discordapp.com",
  "www.discordapp.com",
  "ptb.discordapp.com",
  "canary.discordapp.com",
]);

export function isDiscordHost(url: URL): boolean {
  return url.port === "" && DISCORD_HOSTS.has(url.hostname.replace(/\.$/, ""));
}

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
