/** Turns a slash command as a person types it into what the bot is told. Pure. */
import type { Command, CommandOption } from "../world/commands.ts";

export type OptionValue = string | number | boolean;
export type OptionValues = Readonly<Record<string, OptionValue>>;

const SUBCOMMAND = 1;
const SUBCOMMAND_GROUP = 2;

/** By the number of an option's type, what its value must be. The others are ids: of users, channels, roles. */
const VALUES: Readonly<Record<number, (value: OptionValue) => boolean>> = Object.freeze({
  3: (value) => typeof value === "string",
  4: (value) => Number.isInteger(value),
  5: (value) => typeof value === "boolean",
  10: (value) => typeof value === "number",
});

export interface Typed {
  /** Names of subcommands after the command's own. */
  readonly path: readonly string[];
  readonly values: OptionValues;
}

export interface CommandData {
  readonly id: string;
  readonly name: string;
  readonly type: number;
  readonly guild_id?: string;
  readonly options: readonly unknown[];
}

/** @throws Error saying which option is unknown, missing or of the wrong kind. */
export function toCommandData(command: Command, { path, values }: Typed): CommandData {
  const { id, name, type, guildId } = command;
  const options = fill(command.options, path, values);
  return { id, name, type, ...(guildId === null ? {} : { guild_id: guildId }), options };
}

function fill(offered: readonly CommandOption[], path: readonly string[], values: OptionValues): unknown[] {
  const [next, ...rest] = path;
  const inner = offered.filter(({ type }) => type === SUBCOMMAND || type === SUBCOMMAND_GROUP);
  if (inner.length > 0 || next !== undefined) {
    const chosen = inner.find((one) => one.name === next);
    if (chosen === undefined) {
      throw new Error(`Choose one of the subcommands ${inner.map((one) => one.name).join(", ")}, not "${next ?? ""}".`);
    }
    return [{ type: chosen.type, name: chosen.name, options: fill(chosen.options ?? [], rest, values) }];
  }
  const unknown = Object.keys(values).find((name) => !offered.some((one) => one.name === name));
  if (unknown !== undefined) throw new Error(`The command has no option "${unknown}".`);
  return offered.flatMap((option) => {
    const value = values[option.name];
    if (value === undefined) {
      if (option.required) throw new Error(`The option "${option.name}" is required.`);
      return [];
    }
    return [{ type: option.type, name: option.name, value: checked(option, value) }];
  });
}

function checked({ name, type, choices = [] }: CommandOption, value: OptionValue): OptionValue {
  const fits = VALUES[type] ?? ((id: OptionValue) => /^\d+$/.test(String(id)));
  if (!fits(value)) throw new Error(`The option "${name}" does not take ${JSON.stringify(value)}.`);
  if (choices.length > 0 && !choices.some((one) => one.value === value)) {
    throw new Error(`The option "${name}" must be one of ${choices.map((one) => one.value).join(", ")}.`);
  }
  return value;
}
