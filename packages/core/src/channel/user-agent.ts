/** How this library introduces itself over HTTP. */

/** Equal to the version in package.json; a test sees to it. */
const VERSION = "0.1.0";
const HOME = "https://github.com/tocsin/tocsin";

export const USER_AGENT = `Tocsin/${VERSION} (+${HOME})`;

/**
 * Discord asks for this form, and its edge refuses agents that libraries send by default:
 * https://docs.discord.com/developers/reference#user-agent
 */
export const DISCORD_USER_AGENT = `DiscordBot (${HOME}, ${VERSION})`;
