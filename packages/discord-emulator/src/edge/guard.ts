/**
 * Keeps the door before the API: who is banned, by hand or for too many invalid requests, and whose user agent is not
 * wanted.
 *
 * Upstream   the pipeline, first thing of a request.
 * Downstream ban.ts, which has the words.
 *
 * https://docs.discord.com/developers/topics/rate-limits#invalid-request-limit-aka-cloudflare-bans
 */
import type { BanShape } from "../limit/ban-shape.ts";
import type { Limiter } from "../limit/limiter.ts";
import { createUseWindow, type UseWindow } from "../limit/window.ts";

export interface Ban {
  readonly shape: BanShape;
  /** Seconds the ban lasts, told in Retry-After where the shape has it. Without it the ban lasts until it is lifted. */
  readonly retryAfterSeconds?: number;
  /** Whom it is for; everybody when left out. */
  readonly remoteAddress?: string;
}

export interface Block {
  readonly shape: BanShape;
  readonly retryAfterSeconds: number | null;
}

export interface EdgeGuard {
  /** Null lets the request in. */
  readonly check: (visitor: { remoteAddress: string; userAgent: string }, now: number) => Block | null;
  readonly ban: (ban: Ban, now: number) => void;
  readonly unban: () => void;
  /** Counts an invalid request; true when this one was one too many and brought a ban. */
  readonly countInvalid: (remoteAddress: string, now: number) => boolean;
  /** Whether anybody is banned now. */
  readonly isBanning: (now: number) => boolean;
}

interface Standing {
  readonly shape: BanShape;
  readonly endsAt: number | null;
}

const EVERYBODY = "*";

/** Agents that libraries send unless told otherwise, and that Cloudflare is reported to refuse. */
const UNWANTED_AGENT = /^python-urllib\//i;

export function createEdgeGuard(limiter: Limiter): EdgeGuard {
  const bans = new Map<string, Standing>();
  const invalid = new Map<string, UseWindow>();
  let rule = limiter.limits().invalid;

  function standing(key: string, now: number): Standing | null {
    const ban = bans.get(key);
    if (ban === undefined) return null;
    if (ban.endsAt === null || ban.endsAt > now) return ban;
    bans.delete(key);
    return null;
  }

  function ban({ shape, retryAfterSeconds, remoteAddress = EVERYBODY }: Ban, now: number): void {
    bans.set(remoteAddress, {
      shape,
      endsAt: retryAfterSeconds === undefined ? null : now + retryAfterSeconds * 1000,
    });
  }

  function invalidWindow(remoteAddress: string): UseWindow | null {
    const current = limiter.limits().invalid;
    if (current !== rule) invalid.clear();
    rule = current;
    if (rule === null) return null;
    const window = invalid.get(remoteAddress) ?? createUseWindow(rule);
    invalid.set(remoteAddress, window);
    return window;
  }

  return {
    check: ({ remoteAddress, userAgent }, now) => {
      if (bans.size > 0) {
        const found = standing(EVERYBODY, now) ?? standing(remoteAddress, now);
        if (found !== null) {
          return { shape: found.shape, retryAfterSeconds: found.endsAt === null ? null : (found.endsAt - now) / 1000 };
        }
      }
      return UNWANTED_AGENT.test(userAgent) ? { shape: "user-agent-1010", retryAfterSeconds: null } : null;
    },
    ban,
    unban: () => {
      bans.clear();
      invalid.clear();
    },
    countInvalid: (remoteAddress, now) => {
      const window = invalidWindow(remoteAddress);
      if (window === null || rule === null) return false;
      window.use(now);
      if (window.remaining(now) > 0) return false;
      const { banShape = "cloudflare-1015-text", banSeconds = 3600 } = rule;
      ban({ shape: banShape, retryAfterSeconds: banSeconds, remoteAddress }, now);
      invalid.delete(remoteAddress);
      return true;
    },
    isBanning: (now) => [...bans.keys()].some((key) => standing(key, now) !== null),
  };
}
