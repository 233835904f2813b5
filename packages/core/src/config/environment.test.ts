import { describe, expect, it } from "vitest";
import { readEnvironment } from "./environment.ts";

describe("readEnvironment", () => {
  it("has nothing to complain of when nothing is set", () => {
    const { settings, problems } = readEnvironment({});
    expect(problems).toEqual([]);
    expect(settings).toMatchObject({ enabled: true, webhookUrl: null, timeoutMs: null, logLevel: "info" });
    expect(settings.webhooks.size).toBe(0);
  });

  it("finds a webhook for each type, the plural of ERRORS and own types included", () => {
    const { settings } = readEnvironment({
      DISCORD_WEBHOOK_URL: "u0",
      DISCORD_WEBHOOK_GENERAL: "u1",
      DISCORD_WEBHOOK_ERRORS: "u2",
      DISCORD_WEBHOOK_HARVEST: "u3",
      DISCORD_WEBHOOK_SECURITY: " ",
      DISCORD_WEBHOOK_SEVERITY_CRITICAL: "u4",
    });
    expect(settings.webhookUrl).toBe("u0");
    expect([...settings.webhooks]).toEqual([
      ["general", "u1"],
      ["error", "u2"],
      ["harvest", "u3"],
    ]);
    expect([...settings.severities]).toEqual([["critical", "u4"]]);
  });

  it("reads every number in the unit that its name says", () => {
    const { settings, problems } = readEnvironment({
      DISCORD_RATE_LIMIT: "20",
      DISCORD_RETRY_ATTEMPTS: "5",
      DISCORD_TIMEOUT_SECONDS: "2.5",
      DISCORD_QUEUE_SIZE: "250",
      DISCORD_RECOVERY: "Both",
    });
    expect(problems).toEqual([]);
    expect(settings).toMatchObject({ rateLimitPerMinute: 20, maxAttempts: 5, timeoutMs: 2_500, queueSize: 250 });
  });

  it.each([
    [{ DISCORD_RATE_LIMIT: "many" }, /^DISCORD_RATE_LIMIT is "many": write a whole number from 1/],
    [{ DISCORD_RETRY_ATTEMPTS: "0" }, /^DISCORD_RETRY_ATTEMPTS is "0"/],
    [{ DISCORD_RECOVERY: "reply" }, /^DISCORD_RECOVERY is "reply": use one of new, edit, answer, both$/],
    [{ DISCORD_QUEUE_SIZE: "1.5" }, /^DISCORD_QUEUE_SIZE is "1.5"/],
    [{ DISCORD_TIMEOUT_SECONDS: "-1" }, /^DISCORD_TIMEOUT_SECONDS is "-1": write a number/],
    [{ DISCORD_NOTIFICATIONS_ENABLED: "maybe" }, /write true or false/],
    [{ LOG_LEVEL: "loud" }, /^LOG_LEVEL is "loud": use one of debug, info/],
    [{ DISCORD_ALLOWED_HOSTS: "http://x" }, /^DISCORD_ALLOWED_HOSTS lists "http:\/\/x": write host:port/],
    [{ DISCORD_WEBHOOK_SEVERITY_LOUD: "u" }, /names no severity/],
  ])("names the variable and the remedy for %j, and goes on with the default", (env, problem) => {
    const { problems, settings } = readEnvironment(env);
    expect(problems).toEqual([expect.stringMatching(problem)]);
    expect(settings).toEqual(readEnvironment({}).settings);
  });

  it.each(["false", "0", "no", "OFF"])("is turned off by %s", (word) => {
    expect(readEnvironment({ DISCORD_NOTIFICATIONS_ENABLED: word }).settings.enabled).toBe(false);
  });
});
