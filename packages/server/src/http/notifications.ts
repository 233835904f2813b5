/** `POST /api/notifications`: what an application has to tell, handed to the notifier. */
import type { AlertSink } from "../greenhouse/alert-sink.ts";
import { acceptedNotification, failures, notificationBody } from "./contract.ts";
import { toNotificationInput } from "./notification-input.ts";
import type { Http } from "./server.ts";

export function notificationRoutes(http: Http, { sink }: { readonly sink: AlertSink }): void {
  const schema = {
    tags: ["notifications"],
    body: notificationBody,
    response: { 202: acceptedNotification, ...failures },
  };
  http.post("/api/notifications", { schema }, async (request, reply) => {
    const { id } = sink.notify(toNotificationInput(request.body));
    return reply.code(202).send({ id });
  });
}
