/**
 * The way of a request to the API, gate by gate. Read this first.
 *
 *   body whole → edge (bans, user agent) → version → whose is it?
 *     a webhook's       → address limit → webhook known, token right → webhook and channel limits → fault? → handler
 *     a bot's           → gates of its own, and of interactions: bot/gates.ts
 *
 * One `now` per request. Nothing here touches a socket: server.ts brings the request and carries the outcome away.
 */
import { type Passage, passBotGates, passCallbackGates, passFollowUpGates } from "./bot/gates.ts";
import { toBanReply } from "./edge/ban.ts";
import type { EdgeGuard } from "./edge/guard.ts";
import type { FaultBox } from "./fault/fault.ts";
import { type Struck, strikeFault } from "./fault/strike.ts";
import * as answers from "./http/answer.ts";
import type { Outcome } from "./http/outcome.ts";
import { type Circumstances, toLimitedReply, toReply } from "./http/reply.ts";
import { isServed, readCallbackPath, readVersion, readWebhookRoute, type WebhookRoute } from "./http/route.ts";
import type { CallKind } from "./limit/limiter.ts";
import type { Multipart } from "./message/multipart.ts";
import type { Call } from "./webhook/call.ts";
import { execute } from "./webhook/execute.ts";
import { handleMessage } from "./webhook/messages.ts";
import { executeGithub, executeSlack } from "./webhook/services.ts";
import { handleWebhook } from "./webhook/webhook.ts";
import type { Workshop } from "./workshop.ts";
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
  if (!isServed(circumstances.version)) return refuse(answers.UNKNOWN_VERSION, circumstances);
  // Webhooks first: they are what is measured.
  const route = readWebhookRoute(path);
  if (route !== null && !machinery.world.applications.has(route.webhookId)) {
    return passWebhookGates(request, route, machinery);
  }
  const visit = { ...request, version: circumstances.version };
  return follow(passOtherGates(visit, route, machinery), visit, machinery);
}

/** Answers to interactions, by the token in their path; everything else is a bot's. */
function passOtherGates(visit: BotVisit, route: WebhookRoute | null, machinery: Machinery): Passage {
  if (route !== null) {
    const { webhookId: applicationId, token, messageId } = route;
    return passFollowUpGates({ applicationId, token, messageId }, visit, machinery);
  }
  const callback = readCallbackPath(visit.path);
  return callback === null ? passBotGates(visit, machinery) : passCallbackGates(callback, visit, machinery);
}

function passWebhookGates(request: ApiRequest, route: WebhookRoute, machinery: Machinery): Outcome {
  const { now } = request;
  const circumstances: Circumstances = { version: route.version, now, bucket: null };
  const address = machinery.limiter.passAddress(request.remoteAddress, now);
  if (address.kind === "limited") return { kind: "reply", reply: toLimitedReply(address, circumstances) };
  const webhook = machinery.world.webhooks.get(route.webhookId);
  if (webhook === undefined) return refuse(answers.UNKNOWN_WEBHOOK, circumstances);
  if (webhook.token !== route.token) return refuse(answers.INVALID_WEBHOOK_TOKEN, circumstances);

  const place = { webhookId: webhook.id, channelId: webhook.channelId, kind: kindOf(route, request.method) };
  const verdict = machinery.limiter.passWebhook(place, now);
  const known = { ...circumstances, bucket: verdict.bucket };
  if (verdict.kind === "limited") return { kind: "reply", reply: toLimitedReply(verdict, known) };
  if (request.bytes === null) return refuse(answers.TOO_LARGE, circumstances);
  const call = { ...request, bytes: request.bytes, route, webhook };
  const strike = {
    call,
    work: () => handle(call, machinery),
    waits: isWaitedFor(call),
    webhook: doomOf(call, known, machinery),
  };
  return work(strike, known, machinery);
}

function refuse(answer: answers.Answer, circumstances: Circumstances): Outcome {
  return { kind: "reply", reply: toReply(answer, circumstances) };
}

type BotVisit = ApiRequest & { readonly version: number };

/** What has passed the gates of bots. They always wait for the answer, and have no webhook to lose. */
function follow(passage: Passage, visit: BotVisit, machinery: Machinery): Outcome {
  const circumstances: Circumstances = { version: visit.version, now: visit.now, bucket: null };
  if (passage.kind === "refused") return refuse(passage.answer, circumstances);
  const known = { ...circumstances, bucket: passage.verdict.bucket };
  if (passage.kind === "limited") return { kind: "reply", reply: toLimitedReply(passage.verdict, known) };
  const call = { ...visit, bytes: passage.bytes, webhook: null };
  return work({ call, work: passage.work, waits: true, webhook: null }, known, machinery);
}

interface Job extends Pick<Struck, "waits" | "webhook"> {
  readonly call: Pick<Call, "now" | "method" | "bytes"> & { path: string; webhook: { id: string } | null };
  readonly work: () => answers.Answer;
}

/** The handler's work, unless a fault has other plans. */
function work({ call, work, waits, webhook }: Job, circumstances: Circumstances, machinery: Machinery): Outcome {
  const { now, method, path, bytes } = call;
  const say = (answer: answers.Answer) => toReply(answer, circumstances);
  const fault = machinery.faults.pick({ webhookId: call.webhook?.id ?? null, path, method, bytes });
  const struck =
    fault &&
    strikeFault(fault, {
      version: circumstances.version,
      now,
      isPost: method === "POST",
      waits,
      webhook,
      work: () => {
        const answer = work();
        return { reply: say(answer), succeeded: answers.isSuccess(answer) };
      },
    });
  return struck ?? { kind: "reply", reply: say(work()) };
}

/** What a fault can do to the webhook itself. */
function doomOf({ webhook }: Call, circumstances: Circumstances, machinery: Machinery): Struck["webhook"] {
  return {
    remove: () => {
      machinery.world.removeWebhook(webhook.id);
      machinery.limiter.forgetWebhook(webhook.id);
      machinery.events.emit({ kind: "webhook-deleted", webhook });
      return toReply(answers.UNKNOWN_WEBHOOK, circumstances);
    },
    breakToken: () => {
      machinery.world.replaceWebhook({ ...webhook, token: createToken() });
      return toReply(answers.INVALID_WEBHOOK_TOKEN, circumstances);
    },
  };
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
