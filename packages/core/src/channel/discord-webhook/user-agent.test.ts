import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { DEFAULT_USER_AGENT } from "./user-agent.ts";

it("names this version, in the form that Discord asks for", () => {
  const { version } = JSON.parse(readFileSync(new URL("../../../package.json", import.meta.url), "utf8"));
  expect(DEFAULT_USER_AGENT).toBe(`DiscordBot (https://github.com/tocsin/tocsin, ${version})`);
});
