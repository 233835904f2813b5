/** `POST /api/notifications`: what an application has to tell. It is answered when it is on the disk. */
import { createHash } from "node:crypto";
import type { z } from "zod";
import type { Acceptance, Accepter, Idempotency } from "../notify/acceptance.ts";
import {
  acceptedNotification,
  MAX_NOTIFICATION_BYTES,
  notificationBody,
  notificationHeaders,
} from "./contract/notification.ts";
import { failures } from "./contract/shared.ts";
import { toNotificationInput } from "./notification-input.ts";
import { ProblemError } from "./problems.ts";
import type { Http } from "./server.ts";

export function notificationRoutes(http: Http, { accepter }: { readonly accepter: Accepter }): void {
  const schema = {
    tags: ["notifications"],
    description:
      "202 says that it is durable: it will be sent even if the server is killed now. 503 says that it was not taken.",
    headers: notificationHeaders,
    body: notificationBody,
    response: { 202: acceptedNotification, ...failures },
  };
  http.post(
    "/api/notifications",
    { schema, bodyLimit: MAX_NOTIFICATION_BYTES },
    async ({ headers, body: given }, reply) => {
      const key = headers["idempotency-key"] ?? given.idempotency_key;
      const body = { ...given, idempotency_key: key };
      const accepted = await accepter.accept(toNotificationInput(body), idempotencyOf(body));
      const id = idOf(accepted);
      if (accepted.kind === "repeated") void reply.header("idempotent-replayed", "true");
      return reply.code(202).header("location", `/api/notifications/${id}`).send({ id });
    },
  );
}

function idempotencyOf(body: z.infer<typeof notificationBody>): Idempotency | null {
  const { idempotency_key: key, ...rest } = body;
  if (key === undefined) return null;
  return { key, fingerprint: createHash("sha256").update(JSON.stringify(rest)).digest("base64url") };
}

function idOf(acceptance: Acceptance): string {
  switch (acceptance.kind) {
    case "accepted":
    case "repeated":
      return acceptance.id;
    case "key-reused":
      throw new ProblemError(
        "idempotency-key-reused",
        `This idempotency key was used for another notification, ${acceptance.id}. Use a new key for each one, and the same only to repeat a request.`,
      );
    case "closed":
      throw new ProblemError("ending", "The server is ending. Send it again when it has started.");
  }
}
