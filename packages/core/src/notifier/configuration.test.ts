import { describe, expect, it } from "vitest";
import { createFakeChannel } from "../../testing/fake-channel.ts";
import { createVirtualClock } from "../../testing/virtual-clock.ts";
import { quietNotifier } from "./notifier.fixture.ts";

const TOKEN = "x".repeat(68);
const url = (host: string, id = "123456789012345678") => `https://${host}/api/webhooks/${id}/${TOKEN}`;

// D1
describe("validateConfiguration", () => {
  it("says what leads where, without asking anybody", () => {
    const clock = createVirtualClock();
    const ops = createFakeChannel({ clock, label: "ops" });
    const audit = createFakeChannel({ clock, label: "audit" });
    const { notifier } = quietNotifier({
      clock,
      webhookUrl: ops,
      webhooks: { error: ops, security: audit },
      severities: { critical: audit },
      fallback: audit,
    });
    expect(notifier.validateConfiguration()).toEqual({
      ok: true,
      problems: [],
      destinations: [
        {
          destination: "default",
          kind: "fake",
          label: "ops",
          types: ["error"],
          severities: [],
          isDefault: true,
          fallback: "security",
        },
        {
          destination: "security",
          kind: "fake",
          label: "audit",
          types: ["security"],
          severities: ["critical"],
          isDefault: false,
          fallback: null,
        },
      ],
    });
    expect(ops.checks + audit.checks).toBe(0);
  });

  it("lists mistakes of the environment and of URLs, without their secrets", () => {
    const { notifier } = quietNotifier({
      webhookUrl: undefined as never,
      env: {
        DISCORD_WEBHOOK_URL: url("discord.com"),
        DISCORD_WEBHOOK_ERRORS: url("evil.example"),
        DISCORD_RATE_LIMIT: "many",
      },
    });
    const report = notifier.validateConfiguration();
    expect(report).toMatchObject({
      ok: false,
      problems: [
        expect.stringMatching(/^DISCORD_RATE_LIMIT is "many"/),
        expect.stringMatching(/^DISCORD_WEBHOOK_ERRORS .*evil\.example/),
      ],
      destinations: [{ destination: "default", kind: "discord-webhook", label: "Discord webhook 123456789012345678" }],
    });
    expect(JSON.stringify(report)).not.toContain(TOKEN);
  });

  it("says what is wrong, and not that nothing is configured, where all that is configured is of no use", () => {
    const { notifier } = quietNotifier({ webhookUrl: url("evil.example") });
    expect(notifier.validateConfiguration()).toMatchObject({
      ok: false,
      problems: [expect.stringMatching(/^The destination for default .*evil\.example/)],
      destinations: [],
    });
  });

  it("says when nothing is configured, unless notifications are off", () => {
    const { notifier } = quietNotifier({ webhookUrl: "" });
    expect(notifier.validateConfiguration()).toEqual({
      ok: false,
      problems: ["No destination is configured: set DISCORD_WEBHOOK_URL, or name one in the options."],
      destinations: [],
    });
    const off = quietNotifier({ webhookUrl: "", enabled: false }).notifier;
    expect(off.validateConfiguration()).toEqual({ ok: true, problems: [], destinations: [] });
  });
});
