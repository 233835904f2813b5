/**
 * Discord's limits on a message, each once. Lengths are Unicode code points, counted after leading and trailing
 * whitespace is trimmed: the API counts `"\u{10ffff}"` as one (github.com/discord/discord-api-docs, issue 1315).
 *
 * Sources, unless a line names another: "Execute Webhook" in
 * https://docs.discord.com/developers/resources/webhook and "Embed Limits" in
 * https://docs.discord.com/developers/resources/message
 */
export const DISCORD_LIMITS = {
  contentChars: 2_000,
  embeds: 10,
  titleChars: 256,
  descriptionChars: 4_096,
  fields: 25,
  fieldNameChars: 256,
  fieldValueChars: 1_024,
  footerChars: 2_048,
  authorNameChars: 256,
  /** Titles, descriptions, field names and values, footers and author names of all embeds of a message together. */
  embedTotalChars: 6_000,
  /** https://github.com/discord/discord-api-spec, schema RichEmbed. */
  urlChars: 2_048,
  /** https://docs.discord.com/developers/resources/user, "Usernames and Nicknames". */
  usernameChars: 80,
  /** "Allowed Mentions Object" of the message resource: so many in each list. */
  allowedMentions: 100,
  threadNameChars: 100,
  /** Of a post in a forum. */
  appliedTags: 5,
  attachments: 10,
  /** https://docs.discord.com/developers/reference, "Uploading Files": the default, without boosts, for each file. */
  fileBytes: 10 * 1_024 * 1_024,
  /** The whole request; "Create Message" of the message resource. */
  requestBytes: 25 * 1_024 * 1_024,
  /** Ours: room in the request for the JSON part and the boundaries around the files. */
  requestReserveBytes: 256 * 1_024,
} as const;
