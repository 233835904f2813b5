import { expect, it } from "vitest";
import { isSnowflake, readBotApi, shortId } from "./target.ts";

it.each([
  ["https://discord.com/api", "https://discord.com", "/api/v10"],
  ["https://canary.discord.com/api/v9/", "https://discord.com", "/api/v10"],
  ["http://127.0.0.1:7000", "http://127.0.0.1:7000", "/api/v10"],
  ["http://127.0.0.1:7000/api/v10", "http://127.0.0.1:7000", "/api/v10"],
  ["http://127.0.0.1:7000/discord/api", "http://127.0.0.1:7000", "/discord/api/v10"],
])("the API at %s is asked in version 10", (text, origin, base) => {
  expect(readBotApi(text, ["127.0.0.1:7000"])).toEqual({ ok: true, api: { origin, base } });
});

it.each([
  ["discord", /is no address/],
  ["ftp://discord.com/api", /is no address/],
  ["http://10.0.0.1/api", /names 10\.0\.0\.1, which is not Discord: list it in DISCORD_ALLOWED_HOSTS/],
])("%s is no address of the API", (text, problem) => {
  expect(readBotApi(text, ["127.0.0.1:7000"])).toEqual({ ok: false, problem: expect.stringMatching(problem) });
});

it("an id is shown by its last digits alone", () => {
  expect(shortId("123456789012345678")).toBe("…5678");
});

it.each([
  ["123456789012345678", true],
  ["1234567890123456789012", false],
  ["#alerts", false],
  ["", false],
])("%j as an id: %s", (text, is) => {
  expect(isSnowflake(text)).toBe(is);
});
