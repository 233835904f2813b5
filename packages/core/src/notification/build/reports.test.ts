import { describe, expect, it } from "vitest";
import { criticalNotification } from "./critical.ts";
import { monitoringNotification } from "./monitoring.ts";
import { accept, embedOf, inline, payloadOf, timestamp } from "./payload.fixture.ts";
import { securityNotification } from "./security.ts";
import { tracklistNotification } from "./tracklist.ts";

// D2
describe("criticalNotification", () => {
  it("pings @here, and says what suffers and what is to be done", () => {
    const input = criticalNotification({
      title: "Database down",
      message: "No answer for 60 s.",
      impact: "No orders",
      actionRequired: "Fail over",
    });
    expect(payloadOf(input)).toEqual({
      content: "@here",
      allowed_mentions: { parse: ["everyone"] },
      embeds: [
        {
          title: "Database down",
          description: "No answer for 60 s.",
          color: 0xe74c3c,
          fields: [
            { name: "Impact", value: "No orders", inline: false },
            { name: "Action required", value: "Fail over", inline: false },
          ],
          footer: { text: "shop Critical Alert" },
          timestamp,
        },
      ],
    });
    expect(accept(input)).toMatchObject({ severity: "critical", priority: 30 });
  });

  it("has no field for what it was not told", () => {
    expect(embedOf(criticalNotification({ title: "a", message: "b" }))).not.toHaveProperty("fields");
  });
});

// D2
describe("tracklistNotification", () => {
  it("has artists, source, number of tracks, duration and link", () => {
    const input = tracklistNotification({
      title: "Live at *Sunrise*",
      artists: ["Ana", "Bo_b"],
      source: "Radio 7",
      tracks: ["Ana – One", "Bo_b – Two"],
      durationMs: 3_723_000,
      url: "https://a.example/mix/1",
      cover: "https://a.example/1.png",
    });
    expect(embedOf(input)).toEqual({
      title: "Live at \\*Sunrise\\*",
      url: "https://a.example/mix/1",
      description: "1\\. Ana – One\n2\\. Bo_b – Two",
      color: 0x2ecc71,
      fields: [
        inline("Artists", "Ana, Bo_b"),
        inline("Source", "Radio 7"),
        inline("Tracks", "2"),
        inline("Duration", "1:02:03"),
        inline("Link", "https://a.example/mix/1"),
      ],
      thumbnail: { url: "https://a.example/1.png" },
      footer: { text: "shop Tracklist Alert" },
      timestamp,
    });
  });

  it("takes one artist, and a number without a list", () => {
    const { fields } = embedOf(
      tracklistNotification({ title: "t", artists: "Ana", trackCount: 12, durationMs: 65_000 }),
    );
    expect(fields).toEqual([inline("Artist", "Ana"), inline("Tracks", "12"), inline("Duration", "1:05")]);
  });
});

// D2
describe("monitoringNotification", () => {
  it("has metric, value, threshold and status", () => {
    const input = monitoringNotification({
      metric: "cpu_load",
      value: 93.5,
      threshold: 90,
      status: "critical",
      unit: "%",
    });
    expect(embedOf(input)).toEqual({
      title: "cpu_load: critical",
      description: "cpu_load is 93.5%, threshold 90%",
      color: 0x9b59b6,
      fields: [
        inline("Metric", "cpu_load"),
        inline("Value", "93.5%"),
        inline("Threshold", "90%"),
        inline("Status", "critical"),
      ],
      footer: { text: "shop Monitoring Alert" },
      timestamp,
    });
    expect(accept(input).labels).toEqual({ metric: "cpu_load" });
  });

  it.each([
    { status: "ok", severity: "info" },
    { status: "warning", severity: "warning" },
    { status: "critical", severity: "critical" },
  ] as const)("is of severity $severity when $status", ({ status, severity }) => {
    expect(accept(monitoringNotification({ metric: "m", value: 1, status })).severity).toBe(severity);
  });

  it.each([
    { value: 0.1 + 0.2, unit: "ms", shown: "m is 0.3 ms" },
    { value: "degraded", unit: undefined, shown: "m is degraded" },
    { value: 21, unit: "°C", shown: "m is 21°C" },
  ])("writes $value $unit as people do", ({ value, unit, shown }) => {
    expect(monitoringNotification({ metric: "m", value, unit, status: "ok" }).message).toBe(shown);
  });
});

// D2
describe("securityNotification", () => {
  it("has event, source, user, action and details", () => {
    const input = securityNotification({
      event: "Five failed logins",
      source: "203.0.113.7",
      user: "@everyone",
      action: "Blocked for an hour",
      details: "All within a minute.",
    });
    expect(payloadOf(input)).toEqual({
      allowed_mentions: { parse: [] },
      embeds: [
        {
          title: "Security: Five failed logins",
          description: "All within a minute.",
          color: 0xf39c12,
          fields: [
            inline("Source", "203.0.113.7"),
            inline("User", "@\u200beveryone"),
            inline("Action", "Blocked for an hour"),
          ],
          footer: { text: "shop Security Alert" },
          timestamp,
        },
      ],
    });
    expect(accept(input).severity).toBe("error");
  });
});
