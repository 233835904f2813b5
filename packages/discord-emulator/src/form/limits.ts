/**
 * Discord's limits on messages, in code points after trimming where they speak of text.
 *
 * https://docs.discord.com/developers/resources/message#embed-object-embed-limits,
 * https://docs.discord.com/developers/resources/webhook#execute-webhook, and for the lengths of URLs, thread names
 * and lists the OpenAPI description at https://github.com/discord/discord-api-spec.
 */
export const CONTENT_MAX = 2000;
export const EMBEDS_MAX = 10;
export const EMBED_TITLE_MAX = 256;
export const EMBED_DESCRIPTION_MAX = 4096;
export const EMBED_FIELDS_MAX = 25;
export const EMBED_FIELD_NAME_MAX = 256;
export const EMBED_FIELD_VALUE_MAX = 1024;
export const EMBED_FOOTER_MAX = 2048;
export const EMBED_AUTHOR_MAX = 256;
/** Over the texts of all embeds of a message together. */
export const EMBEDS_TEXT_MAX = 6000;
export const URL_MAX = 2048;
export const COLOR_MAX = 0xffffff;
export const USERNAME_MAX = 80;
export const THREAD_NAME_MAX = 100;
export const APPLIED_TAGS_MAX = 5;
export const MENTIONS_MAX = 100;
export const ATTACHMENTS_MAX = 10;
export const ATTACHMENT_DESCRIPTION_MAX = 1024;
export const FILENAME_MAX = 1024;
/** Default since 16 January 2025, per file; higher in boosted servers. */
export const FILE_BYTES_MAX = 10 * 1024 * 1024;
export const REQUEST_BYTES_MAX = 25 * 1024 * 1024;
export const NONCE_MAX = 25;
