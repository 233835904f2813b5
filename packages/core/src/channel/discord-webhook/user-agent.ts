/**
 * How this library introduces itself. Discord asks for this form, and its edge refuses agents that libraries send by default:
 * https://docs.discord.com/developers/reference#user-agent
 */

/** Equal to the version in package.json; a test sees to it. */
const VERSION = "0.1.0";

export const DEFAULT_USER_AGENT = `DiscordBot (https://github.com/tocsin/tocsin, ${VERSION})`;
