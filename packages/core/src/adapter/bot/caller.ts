/**
 * The bot's own requests: answers, reactions, commands. Few, never worth waiting for long, and never a storm: after a refusal for too many
 * requests, or a ban, nothing is asked until it is over.
 *
 * Nothing here rejects. What comes back says whether it worked, with a sentence free of secrets when it did not.
 */

import type { BotRest } from "../../channel/discord-bot/rest.ts";
import { BOT_VOICE } from "../../channel/discord-bot/voice.ts";
import { parseObject } from "../../channel/discord-webhook/api-error.ts";
import { classifySend } from "../../channel/discord-webhook/classify.ts";
import type { WireRequest } from "../../channel/http/transport.ts";
import type { Clock } from "../../clock/clock.ts";
import type { SendFailure } from "../../delivery/channel.ts";

export type Called =
  | { readonly ok: true; readonly body: Readonly<Record<string, unknown>> }
  | {
      readonly ok: false;
      readonly kind: SendFailure["kind"];
      /** HTTP status, where there was one. */
      readonly status: number | null;
      readonly problem: string;
      /** Until anything may be asked again; 0 for now. */
      readonly waitMs: number;
    };

export interface CallRequest {
  readonly method: WireRequest["method"];
  /** Below the API's base. */
  readonly path: string;
  readonly body?: object;
  /** How often it may be tried in all, where a repetition does no harm. @defaultValue 1 */
  readonly attempts?: number;
}

export interface Caller {
  call(request: CallRequest): Promise<Called>;
}

const RETRY_AFTER_MS = 1_000;
const UNTOLD_WAIT_MS = 5_000;
/** A ban that does not say how long it lasts. */
const BAN_MS = 900_000;
/** People who ask faster than that are answered by what is under way. */
const MAX_UNDER_WAY = 20;

export function createCaller({ rest, clock }: { readonly rest: BotRest; readonly clock: Clock }): Caller {
  let pausedUntil = 0;
  let underWay = 0;

  async function once({ method, path, body }: CallRequest): Promise<Called> {
    if (clock.now() < pausedUntil) return refused("Discord has asked to wait.");
    const reply = await rest.request(method, path, () => (body === undefined ? null : JSON.stringify(body)));
    const target = { origin: rest.api.origin, token: rest.token() ?? "\0", threadId: null };
    const outcome = classifySend(reply, { target, voice: BOT_VOICE, degrade: [], hasFiles: false });
    if (outcome.kind === "delivered") {
      return { ok: true, body: (reply.kind === "answer" && parseObject(reply.body)) || {} };
    }
    if (outcome.kind === "rate-limited") pausedUntil = clock.now() + (outcome.retryAfterMs ?? UNTOLD_WAIT_MS);
    if (outcome.kind === "banned") pausedUntil = clock.now() + Math.max(outcome.retryAfterMs ?? 0, BAN_MS);
    const { message: problem, status } = outcome.error;
    return { ok: false, kind: outcome.kind, status, problem, waitMs: waitMs() };
  }

  function waitMs(): number {
    return Math.max(0, pausedUntil - clock.now());
  }

  function refused(problem: string): Called {
    return { ok: false, kind: "rate-limited", status: null, problem, waitMs: waitMs() };
  }

  async function call(request: CallRequest): Promise<Called> {
    const attempts = request.attempts ?? 1;
    for (let attempt = 1; ; attempt++) {
      const called = await once(request);
      const isPassing = !called.ok && (called.kind === "unavailable" || called.kind === "ambiguous");
      if (!isPassing || attempt >= attempts) return called;
      await clock.sleep(RETRY_AFTER_MS * attempt);
    }
  }

  return {
    async call(request) {
      if (underWay >= MAX_UNDER_WAY) return refused("Too much is asked at once.");
      underWay++;
      try {
        return await call(request);
      } finally {
        underWay--;
      }
    },
  };
}
