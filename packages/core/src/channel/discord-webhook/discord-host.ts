/** Discord's own hosts. Pure. */

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
