import { describe, expect, it } from "vitest";
import { summariseConfiguration } from "./redact-configuration.ts";

const SECRET = "hunter2-9f8e7d6c5b4a";
const JWT = `eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.${SECRET}abcdefghijklmnop`;

/** Name and value of each field. */
function summaryOf(config: unknown): unknown[][] {
  return summariseConfiguration(config).map(({ name, value }) => [name, value]);
}

describe("a configuration summary", () => {
  it("has a line per setting, nested ones under their path", () => {
    const config = {
      port: 8080,
      debug: false,
      displays: ["hall", "lab"],
      poll: { everyMs: 60_000, url: "http://bus.local/api" },
    };
    expect(summaryOf(config)).toEqual([
      ["port", "8080"],
      ["debug", "false"],
      ["displays", "hall, lab"],
      ["poll.everyMs", "60000"],
      ["poll.url", "http://bus.local/api"],
    ]);
  });

  it.each([
    "password",
    "DB_PASSWORD",
    "dbPass",
    "apiKey",
    "API_KEY",
    "secret",
    "clientSecret",
    "bot_token",
    "DISCORD_BOT_TOKEN",
    "webhookUrl",
    "auth",
    "credentials",
    "privateKey",
    "connectionString",
    "DATABASE_URL",
    "redisUrl",
    "cookie",
    "sentryDsn",
    "encryptionKey",
    "pin",
  ])("masks what is called %s", (name) => {
    expect(summaryOf({ [name]: SECRET })).toEqual([[name, "***"]]);
    expect(summaryOf({ [name]: { inner: SECRET, list: [SECRET] } })).toEqual([[name, "***"]]);
    expect(
      JSON.stringify(summaryOf({ list: [{ [name]: SECRET }], a: { b: { c: { [name]: SECRET } } } })),
    ).not.toContain("hunter2");
  });

  it.each([
    `https://discord.com/api/webhooks/123456789012345678/${SECRET}`,
    `postgres://tocsin:${SECRET}@db.local:5432/tocsin`,
    `redis://:${SECRET}@cache`,
    `amqp://user:p@ss/${SECRET}@mq.local/vhost`,
    `https://${SECRET}@api.example/v1`,
    `Server=db;Uid=sa;Password=${SECRET};Encrypt=yes`,
    `DefaultEndpointsProtocol=https;AccountKey=${SECRET}==`,
    `Bearer ${SECRET}`,
    `Authorization: Basic ${SECRET}`,
    `curl -H 'x-api-key: ${SECRET}'`,
    `https://api.example/weather?appid=1&token=${SECRET}`,
    `{"password": "${SECRET}"}`,
    JWT,
    `sk_live_${SECRET}`,
    `-----BEGIN PRIVATE KEY-----\n${SECRET}\n-----END PRIVATE KEY-----`,
  ])("masks what looks like a secret under a harmless name: %s", (value) => {
    for (const config of [{ setting: value }, { list: [value] }, { list: [{ setting: value }] }, value]) {
      const text = JSON.stringify(summaryOf(config));
      expect(text).not.toContain("hunter2");
      expect(text).toContain("***");
    }
  });

  it("shows whether a secret is set at all", () => {
    expect(summaryOf({ token: "", password: null, authEnabled: true, author: "Ada" })).toEqual([
      ["token", "not set"],
      ["password", "not set"],
      ["authEnabled", "true"],
      ["author", "Ada"],
    ]);
  });

  it("never throws and stays bounded, whatever it is given", () => {
    const loop: Record<string, unknown> = { name: "loop" };
    loop["self"] = loop;
    const many = Object.fromEntries(Array.from({ length: 1_000 }, (_, n) => [`s${n}`, n]));
    const hostile = new Proxy(
      {},
      {
        ownKeys: () => {
          throw new Error("ownKeys");
        },
      },
    );
    expect(summaryOf(many)).toHaveLength(100);
    expect(JSON.stringify(summaryOf({ text: "x".repeat(1e6) })).length).toBeLessThan(1_100);
    expect(summaryOf(hostile)).toEqual([["Configuration", "[unreadable]"]]);
    for (const config of [loop, new Map(), null, undefined, 1n, Symbol("x"), [loop]]) {
      expect(() => summaryOf(config)).not.toThrow();
    }
  });
});
