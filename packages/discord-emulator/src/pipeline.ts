/**
 * The way of a request to the API, gate by gate. Read this first.
 *
 *   body whole → edge (bans, user agent) → version → address limit → webhook known, token right
 *   → webhook and channel limits → fault? → handler → outcome
 *
 * What is no webhook's is a bot's, and passes gates of its own:
 *
 *   route known → token right → limit of the bot → limit of the route → fault? → handler → outcome
 *
 * One `now` per request. Nothing here touches a socket: server.ts brings the request and carries the outcome away.
 */
import { findRoute } from "./bot/routes.ts";
import { toBanReply } from "./edge/ban.ts";
import type { EdgeGuard } from "./edge/guard.ts";
import type { FaultBox } from "./fault/fault.ts";
import { strikeFault } from "./fault/strike.ts";
import * as answers from "./http/answer.ts";
import type { Outcome } from "./http/outcome.ts";
import { type Circumstances, toLimitedReply, toReply } from "./http/reply.ts";
import { isServed, readVersion, readWebhookRoute, type WebhookRoute, withoutVersion } from "./http/route.ts";
import type { CallKind } from "./limit/limiter.ts";
import type { Call, Workshop } from "./webhook/call.ts";
import { execute } from "./webhook/execute.ts";
import { handleMessage } from "./webhook/messages.ts";
import type { Multipart } from "./webhook/multipart.ts";
import { executeGithub, executeSlack } from "./webhook/services.ts";
import { handleWebhook } from "./webhook/webhook.ts";
import { createToken } from "./world/identity.ts";

export interface ApiRequest {
  readonly now: number;
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly remoteAddress: string;
  readonly userAgent: string;
  readonly contentType: string;
  readonly githubEvent: string | null;
  /** The header, whole; empty when there is none. */
  readonly authorization: string;
  /** Null when it was more than Discord takes. */
  readonly bytes: Buffer | null;
  readonly multipart: Multipart | null;
}

export interface Machinery extends Workshop {
  readonly guard: EdgeGuard;
  readonly faults: FaultBox;
}

export function passGates(request: ApiRequest, machinery: Machinery): Outcome {
  const { now, path } = request;
  const block = machinery.guard.check(request, now);
  if (block !== null) return { kind: "reply", reply: toBanReply(block.shape, block.retryAfterSeconds) };

  const circumstances: Circumstances = { version: readVersion(path), now, bucket: null };
  const refuse = (answer: answers.Answer): Outcome => ({ kind: "reply", reply: toReply(answer, circumstances) });
  if (!isServed(circumstances.version)) return refuse(answers.UNKNOWN_VERSION);

  const route = readWebhookRoute(path);
  if (route === null) return passBotGates(request, circumstances, machinery);
  const address = machinery.limiter.passAddress(request.remoteAddress, now);
  if (address.kind === "limited") return { kind: "reply", reply: toLimitedReply(address, circumstances) };
  const webhook = machinery.world.webhooks.get(route.webhookId);
  if (webhook === undefined) return refuse(answers.UNKNOWN_WEBHOOK);
  if (webhook.token !== route.token) return refuse(answers.INVALID_WEBHOOK_TOKEN);

  const place = { webhookId: webhook.id, channelId: webhook.channelId, kind: kindOf(route, request.method) };
  const verdict = machinery.limiter.passWebhook(place, now);
  const known = { ...circumstances, bucket: verdict.bucket };
  if (verdict.kind === "limited") return { kind: "reply", reply: toLimitedReply(verdict, known) };
  if (request.bytes === null) return refuse(answers.TOO_LARGE);
  return work({ ...request, bytes: request.bytes, route, webhook }, known, machinery);
}

/** A bot's calls count against the bot, and not against its address; without a token they are the address's. */
function passBotGates(request: ApiRequest, circumstances: Circumstances, machinery: Machinery): Outcome {
  const { now, method, path, authorization, remoteAddress, bytes } = request;
  const refuse = (answer: answers.Answer): Outcome => ({ kind: "reply", reply: toReply(answer, circumstances) });
  const application = machinery.world.applicationOf(/^Bot (.+)$/.exec(authorization)?.[1] ?? "");
  const payer = application === undefined ? remoteAddress : `Bot ${application.id}`;
  const verdict = machinery.limiter.passAddress(payer, now);
  if (verdict.kind === "limited") return { kind: "reply", reply: toLimitedReply(verdict, circumstances) };
  const found = findRoute(method, withoutVersion(path));
  if (found.kind === "unknown") return refuse(answers.NOT_FOUND);
  if (found.kind === "wrong-method") return refuse(answers.METHOD_NOT_ALLOWED);
  if (application === undefined) return refuse(answers.UNAUTHORIZED);
  if (bytes === null) return refuse(answers.TOO_LARGE);
  const { version } = circumstances;
  const call = { ...request, bytes, version, params: found.params, application };
  return { kind: "reply", reply: toReply(found.route.handle(call, machinery), circumstances) };
}

/** The handler's work, unless a fault has other plans. */
function work(call: Call, circumstances: Circumstances, machinery: Machinery): Outcome {
  const say = (answer: answers.Answer) => toReply(answer, circumstances);
  const fault = machinery.faults.pick({ webhookId: call.webhook.id, method: call.method, bytes: call.bytes });
  const struck =
    fault &&
    strikeFault(fault, {
      version: circumstances.version,
      now: call.now,
      isPost: call.method === "POST",
      waits: isWaitedFor(call),
      work: () => {
        const answer = handle(call, machinery);
        return { reply: say(answer), succeeded: answers.isSuccess(answer) };
      },
      deleteWebhook: () => {
        machinery.world.removeWebhook(call.webhook.id);
        machinery.limiter.forgetWebhook(call.webhook.id);
        machinery.events.emit({ kind: "webhook-deleted", webhook: call.webhook });
        return say(answers.UNKNOWN_WEBHOOK);
      },
      breakToken: () => {
        machinery.world.replaceWebhook({ ...call.webhook, token: createToken() });
        return say(answers.INVALID_WEBHOOK_TOKEN);
      },
    });
  return struck ?? { kind: "reply", reply: say(handle(call, machinery)) };
}

/** Whether the client gets to see the message: then it would notice that it is not there. */
function isWaitedFor({ query, multipart }: Call): boolean {
  return /^(?:true|1)$/i.test(query.get("wait") ?? "") || (multipart?.files.length ?? 0) > 0;
}

function handle(call: Call, machinery: Machinery): answers.Answer {
  const { resource } = call.route;
  if (resource === "message") return handleMessage(call, machinery);
  if (call.method === "GET") return handleWebhook(call, machinery);
  if (resource === "webhook") return call.method === "POST" ? execute(call, machinery) : handleWebhook(call, machinery);
  if (call.method !== "POST") return answers.METHOD_NOT_ALLOWED;
  return resource === "slack" ? executeSlack(call, machinery) : executeGithub(call, machinery);
}

function kindOf({ resource }: WebhookRoute, method: string): CallKind {
  if (resource === "message") return "message";
  return method === "POST" ? "execute" : "webhook";
}
