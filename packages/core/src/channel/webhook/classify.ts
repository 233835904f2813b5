/**
 * Turns what came of a request to a signed webhook into the few words that change what follows. Statuses mean what Standard
 * Webhooks says, e.g. 410: wants no more messages.
 *
 * Pure; no sentence it makes contains a secret or a token.
 */
import type { ChannelCheck, FailureFacts, LimitReport, SendFailure, SendOutcome } from "../../delivery/channel.ts";
import type { Reply } from "../http/exchange.ts";
import { classifyNoAnswer } from "../http/no-answer.ts";
import { headerWaitMs } from "../http/retry-after.ts";
import { classOfStatus, sentenceOfStatus } from "../http/status.ts";
import { plainText, withoutStop } from "../plain-text.ts";
import type { SignedWebhookTarget } from "./target.ts";

type Answer = Extract<Reply, { kind: "answer" }>;

const SENTENCES: ReadonlyMap<number, string> = new Map([
  [401, "the signature is not accepted: the receiver must have the same secret, and a clock that agrees with this one"],
  [403, "access is denied: check the secret and what stands between here and the receiver"],
  [404, "nothing takes messages at this address: check the URL"],
  [410, "the receiver wants no more messages: take this destination out, or set the receiver up anew"],
]);
/** Where services explain a refusal. */
const EXPLANATIONS = ["detail", "message", "error", "title"];
const TOO_LARGE = 413;
/** A bound for what a hostile answer can cost. */
const READ_BYTES = 16_384;

/** @param mayDropFiles whether it could be sent again without its files */
export function classifySend(reply: Reply, target: SignedWebhookTarget, mayDropFiles: boolean): SendOutcome {
  if (reply.kind === "no-answer") {
    const { kind, error } = classifyNoAnswer(reply, hostOf(target));
    return { kind, error, limits: null, countsAsInvalid: false };
  }
  const { status, headers } = reply;
  const waitMs = headerWaitMs(headers);
  const kind = classOfStatus(status);
  switch (kind) {
    case "delivered":
      return { kind, messageId: null, status, limits: null };
    case "rate-limited":
      return { kind, retryAfterMs: waitMs, scope: "bucket", ...factsOf(reply, target) };
    case "unavailable":
      return { kind, ...factsOf(reply, target), limits: waitMs === null ? null : shutFor(waitMs) };
    case "rejected":
      return {
        kind,
        degradeBy: status === TOO_LARGE && mayDropFiles ? "without-files" : null,
        ...factsOf(reply, target),
      };
    case "ambiguous":
    case "misconfigured":
      return { kind, ...factsOf(reply, target) };
  }
}

/**
 * Reads the answer to a request that posts nothing. There is no agreed way of asking a webhook whether it is well, so any answer
 * of its own shows that it is there; only one that says "gone" or "not now" counts against it.
 */
export function classifyCheck(reply: Reply, target: SignedWebhookTarget): ChannelCheck {
  const outcome = classifySend(reply, target, false);
  if (outcome.kind !== "delivered" && meansTrouble(reply)) {
    const kind = outcome.kind === "ambiguous" ? "unavailable" : outcome.kind;
    return { ok: false, kind, error: outcome.error };
  }
  return { ok: true, detail: `${target.label} answers`, poolKey: null };
}

function meansTrouble(reply: Reply): boolean {
  if (reply.kind === "no-answer") return true;
  return [301, 308, 410].includes(reply.status) || classOfStatus(reply.status) === "unavailable";
}

/** A wait that the answer names is passed on as a limit that is used up until then. */
function shutFor(resetAfterMs: number): LimitReport {
  return { limit: null, remaining: 0, resetAfterMs, bucket: null, poolKey: null };
}

function factsOf(answer: Answer, target: SignedWebhookTarget): FailureFacts & { readonly error: SendFailure["error"] } {
  const { status } = answer;
  const said = explanationIn(answer, target.secrets);
  const sentence = SENTENCES.get(status) ?? sentenceOfStatus(status);
  const message = `${hostOf(target)}: HTTP ${status}: ${sentence}${said === "" ? "" : ` (it says: ${said})`}.`;
  return { error: { code: `http-${status}`, message, status }, limits: null, countsAsInvalid: false };
}

/** What the receiver says is wrong, fit for our sentence; empty when it says nothing. */
function explanationIn({ headers, body }: Answer, secrets: readonly string[]): string {
  const text = body.toString("utf8", 0, READ_BYTES);
  const type = String(headers["content-type"]);
  const said = type.includes("json") ? explanationInJson(text) : plainTextOnly(text, type);
  const safe = secrets.reduce((rest, secret) => rest.replaceAll(secret, "***"), said);
  return withoutStop(plainText(safe));
}

/** A web page would only show its mark-up. */
function plainTextOnly(text: string, type: string): string {
  return type.startsWith("text/plain") ? text : "";
}

function explanationInJson(text: string): string {
  try {
    const json: unknown = JSON.parse(text);
    if (typeof json !== "object" || json === null) return "";
    const found = EXPLANATIONS.map((name) => (json as Record<string, unknown>)[name]);
    return found.find((value) => typeof value === "string") ?? "";
  } catch {
    return "";
  }
}

function hostOf({ origin }: SignedWebhookTarget): string {
  return new URL(origin).host;
}
