import { describe, expect, it } from "vitest";
import type { Command, CommandOption } from "../world/commands.ts";
import { type OptionValues, toCommandData } from "./slash.ts";

const plant = { type: 3, name: "plant", required: true };
const hours = { type: 4, name: "hours", choices: [{ name: "one", value: 1 }] };
const loud = { type: 5, name: "loud" };
const by = { type: 6, name: "by" };
const level = { type: 10, name: "level" };
const add = { type: 1, name: "add", options: [plant] };

function command(...options: CommandOption[]): Command {
  const about = { id: "7", applicationId: "1", guildId: null, version: "1", type: 1, defaultMemberPermissions: null };
  return { ...about, name: "silence", description: "x", options };
}

describe("what the bot is told of a slash command", () => {
  it("are the options that were given, in the order of the command", () => {
    const values = { level: 0.5, by: "123", loud: false, hours: 1, plant: "Monstera" };
    expect(toCommandData(command(plant, hours, loud, by, level), { path: [], values })).toEqual({
      id: "7",
      name: "silence",
      type: 1,
      options: [
        { type: 3, name: "plant", value: "Monstera" },
        { type: 4, name: "hours", value: 1 },
        { type: 5, name: "loud", value: false },
        { type: 6, name: "by", value: "123" },
        { type: 10, name: "level", value: 0.5 },
      ],
    });
  });

  it("is nested under its subcommand", () => {
    const { options } = toCommandData(command(add), { path: ["add"], values: { plant: "Monstera" } });
    expect(options).toEqual([{ type: 1, name: "add", options: [{ type: 3, name: "plant", value: "Monstera" }] }]);
  });

  const wrong: readonly { values: OptionValues; says: string }[] = [
    { values: {}, says: '"plant" is required' },
    { values: { plant: 3 }, says: '"plant" does not take 3' },
    { values: { plant: "x", hours: 1.5 }, says: '"hours" does not take 1.5' },
    { values: { plant: "x", hours: 2 }, says: '"hours" must be one of 1' },
    { values: { plant: "x", loud: "yes" }, says: '"loud" does not take "yes"' },
    { values: { plant: "x", by: "ada" }, says: '"by" does not take "ada"' },
    { values: { plant: "x", nope: 1 }, says: 'no option "nope"' },
  ];
  it.each(wrong)("$values: $says", ({ values, says }) => {
    expect(() => toCommandData(command(plant, hours, loud, by), { path: [], values })).toThrow(says);
  });

  it.each([[[]], [["remove"]]])("the subcommands %o are none", (path) => {
    expect(() => toCommandData(command(add), { path, values: {} })).toThrow("Choose one of the subcommands add");
  });
});
