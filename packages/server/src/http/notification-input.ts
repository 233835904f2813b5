/** A notification in the words of the API (snake_case), in those of the library. */
import type { NotificationInput } from "@tocsin/core/stages";
import type { z } from "zod";
import type { notificationBody } from "./contract/notification.ts";

export function toNotificationInput(body: z.infer<typeof notificationBody>): NotificationInput {
  const { idempotency_key: idempotencyKey, expires_at: expiresAt, at_most_once: atMostOnce, ...rest } = body;
  const { quiet_hours: quietHours, mentions, footer, author, files, ...same } = rest;
  return {
    ...same,
    idempotencyKey,
    expiresAt,
    atMostOnce,
    quietHours,
    // Each is one: the contract has seen to that.
    mentions: mentions as NotificationInput["mentions"],
    footer: typeof footer === "object" && footer !== null ? { text: footer.text, iconUrl: footer.icon_url } : footer,
    files: files?.map(({ name, content_type: contentType, data }) => ({
      name,
      contentType,
      data: Buffer.from(data, "base64"),
    })),
    author: author && { name: author.name, url: author.url, iconUrl: author.icon_url },
  };
}
