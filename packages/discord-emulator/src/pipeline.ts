/**
 * The way of a request to the API, gate by gate. Read this first.
 *
 *   body whole -> version -> address limit -> webhook known, token right -> webhook and channel limits -> handler
 */
import {
  type Answer,
  INVALID_WEBHOOK_TOKEN,
  METHOD_NOT_ALLOWED,
  NOT_FOUND,
  problem,
  TOO_LARGE,
  UNKNOWN_WEBHOOK,
} from "./http/answer.ts";
import { type Reply, toLimitedReply, toReply } from "./http/reply.ts";
import { isServed, readVersion, readWebhookRoute, type WebhookRoute } from "./http/route.ts";
import type { BucketState, CallKind, Limiter } from "./limit/limiter.ts";
import type { Workshop } from "./webhook/call.ts";
import { execute } from "./webhook/execute.ts";
import type { Webhook } from "./world/world.ts";

export interface ApiRequest {
  readonly now: number;
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly contentType: string;
  readonly bytes: Buffer | null;
  readonly remoteAddress: string;
}

export interface Machinery extends Workshop {
  readonly limiter: Limiter;
}

const UNKNOWN_VERSION = problem(400, 50041, "An invalid API version was provided.");

export function answerApi(request: ApiRequest, machinery: Machinery): Reply {
  const { now } = request;
  const version = readVersion(request.path);
  const reply = (answer: Answer, bucket: BucketState | null = null) => toReply(answer, { version, now, bucket });
  if (!isServed(version)) return reply(UNKNOWN_VERSION);

  const address = machinery.limiter.passAddress(request.remoteAddress, now);
  if (address.kind === "limited") return toLimitedReply(address, { version, now, bucket: null });

  const route = readWebhookRoute(request.path);
  if (route === null) return reply(NOT_FOUND);
  const webhook = machinery.world.webhooks.get(route.webhookId);
  if (webhook === undefined) return reply(UNKNOWN_WEBHOOK);
  if (webhook.token !== route.token) return reply(INVALID_WEBHOOK_TOKEN);

  const { id: webhookId, channelId } = webhook;
  const verdict = machinery.limiter.passWebhook({ webhookId, channelId, kind: kindOf(route, request.method) }, now);
  if (verdict.kind === "limited") return toLimitedReply(verdict, { version, now, bucket: null });
  return reply(handle({ request, route, webhook }, machinery), verdict.bucket);
}

function kindOf({ resource }: WebhookRoute, method: string): CallKind {
  if (resource === "message") return "message";
  return method === "POST" ? "execute" : "webhook";
}

interface Admitted {
  readonly request: ApiRequest;
  readonly route: WebhookRoute;
  readonly webhook: Webhook;
}

function handle({ request, route, webhook }: Admitted, machinery: Machinery): Answer {
  if (request.bytes === null) return TOO_LARGE;
  const call = { ...request, bytes: request.bytes, route, webhook };
  if (route.resource === "webhook" && request.method === "POST") return execute(call, machinery);
  return METHOD_NOT_ALLOWED;
}
