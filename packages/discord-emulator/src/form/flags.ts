/**
 * The message flags a webhook may set; others are ignored.
 * https://docs.discord.com/developers/resources/webhook#execute-webhook
 */
export const SUPPRESS_EMBEDS = 1 << 2;
export const SUPPRESS_NOTIFICATIONS = 1 << 12;
export const IS_COMPONENTS_V2 = 1 << 15;

/** Seen by one user alone; only answers to interactions may have it. */
export const EPHEMERAL = 1 << 6;
/** An answer that is still to come. */
export const LOADING = 1 << 7;
