/**
 * Turns what came of a request into the few words that change what follows ({@link SendOutcome}).
 *
 * Upstream   the exchange with Discord.
 * Downstream delivery, which waits, retries, degrades or stops by the kind.
 *
 * Looked at in this order, the first that fits decides: a ban, a limit, the code of Discord's own, the HTTP status.
 * Pure; no sentence it makes contains the webhook's token.
 */
import type { DegradeStep, FailureFacts, SendFailure, SendOutcome } from "../../delivery/channel.ts";
import type { Reply } from "../http/exchange.ts";
import { classifyNoAnswer } from "../http/no-answer.ts";
import { headerWaitMs } from "../http/retry-after.ts";
import { classOfStatus } from "../http/status.ts";
import { plainText, withoutStop } from "../plain-text.ts";
import type { ApiCodeClass } from "./api-codes.ts";
import { type ApiError, parseApiError } from "./api-error.ts";
import { type Ban, banOf } from "./ban.ts";
import { culpritsOf, nextDegradeStep } from "./degrade.ts";
import { limitReport, retryAfterMs } from "./limit-headers.ts";
import { storedMessageIds } from "./stored-message.ts";
import { DISCORD_ORIGIN, type WebhookTarget } from "./target.ts";
import { type Voice, WEBHOOK_VOICE } from "./voice.ts";

/** What was asked, as far as the answer's meaning depends on it. */
export interface SentMessage {
  /** The token appears in no sentence. */
  readonly target: Pick<WebhookTarget, "origin" | "token" | "threadId">;
  /** How to speak of it. @defaultValue as a webhook */
  readonly voice?: Voice;
  readonly degrade: readonly DegradeStep[];
  readonly hasFiles: boolean;
  /** Of several notifications: how many embeds it has, one for each in their order. @defaultValue not one for each */
  readonly embeds?: number;
  /** It was to change a message, to stand in the thread of one, or to open a post in a forum; left out for none of these. */
  readonly inPlace?: "edit" | "thread" | "post" | undefined;
}

type Answer = Extract<Reply, { kind: "answer" }>;

/** An answer that is no success, with its body read. */
interface Refusal {
  readonly answer: Answer;
  readonly api: ApiError | null;
  readonly sent: SentMessage;
}

const URL_KEYS: ReadonlySet<string> = new Set(["thread_id", "webhook_id", "webhook_token", "channel_id"]);
const FIELDS_SHOWN = 3;
/** What was to be changed, or stood in, is gone or shut: unknown message, unknown thread, archived, locked. */
const GONE_CODES: ReadonlySet<number> = new Set([10003, 10008, 50083, 160005]);
/** Changes of messages that are older than an hour have a limit of their own, which Discord does not tell. */
const OLD_EDITS = 30046;
/** A forum takes no message of a webhook without a post. */
const FORUM = 220001;
const UNKNOWN_TAG = 10087;

export function classifySend(reply: Reply, sent: SentMessage): SendOutcome {
  if (reply.kind === "no-answer") {
    const { kind, error } = classifyNoAnswer(reply, new URL(sent.target.origin).host);
    return { kind, error, limits: null, countsAsInvalid: false };
  }
  if (reply.status >= 200 && reply.status < 300) return classifySuccess(reply, sent);
  return classifyRefusal({ answer: reply, api: parseApiError(reply.body), sent });
}

/** Key of the hidden limit that all webhooks of a Discord channel share. */
export function channelPoolKey(channelId: string): string {
  return `channel:${channelId}`;
}

function classifySuccess({ status, headers, body }: Answer, { target, voice, inPlace }: SentMessage): SendOutcome {
  // Discord itself answers in JSON; a host of the operator's own choice may confirm in whatever form it likes.
  if (target.origin === DISCORD_ORIGIN && String(headers["content-type"]).startsWith("text/html")) {
    const message =
      "A web page came back in place of Discord's answer: something in between may have taken the request.";
    return { kind: "ambiguous", error: { code: "not-discord", message, status }, limits: null, countsAsInvalid: false };
  }
  // The status alone is proof; a body that is cut off or missing only costs the message's id.
  const { id, channelId } = storedMessageIds(body);
  // In a thread the answer names the thread, while the limit is that of the channel around it.
  const isPooled = (voice ?? WEBHOOK_VOICE).sharesPool && target.threadId === null && inPlace === undefined;
  const poolKey = channelId !== null && isPooled ? channelPoolKey(channelId) : null;
  // What stands in a thread is found there only; a post is one, named by its first message.
  const isInThread = inPlace === "post" || inPlace === "thread";
  const address = id === null ? null : { id, channelId, threadId: isInThread ? channelId : null };
  return { kind: "delivered", messageId: id, address, status, limits: limitReport(headers, poolKey) };
}

function classifyRefusal(refusal: Refusal): SendFailure {
  const { answer, api, sent } = refusal;
  const { status, headers, body } = answer;
  const official = sent.target.origin === DISCORD_ORIGIN;
  const { classOfCode, wrongAddress } = sent.voice ?? WEBHOOK_VOICE;
  const ban = banOf({ status, headers, body, api, official });
  if (ban !== null) return banned(ban, answer);
  const elsewhere = notInPlace(refusal);
  if (elsewhere !== null) return elsewhere;
  const byCode = classOfCode(api?.code ?? null);
  if (status === 429 || byCode?.kind === "rate-limited") return rateLimited(refusal, official);
  // The rest of the answer would have told which; it was not carried out, so asking again is safe.
  if (!answer.complete && status < 500) {
    return { kind: "unavailable", ...facts(refusal, "the answer broke off", "answer-incomplete") };
  }
  if (byCode !== null) return byApiCode(byCode, refusal);
  if (api?.fields.some(({ path }) => URL_KEYS.has(path[0] ?? ""))) {
    return { kind: "misconfigured", ...facts(refusal, `${wrongAddress}: ${fieldsText(api)}`) };
  }
  return byStatus(refusal);
}

/** What cannot be told where it was to be told can still be told elsewhere. */
function notInPlace(refusal: Refusal): SendFailure | null {
  const { api, sent } = refusal;
  const code = api?.code ?? null;
  if (code === null) return null;
  switch (sent.inPlace) {
    case undefined:
      if (code !== FORUM || sent.target.threadId !== null) return null;
      return refused(refusal, "as-post", "the channel is a forum, so each alert opens a post");
    case "post":
      if (code !== UNKNOWN_TAG) return null;
      return refused(refusal, "without-tags", "the forum has no such tag: check tags in the webhook's URL");
    case "edit":
    case "thread":
      if (GONE_CODES.has(code)) return refused(refusal, "anew", GONE);
      return code === OLD_EDITS && sent.inPlace === "edit" ? refused(refusal, "anew", TOO_OLD) : null;
  }
}

const GONE = "the earlier message of this matter, or its thread, is gone or closed, so it is told in a new one";
const TOO_OLD = "the earlier message of this matter may not be changed any more, so it is told in a new one";

function refused(refusal: Refusal, degradeBy: DegradeStep, sentence: string): SendFailure {
  const { status, headers } = refusal.answer;
  const countsAsInvalid = status === 429 && headers["x-ratelimit-scope"] !== "shared";
  return { kind: "rejected", degradeBy, ...facts(refusal, sentence), countsAsInvalid };
}

function banned({ code, message }: Ban, { status, headers }: Answer): SendFailure {
  const error = { code, message, status };
  return { kind: "banned", retryAfterMs: headerWaitMs(headers), error, limits: null, countsAsInvalid: true };
}

function rateLimited(refusal: Refusal, official: boolean): SendFailure {
  const { answer, api } = refusal;
  const scope = scopeOf(answer, api);
  const { sender } = refusal.sent.voice ?? WEBHOOK_VOICE;
  const whose = { bucket: sender, pool: "the Discord channel", global: "this network address" }[scope];
  return {
    kind: "rate-limited",
    retryAfterMs: retryAfterMs(answer.headers, api, official),
    scope,
    ...facts(refusal, `too many requests for ${whose}`),
    countsAsInvalid: answer.status === 429 && scope !== "pool",
  };
}

function scopeOf({ headers }: Answer, api: ApiError | null): "bucket" | "pool" | "global" {
  const scope = headers["x-ratelimit-scope"];
  if (scope === "shared") return "pool";
  const global = scope === "global" || api?.global === true || headers["x-ratelimit-global"] === "true";
  return global ? "global" : "bucket";
}

function byApiCode(found: Exclude<ApiCodeClass, { kind: "rate-limited" }>, refusal: Refusal): SendFailure {
  switch (found.kind) {
    case "misconfigured":
      return { kind: "misconfigured", ...facts(refusal, found.message) };
    case "unavailable":
      return unavailable(refusal, found.message);
    case "rejected":
      return rejected(refusal, `Discord refused the message: ${found.message}`);
  }
}

function byStatus(refusal: Refusal): SendFailure {
  const { answer, api, sent } = refusal;
  const { status } = answer;
  const sentence = `HTTP ${status}: ${(sent.voice ?? WEBHOOK_VOICE).sentenceOf(status)}`;
  // Something in between that passes on new messages only says nothing of the webhook.
  if (sent.inPlace === "edit" && (status === 404 || status === 405)) return rejected(refusal, sentence);
  switch (classOfStatus(status)) {
    case "misconfigured":
      return { kind: "misconfigured", ...facts(refusal, sentence) };
    case "rejected":
      return rejected(refusal, api === null ? sentence : `Discord refused the message: ${fieldsText(api)}`);
    case "ambiguous":
      // Some messages get 500 each time. That cannot be told from an outage here, and calling it a refusal would hide that
      // the message may have arrived; the bound on attempts ends it.
      return { kind: "ambiguous", ...facts(refusal, sentence) };
    case "delivered":
    case "rate-limited":
    case "unavailable":
      return unavailable(refusal, sentence);
  }
}

/** A wait that the answer names is passed on as a bucket that is used up until then. */
function unavailable(refusal: Refusal, sentence: string): SendFailure {
  const resetAfterMs = headerWaitMs(refusal.answer.headers);
  const limits =
    resetAfterMs === null ? null : { limit: null, remaining: 0, resetAfterMs, bucket: null, poolKey: null };
  return { kind: "unavailable", ...facts(refusal, sentence), ...(limits === null ? {} : { limits }) };
}

function rejected(refusal: Refusal, sentence: string): SendFailure {
  const { answer, api, sent } = refusal;
  // A new message finds out by itself what has to be left out of it.
  if (sent.inPlace === "edit") return { kind: "rejected", degradeBy: "anew", ...facts(refusal, sentence) };
  const degradeBy = nextDegradeStep(answer.status, api, sent);
  const culprits = culpritsOf(answer.status, api, { embeds: 0, ...sent });
  const named = culprits.length === 0 ? {} : { culprits };
  return { kind: "rejected", degradeBy, ...named, ...facts(refusal, sentence) };
}

function facts({ answer, api, sent }: Refusal, sentence: string, code?: string): FailureFacts {
  const { status, headers } = answer;
  const text = sentence.replaceAll(sent.target.token, "***");
  return {
    error: {
      code: code ?? (api?.code ? `discord-${api.code}` : `http-${status}`),
      message: `${text.charAt(0).toUpperCase()}${withoutStop(text.slice(1))}.`,
      status,
    },
    limits: limitReport(headers),
    countsAsInvalid: status === 401 || status === 403,
  };
}

function fieldsText({ message, fields }: ApiError): string {
  const shown = fields.slice(0, FIELDS_SHOWN).map(({ path, message: text }) => {
    return plainText(`${path.join(".")} ${withoutStop(text)}`);
  });
  const more = fields.length > FIELDS_SHOWN ? ` and ${fields.length - FIELDS_SHOWN} more` : "";
  return shown.length === 0 ? plainText(message) || "it did not say why" : `${shown.join("; ")}${more}`;
}
