import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { DISCORD_USER_AGENT, USER_AGENT } from "./user-agent.ts";

const { version } = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8"));

it("names this version, to Discord in the form that it asks for", () => {
  expect(DISCORD_USER_AGENT).toBe(`DiscordBot (https://github.com/tocsin/tocsin, ${version})`);
  expect(USER_AGENT).toBe(`Tocsin/${version} (+https://github.com/tocsin/tocsin)`);
});
