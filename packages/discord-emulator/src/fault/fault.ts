/**
 * What can be made to go wrong with a request, of a webhook or of a bot, and when.
 *
 * A fault strikes requests that have passed all gates: known webhook, right token, within the limits. `store` says on
 * which side of the storing it strikes; `after` strikes only when the request did succeed, so that a fault never hides
 * a refusal.
 */

export interface FaultMatch {
  readonly webhookId?: string;
  /** Looked for in the path, as in `/messages`. */
  readonly pathIncludes?: string;
  readonly method?: string;
  /** Looked for in the body as it came over the wire. */
  readonly contentIncludes?: string;
}

/** `before`: nothing happens to the message. `after`: it is stored, and only the answer suffers. @defaultValue "before" */
export type StoreSide = "before" | "after";

export type FaultAction =
  /** Any status in place of the answer. */
  | {
      readonly kind: "status";
      readonly status: number;
      /** @defaultValue "json" */
      readonly body?: "json" | "html" | "text" | "empty";
      readonly retryAfterSeconds?: number;
      readonly store?: StoreSide;
    }
  /** The connection is reset without an answer. */
  | { readonly kind: "reset"; readonly store?: StoreSide }
  /**
   * The answer hangs: before its first byte (`headers`), or in the middle of its body (`body`; an answer without a body
   * hangs before its first byte). Without `ms` for ever, that is until the client gives up.
   */
  | {
      readonly kind: "stall";
      readonly ms?: number;
      /** @defaultValue "headers" */
      readonly phase?: "headers" | "body";
      readonly store?: StoreSide;
    }
  /** The answer is right, but its body takes this long, piece by piece. */
  | { readonly kind: "slow-body"; readonly ms: number }
  /** A 429 out of turn. The second group of figures is for headers and body that disagree. */
  | {
      readonly kind: "rate-limit";
      readonly retryAfterMs: number;
      /** @defaultValue "user" */
      readonly scope?: "user" | "shared" | "global";
      /** In the body instead of `retryAfterMs`. */
      readonly bodyRetryAfterMs?: number;
      /** In X-RateLimit-Reset-After instead of `retryAfterMs`. */
      readonly resetAfterMs?: number;
      /** In X-RateLimit-Remaining. @defaultValue 0 */
      readonly remaining?: number;
    }
  /** 204 for a message that is not saved. Strikes only where nobody waits for the message. */
  | { readonly kind: "lose" }
  /** The webhook is deleted just before this request. */
  | { readonly kind: "delete-webhook" }
  /** The webhook's token changes just before this request. */
  | { readonly kind: "break-token" };

export interface Fault {
  readonly match?: FaultMatch;
  /** How often it strikes; without it, for ever. */
  readonly times?: number;
  /** Chance of striking a request that matches, 0 to 1, drawn from the emulator's seed. @defaultValue 1 */
  readonly probability?: number;
  readonly do: FaultAction;
}

export interface ArmedFault {
  readonly action: FaultAction;
  /** Uses up one of its times. */
  readonly strike: () => void;
}

export interface FaultTarget {
  /** Null for a call of a bot. */
  readonly webhookId: string | null;
  readonly path: string;
  readonly method: string;
  readonly bytes: Buffer;
}

export interface FaultBox {
  /** Returns the function that takes it out again. @throws RangeError for a probability or a count that is none. */
  readonly add: (fault: Fault) => () => void;
  readonly clear: () => void;
  /** The first that matches, in the order they were added. */
  readonly pick: (target: FaultTarget) => ArmedFault | null;
  /** How many are waiting. */
  readonly size: () => number;
}

interface Entry {
  readonly fault: Fault;
  left: number;
}

export function createFaultBox(chance: () => number): FaultBox {
  const entries = new Set<Entry>();

  return {
    add: (fault) => {
      checkFault(fault);
      const entry = { fault, left: fault.times ?? Number.POSITIVE_INFINITY };
      entries.add(entry);
      return () => entries.delete(entry);
    },
    clear: () => entries.clear(),
    pick: (target) => {
      for (const entry of entries) {
        if (!matches(entry.fault.match, target)) continue;
        if (entry.fault.probability !== undefined && chance() >= entry.fault.probability) continue;
        return { action: entry.fault.do, strike: () => strike(entry) };
      }
      return null;
    },
    size: () => entries.size,
  };

  function strike(entry: Entry): void {
    entry.left -= 1;
    if (entry.left <= 0) entries.delete(entry);
  }
}

function matches(match: FaultMatch | undefined, { webhookId, path, method, bytes }: FaultTarget): boolean {
  if (match === undefined) return true;
  if (match.webhookId !== undefined && match.webhookId !== webhookId) return false;
  if (match.pathIncludes !== undefined && !path.includes(match.pathIncludes)) return false;
  if (match.method !== undefined && match.method.toUpperCase() !== method) return false;
  return match.contentIncludes === undefined || bytes.includes(match.contentIncludes);
}

function checkFault({ times, probability }: Fault): void {
  if (times !== undefined && !(Number.isInteger(times) && times >= 1)) {
    throw new RangeError(`times must be a whole number from 1, got ${times}`);
  }
  if (probability !== undefined && !(probability >= 0 && probability <= 1)) {
    throw new RangeError(`probability must be from 0 to 1, got ${probability}`);
  }
}
