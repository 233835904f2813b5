/**
 * Reads the names a webhook may go by.
 * https://docs.discord.com/developers/resources/webhook#create-webhook and
 * https://docs.discord.com/developers/resources/user#usernames-and-nicknames
 */
import { USERNAME_MAX } from "./limits.ts";
import { type Reader, text } from "./reader.ts";

const length = text({ min: 1, max: USERNAME_MAX });
const NEVER_WITHIN = ["clyde", "discord", "@", "#", ":", "```"];
const NEVER_ALONE = ["everyone", "here"];

export const username: Reader<string> = (input, report) => {
  const name = length(input, report);
  if (name === undefined) return undefined;
  const lower = name.toLowerCase();
  const part = NEVER_WITHIN.find((one) => lower.includes(one));
  if (part !== undefined) report.complain("USERNAME_INVALID_CONTAINS", `Username cannot contain "${part}"`);
  if (NEVER_ALONE.includes(lower)) report.complain("USERNAME_INVALID", `Username cannot be "${lower}"`);
  return name;
};
