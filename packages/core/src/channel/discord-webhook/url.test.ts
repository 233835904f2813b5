import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseWebhookUrl } from "./url.ts";

const ID = "1403872946109284352";
/** 68 characters, as Discord's are. */
const TOKEN = "x7Qe-Wm_3TfPz0aLs9dKcVbNq2RgHyUjIoX5t8E1wYk4vZn6MpBrGhFiCuDlAsOJ_-9Z";
const PATH = `/api/v10/webhooks/${ID}/${TOKEN}`;
const official = {
  id: ID,
  token: TOKEN,
  threadId: null,
  origin: "https://discord.com",
  path: PATH,
  label: `Discord webhook ${ID}`,
};

function problemOf(input: string, allowedHosts: readonly string[] = []): string {
  const result = parseWebhookUrl(input, { allowedHosts });
  expect(result.ok).toBe(false);
  return result.ok ? "" : result.problem;
}

const NO_PARAMETERS = { recovery: null, tags: [] };

describe("parseWebhookUrl", () => {
  it.each([
    ["as Discord's button copies it, without a version", `https://discord.com/api/webhooks/${ID}/${TOKEN}`],
    ["version 10", `https://discord.com/api/v10/webhooks/${ID}/${TOKEN}`],
    ["version 6", `https://discord.com/api/v6/webhooks/${ID}/${TOKEN}`],
    ["the public test build", `https://ptb.discord.com/api/webhooks/${ID}/${TOKEN}`],
    ["the canary build", `https://canary.discord.com/api/v9/webhooks/${ID}/${TOKEN}`],
    ["the old domain", `https://discordapp.com/api/webhooks/${ID}/${TOKEN}`],
    ["a build at the old domain", `https://ptb.discordapp.com/api/webhooks/${ID}/${TOKEN}`],
    ["capitals in the host", `https://Discord.COM/api/webhooks/${ID}/${TOKEN}`],
    ["a port that https implies", `https://discord.com:443/api/webhooks/${ID}/${TOKEN}`],
    ["a slash at the end", `https://discord.com/api/webhooks/${ID}/${TOKEN}/`],
    ["wait and other parameters", `https://discord.com/api/webhooks/${ID}/${TOKEN}?wait=true&with_components=1#top`],
    ["spaces around it", `  https://discord.com/api/webhooks/${ID}/${TOKEN}\n`],
    ["quotes around it", `"https://discord.com/api/webhooks/${ID}/${TOKEN}"`],
    ["curly quotes around it", `\u201chttps://discord.com/api/webhooks/${ID}/${TOKEN}\u201d`],
    ["angle brackets around it", `<https://discord.com/api/webhooks/${ID}/${TOKEN}>`],
    ["no scheme", `discord.com/api/webhooks/${ID}/${TOKEN}`],
    ["Apprise", `discord://${ID}/${TOKEN}`],
    ["Apprise with a name and options", `discord://Bot@${ID}/${TOKEN}/?tts=no&footer=yes`],
    ["Shoutrrr", `discord://${TOKEN}@${ID}`],
    ["Shoutrrr with options", `discord://${TOKEN}@${ID}/?splitLines=no`],
    ["Shoutrrr raw", `discord://${TOKEN}@${ID}/raw`],
  ])("brings into the one form that is used: %s", (_, input) => {
    expect(parseWebhookUrl(input)).toEqual({ ok: true, target: official, parameters: NO_PARAMETERS, notes: [] });
  });

  it.each([
    `https://discord.com/api/webhooks/${ID}/${TOKEN}?wait=true&thread_id=77`,
    `discord://${ID}/${TOKEN}/?thread=77`,
    `discord://${TOKEN}@${ID}?thread_id=77`,
  ])("keeps the thread: %s", (input) => {
    expect(parseWebhookUrl(input)).toMatchObject({
      ok: true,
      target: { threadId: "77", path: PATH, label: `Discord webhook ${ID} thread 77` },
    });
  });

  it.each(["slack", "github"])("leaves /%s out and says so", (dialect) => {
    const result = parseWebhookUrl(`https://discord.com/api/webhooks/${ID}/${TOKEN}/${dialect}`);
    expect(result).toMatchObject({ ok: true, target: { path: PATH }, notes: [expect.stringContaining(`/${dialect}`)] });
  });

  it("leaves thread_name out and says so", () => {
    const result = parseWebhookUrl(`https://discord.com/api/webhooks/${ID}/${TOKEN}?thread_name=Alerts`);
    expect(result).toMatchObject({
      ok: true,
      target: { threadId: null },
      notes: [expect.stringContaining("thread_name")],
    });
  });

  it.each([
    ["nothing", "", /empty: copy it in Discord/],
    ["quotes around nothing", ' "" ', /empty/],
    ["a space inside", `https://discord.com/api/webhooks/${ID} /${TOKEN}`, /contains a space/],
    ["two URLs", `https://discord.com/api/webhooks/1/a\nhttps://discord.com/api/webhooks/2/b`, /line break/],
    ["no URL at all", "https://", /is not a URL: it should look like https:/],
    [
      "another scheme",
      `ftp://discord.com/api/webhooks/${ID}/${TOKEN}`,
      /starts with ftp:\/\/ where https:\/\/ is needed/,
    ],
    ["a token where the scheme should be", `${TOKEN.replaceAll("_", "-")}://discord.com`, /starts with/],
    ["http", `http://discord.com/api/webhooks/${ID}/${TOKEN}`, /https:\/\/ only/],
    [
      "another host",
      `https://example.org/api/webhooks/${ID}/${TOKEN}`,
      /points to example\.org:443, .*DISCORD_ALLOWED_HOSTS/,
    ],
    ["a host that ends like Discord's", `https://evildiscord.com/api/webhooks/${ID}/${TOKEN}`, /evildiscord\.com:443/],
    [
      "a host that begins like Discord's",
      `https://discord.com.evil.example/api/webhooks/${ID}/${TOKEN}`,
      /evil\.example:443/,
    ],
    ["a host in look-alike letters", `https://dіscord.com/api/webhooks/${ID}/${TOKEN}`, /points to xn--/],
    [
      "Discord as the user name",
      `https://discord.com@evil.example/api/webhooks/${ID}/${TOKEN}`,
      /points to evil\.example:443/,
    ],
    ["a user name", `https://me@discord.com/api/webhooks/${ID}/${TOKEN}`, /user name/],
    ["another port of Discord", `https://discord.com:8443/api/webhooks/${ID}/${TOKEN}`, /points to discord\.com:8443/],
    ["a channel's link", "https://discord.com/channels/1/2", /not the URL of a webhook/],
    ["something before /api", `https://discord.com/x/api/webhooks/${ID}/${TOKEN}`, /not the URL of a webhook/],
    ["no id", "https://discord.com/api/webhooks", /has no id/],
    ["no id in the short form", `discord:///${TOKEN}`, /has no id/],
    ["an id that is no number", `https://discord.com/api/webhooks/abc/${TOKEN}`, /id that is not a number/],
    ["id and token exchanged", `https://discord.com/api/webhooks/${TOKEN}/${ID}`, /id that is not a number/],
    ["no token", `https://discord.com/api/webhooks/${ID}`, /no token .* cut off/],
    ["no token after the slash", `https://discord.com/api/webhooks/${ID}/`, /no token/],
    ["no token in Apprise's form", `discord://${ID}/`, /no token/],
    ["a percent sign in the token", `https://discord.com/api/webhooks/${ID}/${TOKEN}%20x`, /no token has/],
    ["a message's URL", `https://discord.com/api/webhooks/${ID}/${TOKEN}/messages/5`, /goes on after the token/],
    [
      "a thread that is no number",
      `https://discord.com/api/webhooks/${ID}/${TOKEN}?thread_id=alerts`,
      /thread_id that is not a number/,
    ],
  ])("refuses, saying what to do, and without the token: %s", (_, input, problem) => {
    const text = problemOf(input);
    expect(text).toMatch(problem);
    expect(text.toLowerCase()).not.toContain(TOKEN.slice(0, 8).toLowerCase());
  });

  it.each([
    ["host and port", "http://127.0.0.1:8090", "127.0.0.1:8090"],
    ["capitals", "http://Relay:8090", "RELAY:8090"],
    ["IPv6", "http://[::1]:8090", "[::1]:8090"],
    ["the scheme's own port, named", "https://relay.example", "relay.example:443"],
    ["the scheme's own port, not named", "http://relay.example", "relay.example"],
    ["a whole URL in the list", "http://relay.example:81", "http://relay.example:81/"],
  ])("takes a listed host, over http too: %s", (_, base, entry) => {
    const result = parseWebhookUrl(`${base}/api/webhooks/${ID}/${TOKEN}`, { allowedHosts: ["other:1", ` ${entry} `] });
    const origin = new URL(base).origin;
    expect(result).toMatchObject({
      ok: true,
      target: { origin, path: PATH, label: `Discord webhook ${ID} at ${new URL(base).host}` },
    });
  });

  it.each([
    ["another port", "http://127.0.0.1:8091", "127.0.0.1:8090"],
    ["a port where none is listed", "http://relay.example:81", "relay.example"],
    ["an empty entry", "http://relay.example", " "],
    ["https listed by port, http asked", "http://relay.example", "relay.example:443"],
  ])("does not take a host that is not the listed one: %s", (_, base, entry) => {
    expect(problemOf(`${base}/api/webhooks/${ID}/${TOKEN}`, [entry])).toMatch(/which is not Discord/);
  });

  it("keeps what a listed host has before /api", () => {
    const result = parseWebhookUrl(`https://relay.example/discord/api/webhooks/${ID}/${TOKEN}`, {
      allowedHosts: ["relay.example"],
    });
    expect(result).toMatchObject({ ok: true, target: { path: `/discord${PATH}` } });
  });

  it("answers any text, and shows the token of none", () => {
    const part = fc.oneof(
      fc.constantFrom(
        "https://",
        "http://",
        "discord://",
        "discord.com",
        "/api",
        "/v10",
        "/webhooks/",
        ID,
        TOKEN,
        "@",
        "?thread_id=",
        " ",
        ":",
        "%",
        "#",
      ),
      fc.string({ maxLength: 8 }),
    );
    fc.assert(
      fc.property(fc.array(part, { maxLength: 10 }), (parts) => {
        const result = parseWebhookUrl(parts.join(""), { allowedHosts: ["relay:1"] });
        if (!result.ok) expect(result.problem.toLowerCase()).not.toContain(TOKEN.slice(0, 20).toLowerCase());
      }),
      { numRuns: 2_000 },
    );
  });
});
