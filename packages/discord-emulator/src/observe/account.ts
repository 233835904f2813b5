/** Books what became of a request: log, counters, the count towards a ban, listeners. */
import type { EdgeGuard } from "../edge/guard.ts";
import type { Outcome } from "../http/outcome.ts";
import { readVersion } from "../http/route.ts";
import type { Events } from "./events.ts";
import type { Ledger } from "./ledger.ts";
import type { RequestLog } from "./request-log.ts";

export interface Books {
  readonly log: RequestLog;
  readonly ledger: Ledger;
  readonly guard: EdgeGuard;
  readonly events: Events;
}

export interface Visit {
  readonly now: number;
  readonly method: string;
  readonly path: string;
  readonly remoteAddress: string;
}

export function book({ now, method, path, remoteAddress }: Visit, outcome: Outcome, books: Books): void {
  const { log, ledger, guard, events } = books;
  const reply = "reply" in outcome ? outcome.reply : null;
  const limitedBy = reply?.limitedBy ?? null;
  const fault = faultOf(outcome);
  const status = reply?.status ?? null;

  ledger.count("requests");
  if (status === null) ledger.count("unanswered");
  else ledger.countStatus(status);
  if (fault !== null) ledger.count("faults");
  if (limitedBy === "edge") ledger.count("blocked");
  else if (limitedBy !== null) ledger.countLimited(limitedBy);
  if (isInvalid(status, limitedBy)) {
    ledger.count("invalid");
    if (guard.countInvalid(remoteAddress, now)) {
      ledger.count("bans");
      events.emit({ kind: "changed" });
    }
  }
  const webhookId = /\/webhooks\/(\d+)/.exec(path)?.[1] ?? null;
  const version = readVersion(path);
  const entry = { receivedAt: now, method, path, version, status, limitedBy, fault, webhookId, remoteAddress };
  log.add(entry);
  events.emit({ kind: "request", request: entry });
}

function faultOf(outcome: Outcome): string | null {
  return outcome.kind === "reply" ? (outcome.fault ?? null) : outcome.kind;
}

/**
 * What Discord counts: https://docs.discord.com/developers/topics/rate-limits#invalid-request-limit-aka-cloudflare-bans
 * What the edge turned away never got as far as being counted.
 */
function isInvalid(status: number | null, limitedBy: string | null): boolean {
  if (limitedBy === "edge" || limitedBy === "shared") return false;
  return status === 401 || status === 403 || status === 429;
}
