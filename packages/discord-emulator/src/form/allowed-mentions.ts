/** Reads `allowed_mentions`. https://docs.discord.com/developers/resources/message#allowed-mentions-object */
import { MENTIONS_MAX } from "./limits.ts";
import { choice, flag, list, model, type Reader, snowflake } from "./reader.ts";

export interface AllowedMentions {
  readonly parse?: readonly ("users" | "roles" | "everyone")[];
  readonly users?: readonly string[];
  readonly roles?: readonly string[];
  readonly replied_user?: boolean;
}

const shape = model({
  parse: list(choice(["users", "roles", "everyone"]), { max: 3 }),
  users: list(snowflake, { max: MENTIONS_MAX }),
  roles: list(snowflake, { max: MENTIONS_MAX }),
  replied_user: flag,
});

export const allowedMentions: Reader<AllowedMentions> = (input, report) => {
  const read = shape(input, report);
  for (const kind of ["users", "roles"] as const) {
    if (!read?.parse?.includes(kind) || !read[kind]?.length) continue;
    report.complain(
      "MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE",
      `parse:["${kind}"] and ${kind}: [ids...] are mutually exclusive.`,
    );
  }
  return read;
};
