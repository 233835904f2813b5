/**
 * Reads application commands.
 * https://docs.discord.com/developers/interactions/application-commands#application-command-object
 */
import type { CommandOption, NewCommand } from "../world/commands.ts";
import { choice, codePoints, flag, integer, isRecord, list, model, type Reader, text } from "./reader.ts";
import type { Report } from "./report.ts";

const NAME = /^[-_'\p{L}\p{N}\p{Script=Devanagari}\p{Script=Thai}]{1,32}$/u;
const OPTIONS_MAX = 25;
const SIZE_MAX = 8000;
const SLASH = 1;
const SUBCOMMAND_GROUP = 2;

const anything: Reader<unknown> = (input) => input ?? undefined;

/** Of slash commands and their options: one word, in lower case. */
const slashName: Reader<string> = (input, report) => {
  const name = text({ min: 1, max: 32 })(input, report);
  if (name === undefined) return undefined;
  if (NAME.test(name) && name === name.toLowerCase()) return name;
  report.complain("APPLICATION_COMMAND_INVALID_NAME", "Command name is invalid");
  return undefined;
};

const choices = list(
  model({ name: text({ min: 1, max: 100 }), value: anything }, { required: ["name", "value"], inList: true }),
  { max: OPTIONS_MAX },
);

function optionReader(depth: number): Reader<unknown> {
  const inner: Reader<unknown> = depth === 0 ? anything : (input, report) => options(depth - 1)(input, report);
  return model(
    {
      type: choice([1, SUBCOMMAND_GROUP, 3, 4, 5, 6, 7, 8, 9, 10, 11]),
      name: slashName,
      description: text({ min: 1, max: 100 }),
      required: flag,
      choices,
      options: inner,
      channel_types: list(integer({ max: 20 }), { max: 20 }),
      min_value: anything,
      max_value: anything,
      min_length: integer({ max: 6000 }),
      max_length: integer({ min: 1, max: 6000 }),
      autocomplete: flag,
    },
    { required: ["type", "name", "description"], inList: true },
  );
}

function options(depth: number): Reader<CommandOption[]> {
  const read = list(optionReader(depth), { max: OPTIONS_MAX });
  return (input, report) => {
    const all = read(input, report) as CommandOption[] | undefined;
    const firstOptional = all?.findIndex(({ required }) => required !== true) ?? -1;
    all?.forEach(({ required }, at) => {
      if (required !== true || firstOptional === -1 || at < firstOptional) return;
      report.enter(at);
      report.complain(
        "APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID",
        "Required options must be placed before non-required options",
      );
      report.leave();
    });
    return all;
  };
}

const shared = {
  type: choice([SLASH, 2, 3]),
  options: options(2),
  default_member_permissions: text({ max: 40 }),
};
const slash = model(
  { ...shared, name: slashName, description: text({ min: 1, max: 100 }) },
  { required: ["name", "description"] },
);
const context = model({ ...shared, name: text({ min: 1, max: 32 }) }, { required: ["name"] });

/** A whole command; undefined when something is wrong with it, which the report then says. */
export const command: Reader<NewCommand> = (input, report) => {
  const isSlash = !isRecord(input) || input["type"] === undefined || input["type"] === SLASH;
  const before = report.errors.length;
  const read: ReturnType<typeof slash> = (isSlash ? slash : context)(input, report);
  if (read === undefined || report.errors.length > before) return undefined;
  const { type = SLASH, name = "", description = "", default_member_permissions } = read;
  const whole = { type, name, description, options: read.options ?? [] };
  insistOnSize(whole, report);
  return { ...whole, defaultMemberPermissions: default_member_permissions ?? null };
};

/** Names, descriptions and values of a command together. */
function insistOnSize(whole: Pick<NewCommand, "name" | "description" | "options">, report: Report): void {
  if (sizeOf(whole) <= SIZE_MAX) return;
  report.complain("APPLICATION_COMMAND_TOO_LARGE", `Command exceeds maximum size (${SIZE_MAX})`);
}

function sizeOf(part: Partial<Pick<CommandOption, "name" | "description" | "options" | "choices">>): number {
  const own = codePoints(part.name ?? "") + codePoints(part.description ?? "");
  const offered = (part.choices ?? []).map(({ name, value }) => codePoints(name) + codePoints(String(value)));
  return [...offered, ...(part.options ?? []).map(sizeOf)].reduce((sum, size) => sum + size, own);
}
