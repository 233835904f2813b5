/**
 * The bot's own requests: answers, reactions, commands. Few, never worth waiting for long, and never a storm: where Discord has refused too
 * many requests, nothing is asked until it is over; after a ban, or a refusal of all, nowhere. Somebody who has pressed a button is
 * answered all the same: what is limited is the route, and each answer has one of its own.
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
  /** How often it may be tried in all, where a repetition does no harm, and a wait neither. @defaultValue 1 */
  readonly attempts?: number;
}

export interface Caller {
  call(request: CallRequest): Promise<Called>;
}

const RETRY_AFTER_MS = 1_000;
/** What is refused for longer is given up. */
const LONGEST_WAIT_MS = 60_000;
const UNTOLD_WAIT_MS = 5_000;
/** A ban that does not say how long it lasts. */
const BAN_MS = 900_000;
/** People who ask faster than that are answered by what is under way. */
const MAX_UNDER_WAY = 20;

export function createCaller({ rest, clock }: { readonly rest: BotRest; readonly clock: Clock }): Caller {
  const pauses = new Map<string, number>();
  let underWay = 0;

  async function once({ method, path, body }: CallRequest): Promise<Called> {
    const route = routeOf(method, path);
    if (waitFor(route) > 0) return refused("Discord has asked to wait.", route);
    const reply = await rest.request(method, path, () => (body === undefined ? null : JSON.stringify(body)));
    const target = { origin: rest.api.origin, token: rest.token() ?? "\0", threadId: null };
    const outcome = classifySend(reply, { target, voice: BOT_VOICE, degrade: [], hasFiles: false });
    if (outcome.kind === "delivered") {
      return { ok: true, body: (reply.kind === "answer" && parseObject(reply.body)) || {} };
    }
    if (outcome.kind === "rate-limited")
      pause(outcome.scope === "global" ? EVERYWHERE : route, outcome.retryAfterMs ?? UNTOLD_WAIT_MS);
    if (outcome.kind === "banned") pause(EVERYWHERE, Math.max(outcome.retryAfterMs ?? 0, BAN_MS));
    const { message: problem, status } = outcome.error;
    return { ok: false, kind: outcome.kind, status, problem, waitMs: waitFor(route) };
  }

  function pause(route: string, ms: number): void {
    const now = clock.now();
    for (const [other, until] of pauses) if (until <= now) pauses.delete(other);
    pauses.set(route, now + ms);
  }

  function waitFor(route: string): number {
    return Math.max(0, ...[route, EVERYWHERE].map((one) => (pauses.get(one) ?? 0) - clock.now()));
  }

  function refused(problem: string, route: string): Called {
    return { ok: false, kind: "rate-limited", status: null, problem, waitMs: waitFor(route) };
  }

  async function call(request: CallRequest): Promise<Called> {
    const attempts = request.attempts ?? 1;
    for (let attempt = 1; ; attempt++) {
      const called = await once(request);
      const waitMs = called.ok || attempt >= attempts ? null : patienceFor(called, attempt);
      if (waitMs === null) return called;
      await clock.sleep(waitMs);
    }
  }

  return {
    async call(request) {
      if (underWay >= MAX_UNDER_WAY) return refused("Too much is asked at once.", EVERYWHERE);
      underWay++;
      try {
        return await call(request);
      } finally {
        underWay--;
      }
    },
  };
}

/** In place of a route. */
const EVERYWHERE = "";

/** As Discord counts: by the channel or guild, and not by the message in it. */
function routeOf(method: string, path: string): string {
  if (path.startsWith("/interactions/")) return path;
  const steps = path.split("/").map((step, place) => (place > 2 && /^\d+$/.test(step) ? "*" : step));
  return `${method} ${steps.join("/")}`;
}

/** How long to wait before trying again; `null` where that is of no use. */
function patienceFor({ kind, waitMs }: Extract<Called, { readonly ok: false }>, attempt: number): number | null {
  switch (kind) {
    case "unavailable":
    case "ambiguous":
      return RETRY_AFTER_MS * attempt;
    case "rate-limited":
      return waitMs > LONGEST_WAIT_MS ? null : waitMs;
    default:
      return null;
  }
}
