import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { HOSTILE_TEXTS } from "../../../testing/hostile-texts.ts";
import { aNotification } from "../../../testing/notifications.ts";
import type { NotificationId } from "../../notification/notification.ts";
import { renderWebhookEvent } from "./event.ts";

const style = { service: "shop", withoutFiles: false };

describe("renderWebhookEvent", () => {
  it("says everything, in names that stay", () => {
    const notification = aNotification({
      ...{ id: "ntf_1" as NotificationId, createdAt: Date.UTC(2026, 0, 1, 10), type: "error", severity: "error" },
      ...{
        title: "Import failed",
        message: "a.csv is empty",
        fields: [{ name: "file", value: "a.csv", inline: true }],
      },
      blocks: [{ kind: "code", text: "at line 1", language: "sh" }],
      ...{ labels: { team: "data" }, mentions: ["@here"], content: "Look", url: "https://a.example/1", color: 0xff },
      ...{
        footer: { text: "night", iconUrl: null },
        thumbnail: "https://a.example/t.png",
        image: "https://a.example/i.png",
      },
      author: { name: "cron", url: "https://a.example/c", iconUrl: null },
      ...{
        timestamp: Date.UTC(2026, 0, 1, 9, 59),
        key: "import",
        phase: "firing",
        count: 3,
        firstAt: Date.UTC(2026, 0, 1, 9),
      },
      ...{ idempotencyKey: "i", priority: 20, expiresAt: Date.UTC(2026, 0, 2), format: "markdown" },
      files: [{ name: "a.txt", data: new TextEncoder().encode("hi"), contentType: "text/plain" }],
    });
    expect(JSON.parse(renderWebhookEvent(notification, style))).toEqual({
      type: "notification.created",
      timestamp: "2026-01-01T10:00:00.000Z",
      data: {
        version: 1,
        id: "ntf_1",
        service: "shop",
        type: "error",
        severity: "error",
        title: "Import failed",
        message: "a.csv is empty",
        text: expect.stringMatching(
          /^2026-01-01T09:59:00.000Z \[error\] error: Import failed\n {2}cron\n {2}3 times since /,
        ),
        fields: [{ name: "file", value: "a.csv", inline: true }],
        blocks: [{ kind: "code", text: "at line 1", language: "sh" }],
        labels: { team: "data" },
        mentions: ["@here"],
        content: "Look",
        url: "https://a.example/1",
        color: 255,
        footer: "night",
        author: { name: "cron", url: "https://a.example/c", icon_url: null },
        thumbnail: "https://a.example/t.png",
        image: "https://a.example/i.png",
        occurred_at: "2026-01-01T09:59:00.000Z",
        key: "import",
        phase: "firing",
        over: null,
        count: 3,
        first_at: "2026-01-01T09:00:00.000Z",
        priority: 20,
        expires_at: "2026-01-02T00:00:00.000Z",
        format: "markdown",
        files: [{ name: "a.txt", content_type: "text/plain", bytes: 2, base64: "aGk=" }],
      },
    });
  });

  it("has the same names when there is nothing to say", () => {
    const { data } = JSON.parse(renderWebhookEvent(aNotification({ title: null }), style));
    expect(data).toMatchObject({ title: null, labels: {}, footer: null, author: null, occurred_at: null, files: [] });
    expect(Object.keys(data)).toHaveLength(29);
  });

  it.each([
    ["a large one", { withoutFiles: false }, 1_048_577],
    ["any, when the receiver refused them", { withoutFiles: true }, 1],
  ])("names a file without carrying it: %s", (_, about, bytes) => {
    const files = [{ name: "log", data: new Uint8Array(bytes), contentType: null }];
    const { data } = JSON.parse(renderWebhookEvent(aNotification({ files }), { ...style, ...about }));
    expect(data.files).toEqual([{ name: "log", content_type: null, bytes, base64: null }]);
  });

  it("carries a file of up to a mebibyte, also when it is part of a larger buffer", () => {
    const whole = new Uint8Array(1_048_580).fill(65);
    const files = [{ name: "log", data: whole.subarray(2, 1_048_578), contentType: null }];
    const { data } = JSON.parse(renderWebhookEvent(aNotification({ files }), style));
    expect(Buffer.from(data.files[0].base64, "base64")).toEqual(Buffer.alloc(1_048_576, 65));
  });

  it.each(HOSTILE_TEXTS)("is JSON that any parser takes: %s", (_, text) => {
    const body = renderWebhookEvent(aNotification({ title: text, message: text, labels: { [text]: text } }), style);
    expect(JSON.parse(body).data.title).toBe(text.toWellFormed());
    expect(body).not.toMatch(/\\ud[89a-f]/i);
  });

  it("is the same text each time", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary-ascii" }), fc.option(fc.string()), (title, message) => {
        const notification = aNotification({ title, message });
        expect(renderWebhookEvent(notification, style)).toBe(renderWebhookEvent(structuredClone(notification), style));
      }),
    );
  });
});
