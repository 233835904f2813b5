/**
 * The gates of what is no ordinary webhook's.
 *
 *   bots            route known → token right → 50 in 1 s of the bot → bucket of the route → fault? → handler
 *   interactions    token known → bucket of the token (not for callbacks, which nothing limits) → fault? → handler
 *
 * A bot's calls count against the bot, and not against its address:
 * https://docs.discord.com/developers/topics/rate-limits#global-rate-limit
 */
import * as answers from "../http/answer.ts";
import { withoutVersion } from "../http/route.ts";
import { type CallbackPath, type FollowUpPath, takeCallback, takeFollowUp } from "../interaction/routes.ts";
import type { LimitVerdict } from "../limit/limiter.ts";
import type { FormSource } from "../message/body-form.ts";
import type { Workshop } from "../workshop.ts";
import { findRoute } from "./routes.ts";

export interface Visit extends Omit<FormSource, "bytes"> {
  readonly now: number;
  readonly version: number;
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly remoteAddress: string;
  readonly authorization: string;
  /** Null when it was more than Discord takes. */
  readonly bytes: Buffer | null;
}

export type Passage =
  | { readonly kind: "limited"; readonly verdict: Extract<LimitVerdict, { kind: "limited" }> }
  | { readonly kind: "refused"; readonly answer: answers.Answer }
  /** What is left to do, and the bucket that was drawn on. */
  | {
      readonly kind: "pass";
      readonly verdict: LimitVerdict;
      readonly bytes: Buffer;
      readonly work: () => answers.Answer;
    };

const UNLIMITED: LimitVerdict = Object.freeze({ kind: "pass", bucket: null });

export function passBotGates(visit: Visit, workshop: Workshop): Passage {
  const { world, limiter } = workshop;
  const { now, method, path, authorization, remoteAddress, bytes } = visit;
  const application = world.applicationOf(/^Bot (.+)$/.exec(authorization)?.[1] ?? "");
  const overall = limiter.passAddress(application === undefined ? remoteAddress : `Bot ${application.id}`, now);
  if (overall.kind === "limited") return { kind: "limited", verdict: overall };
  const found = findRoute(method, withoutVersion(path));
  if (found.kind === "unknown") return refused(answers.NOT_FOUND);
  if (found.kind === "wrong-method") return refused(answers.METHOD_NOT_ALLOWED);
  if (application === undefined) return refused(answers.UNAUTHORIZED);
  const { route, params } = found;
  const major = Object.values(params)[0] ?? "";
  const verdict = limiter.passRoute({ hash: route.bucket, owner: `${application.id} ${major}` }, now);
  if (verdict.kind === "limited") return { kind: "limited", verdict };
  if (bytes === null) return refused(answers.TOO_LARGE);
  const call = { ...visit, bytes, params, application };
  return { kind: "pass", verdict, bytes, work: () => route.handle(call, workshop) };
}

export function passCallbackGates(path: CallbackPath, visit: Visit, workshop: Workshop): Passage {
  const { bytes } = visit;
  if (bytes === null) return refused(answers.TOO_LARGE);
  return {
    kind: "pass",
    verdict: UNLIMITED,
    bytes,
    work: () => takeCallback(path, { ...visit, bytes }, workshop),
  };
}

export function passFollowUpGates(path: FollowUpPath, visit: Visit, workshop: Workshop): Passage {
  const { bytes, now } = visit;
  const kind = path.messageId === null ? "execute" : "message";
  const verdict = workshop.limiter.passWebhook({ webhookId: path.token, channelId: null, kind }, now);
  if (verdict.kind === "limited") return { kind: "limited", verdict };
  if (bytes === null) return refused(answers.TOO_LARGE);
  return { kind: "pass", verdict, bytes, work: () => takeFollowUp(path, { ...visit, bytes }, workshop) };
}

function refused(answer: answers.Answer): Passage {
  return { kind: "refused", answer };
}
