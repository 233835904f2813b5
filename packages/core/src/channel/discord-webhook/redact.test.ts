import { describe, expect, it } from "vitest";
import { redactWebhookUrls } from "./redact.ts";

const ID = "1403872946109284352";
const TOKEN = "x7Qe-Wm_3TfPz0aLs9dKcVbNq2RgHyUjIoX5t8E1wYk4vZn6MpBrGhFiCuDlAsOJ_-9Z";

describe("redactWebhookUrls", () => {
  it.each([
    [
      "a URL",
      `see https://discord.com/api/webhooks/${ID}/s3cret-Token?wait=1.`,
      `see https://discord.com/api/webhooks/${ID}/***?wait=1.`,
    ],
    ["another host", `http://localhost:8090/api/v10/webhooks/1/abc`, `http://localhost:8090/api/v10/webhooks/1/***`],
    ["a path alone", `POST /api/webhooks/${ID}/s3cret/slack 404`, `POST /api/webhooks/${ID}/***/slack 404`],
    [
      "JSON with escaped slashes",
      `{"u":"https:\\/\\/discord.com\\/api\\/webhooks\\/1\\/s3cret"}`,
      `{"u":"https:\\/\\/discord.com\\/api\\/webhooks\\/1\\/***"}`,
    ],
    [
      "percent-encoded",
      `?url=https%3A%2F%2Fdiscord.com%2Fapi%2Fwebhooks%2F1%2Fs3cret&x=1`,
      `?url=https%3A%2F%2Fdiscord.com%2Fapi%2Fwebhooks%2F1%2F***&x=1`,
    ],
    ["a placeholder where the id should be", "webhooks/my-id/s3cret", "webhooks/my-id/***"],
    ["Apprise", `discord://${ID}/s3cret/?tts=no`, `discord://${ID}/***/?tts=no`],
    ["Apprise with a name", `discord://Bot@${ID}/s3cret`, `discord://***@${ID}/***`],
    ["Shoutrrr", `discord://s3cret@${ID}?thread_id=7`, `discord://***@${ID}?thread_id=7`],
    ["a token on its own", `token=${TOKEN};`, "token=***;"],
    ["several", `/webhooks/1/aa /webhooks/2/bb`, "/webhooks/1/*** /webhooks/2/***"],
  ])("takes the token out of %s", (_, text, safe) => {
    expect(redactWebhookUrls(text)).toBe(safe);
  });

  it.each([
    ["plain words", "The webhook was deleted, see docs/webhooks/ for help."],
    ["a line of dashes", "-".repeat(68)],
    ["a SHA-256 sum", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"],
    ["other URLs", "https://example.org/a/b?c=d"],
  ])("leaves %s alone", (_, text) => {
    expect(redactWebhookUrls(text)).toBe(text);
  });

  it("takes a time that grows with the text, not with its square", () => {
    const text = "webhooks/".repeat(20_000) + "discord://".repeat(20_000);
    const startedAt = performance.now();
    redactWebhookUrls(text);
    expect(performance.now() - startedAt).toBeLessThan(1_000);
  });
});
