import { describe, expect, it } from "vitest";
import { idOf, idsOf, setUpBot } from "../../testing/bot-client.ts";

const status = { name: "status", description: "How is it?" };

describe("commands", () => {
  it("are made, listed, changed, replaced and deleted, globally and in the guild", async () => {
    await using at = await setUpBot();
    const path = `/applications/${at.bot.id}/commands`;
    const inGuild = `/applications/${at.bot.id}/guilds/${at.emulator.guildId}/commands`;
    const id = idOf(await at.ask("POST", path, status));
    expect(idOf(await at.ask("POST", path, { ...status, description: "Again" }))).toBe(id);
    expect((await at.ask("GET", `${path}/${id}`)).body).toMatchObject({ description: "Again", type: 1 });
    expect((await at.ask("PATCH", `${path}/${id}`, { description: "Third" })).body).toMatchObject({
      id,
      name: "status",
      description: "Third",
    });
    const put = await at.ask("PUT", inGuild, [status, { ...status, name: "alerts" }]);
    expect(put.body).toMatchObject([{ guild_id: at.emulator.guildId }, { name: "alerts" }]);
    const [kept] = idsOf(await at.ask("PUT", inGuild, [status]));
    expect(kept).toBe(idsOf(put)[0]);
    expect(at.emulator.commands().map(({ name, guildId }) => [name, guildId])).toEqual([
      ["status", null],
      ["status", at.emulator.guildId],
    ]);
    at.clock.advance(5_000);
    await at.ask("DELETE", `${path}/${id}`);
    expect((await at.ask("GET", `${path}/${id}`)).body).toMatchObject({ code: 10063 });
  });

  it("of another application are none of its business", async () => {
    await using at = await setUpBot();
    const other = at.emulator.createBot({ name: "Other" });
    const { status: code, body } = await at.ask("GET", `/applications/${other.id}/commands`);
    expect([code, body]).toMatchObject([403, { code: 20012 }]);
  });

  const option = { type: 3, name: "plant", description: "Which" };
  it.each([
    { name: "without a description", command: { name: "x" }, path: "description", code: "BASE_TYPE_REQUIRED" },
    {
      name: "in capitals",
      command: { ...status, name: "Status" },
      path: "name",
      code: "APPLICATION_COMMAND_INVALID_NAME",
    },
    {
      name: "of two words",
      command: { ...status, name: "a b" },
      path: "name",
      code: "APPLICATION_COMMAND_INVALID_NAME",
    },
    {
      name: "with an option that is required after one that is not",
      command: { ...status, options: [option, { ...option, name: "b", required: true }] },
      path: "options.1",
      code: "APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID",
    },
    {
      name: "with 26 options",
      command: { ...status, options: Array.from({ length: 26 }, (_, at) => ({ ...option, name: `o${at}` })) },
      path: "options",
      code: "BASE_TYPE_MAX_LENGTH",
    },
    {
      name: "of more than 8,000 characters",
      command: {
        ...status,
        options: [
          {
            ...option,
            choices: Array.from({ length: 25 }, (_, at) => ({
              name: `${at}`.padEnd(100, "n"),
              value: "v".repeat(300),
            })),
          },
        ],
      },
      path: "",
      code: "APPLICATION_COMMAND_TOO_LARGE",
    },
  ])("$name are refused", async ({ command, path, code }) => {
    await using at = await setUpBot();
    const { body } = await at.ask("POST", `/applications/${at.bot.id}/commands`, command);
    const keys = path === "" ? [] : path.split(".");
    expect(body).toHaveProperty(["errors", ...keys, "_errors", 0, "code"], code);
  });

  it("of one name twice, and more than a hundred, are refused as a whole", async () => {
    await using at = await setUpBot();
    const path = `/applications/${at.bot.id}/commands`;
    const twice = await at.ask("PUT", path, [status, status]);
    expect(twice.body).toHaveProperty(["errors", "1", "_errors", 0, "code"], "APPLICATION_COMMANDS_DUPLICATE_NAME");
    const many = Array.from({ length: 101 }, (_, at101) => ({ ...status, name: `c${at101}` }));
    expect((await at.ask("PUT", path, many)).body).toMatchObject({ code: 30032 });
    expect((await at.ask("PUT", path, many.slice(1))).status).toBe(200);
    expect((await at.ask("POST", path, { ...status, name: "another" })).body).toMatchObject({ code: 30032 });
  });
});
