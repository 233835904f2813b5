/** What an application has to tell, and the answer. */
import { SEVERITIES } from "@tocsin/core";
import { toMention, toInstant as toTime } from "@tocsin/core/stages";
import { z } from "zod";
import { quietHours } from "./preferences.ts";

/** Discord's most per message. */
const MAX_FILES = 10;
/** Discord's most per file, 10 MiB, in base64, and 2 MiB for the rest. */
export const MAX_NOTIFICATION_BYTES = 16 * 1_024 * 1_024;

const idempotencyKey = z.string().trim().min(1).max(255);

const mention = z.string().refine((text) => toMention(text) !== null, {
  error: "is no mention: write @here, @everyone, user:<id> or role:<id>",
});

const time = z.union([z.string(), z.number()]).refine((value) => toTime(value) !== null, {
  error: "is no time: write 2026-01-31T12:00:00Z, or milliseconds since 1970",
});

const file = z.strictObject({
  name: z.string().min(1).max(255),
  content_type: z
    .string()
    .max(255)
    .optional()
    .meta({ examples: ["text/plain"] }),
  // No expression with groups: on megabytes it would exhaust the stack.
  data: z
    .string()
    .refine((text) => !/[^A-Za-z0-9+/=_-]/.test(text), { error: "must be base64" })
    .meta({ contentEncoding: "base64" }),
});

export const notificationHeaders = z.object({
  "idempotency-key": idempotencyKey.optional().meta({
    description:
      "A name of your own for this request. The same name within 24 hours gets the first answer again, and nothing is sent " +
      "twice, also when the server was restarted in between.",
  }),
});

export const notificationBody = z
  .strictObject({
    type: z
      .string()
      .min(1)
      .max(100)
      .optional()
      .meta({ examples: ["error"] }),
    severity: z.enum(SEVERITIES).optional(),
    title: z.string().optional(),
    message: z.string().optional(),
    fields: z
      .union([
        z.record(z.string(), z.unknown()),
        z.array(z.object({ name: z.unknown(), value: z.unknown(), inline: z.boolean().optional() })),
      ])
      .optional(),
    labels: z.record(z.string(), z.string()).optional(),
    mentions: z.array(mention).optional().meta({ description: "`@here`, `@everyone`, `user:<id>`, `role:<id>`." }),
    content: z.string().optional(),
    url: z.string().optional(),
    color: z.int().min(0).max(0xffffff).optional(),
    footer: z.union([z.string(), z.strictObject({ text: z.string(), icon_url: z.string().optional() })]).nullish(),
    author: z
      .strictObject({ name: z.string(), url: z.string().optional(), icon_url: z.string().optional() })
      .optional(),
    thumbnail: z.string().optional(),
    image: z.string().optional(),
    timestamp: time.nullish(),
    key: z
      .string()
      .optional()
      .meta({ description: "Same key, same matter: a newer one replaces one that still waits." }),
    phase: z.enum(["firing", "resolved"]).optional().meta({ description: "Together with `key`: beginning or end." }),
    idempotency_key: idempotencyKey.optional().meta({ description: "As the header `Idempotency-Key`, which wins." }),
    priority: z.number().optional(),
    quiet_hours: quietHours
      .optional()
      .meta({ description: "When it waits, to be told in a summary at their end; critical goes at once." }),
    expires_at: time.optional(),
    at_most_once: z.boolean().optional(),
    format: z.enum(["text", "markdown"]).optional(),
    files: z.array(file).max(MAX_FILES).optional(),
  })
  .refine(saysSomething, { error: "says nothing; give at least a title or a message" });

/** What only describes a notification is none. The end of a matter may be told by its key alone. */
function saysSomething(body: Readonly<Record<string, unknown>>): boolean {
  return ["title", "message", "content", "fields", "files", "image", "thumbnail", "key"].some((name) => {
    const part = body[name] ?? "";
    if (typeof part === "string" || Array.isArray(part)) return part.length > 0;
    return Object.keys(part).length > 0;
  });
}

export const acceptedNotification = z
  .object({ id: z.string().meta({ description: "GET /api/notifications/{id} tells what becomes of it." }) })
  .meta({ id: "AcceptedNotification" });
