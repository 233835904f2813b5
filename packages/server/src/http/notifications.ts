/** `POST /api/notifications`: what an application has to tell, handed to the notifier. */
import type { NotificationInput } from "@tocsin/core/stages";
import type { z } from "zod";
import type { AlertSink } from "../greenhouse/alert-sink.ts";
import { acceptedNotification, notificationBody } from "./contract.ts";
import type { Http } from "./server.ts";

export function notificationRoutes(http: Http, { sink }: { readonly sink: AlertSink }): void {
  const schema = { tags: ["notifications"], body: notificationBody, response: { 202: acceptedNotification } };
  http.post("/api/notifications", { schema }, async (request, reply) => {
    const { id } = sink.notify(toInput(request.body));
    return reply.code(202).send({ id });
  });
}

function toInput(body: z.infer<typeof notificationBody>): NotificationInput {
  const {
    idempotency_key: idempotencyKey,
    expires_at: expiresAt,
    at_most_once: atMostOnce,
    mentions,
    footer,
    author,
    ...same
  } = body;
  return {
    ...same,
    idempotencyKey,
    expiresAt,
    atMostOnce,
    // Whatever is no mention is left out by the library.
    mentions: mentions as NotificationInput["mentions"],
    footer: typeof footer === "object" && footer !== null ? { text: footer.text, iconUrl: footer.icon_url } : footer,
    author: author && { name: author.name, url: author.url, iconUrl: author.icon_url },
  };
}
