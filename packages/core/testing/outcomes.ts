/** The words of {@link SendOutcome} as one-liners, for scripting a fake channel. */
import type {
  Culprit,
  DegradeStep,
  LimitReport,
  MessageAddress,
  SendFailure,
  SendOutcome,
} from "../src/delivery/channel.ts";

/** What an outcome may say beside its kind. */
export interface OutcomeExtras {
  readonly status?: number;
  readonly code?: string;
  readonly limits?: LimitReport;
  /** Of what was delivered. */
  readonly address?: MessageAddress;
  /** Of what was rejected. */
  readonly culprits?: readonly Culprit[];
}

type Facts = Pick<SendFailure, "error" | "limits" | "countsAsInvalid">;

export function delivered(
  messageId: string | null = null,
  { status = 200, limits, address }: OutcomeExtras = {},
): SendOutcome {
  const where = address === undefined ? {} : { address };
  return { kind: "delivered", messageId, status, limits: limits ?? null, ...where };
}

/** `shared` limits (scope `pool`) do not count against the address, the others do. */
export function rateLimited(
  retryAfterMs: number | null,
  scope: "bucket" | "pool" | "global" = "bucket",
  extras: OutcomeExtras = {},
): SendOutcome {
  const facts = factsOf({ status: 429, code: "rate-limited", ...extras }, scope !== "pool");
  return { kind: "rate-limited", retryAfterMs, scope, ...facts };
}

export function unavailable(extras: OutcomeExtras = {}): SendOutcome {
  return { kind: "unavailable", ...factsOf({ status: 503, code: "http-503", ...extras }) };
}

export function ambiguous(extras: OutcomeExtras = {}): SendOutcome {
  return { kind: "ambiguous", ...factsOf({ status: 500, code: "http-500", ...extras }) };
}

export function rejected(degradeBy: DegradeStep | null = null, extras: OutcomeExtras = {}): SendOutcome {
  const named = extras.culprits === undefined ? {} : { culprits: extras.culprits };
  return { kind: "rejected", degradeBy, ...named, ...factsOf({ status: 400, code: "discord-50035", ...extras }) };
}

export function misconfigured(extras: OutcomeExtras = {}): SendOutcome {
  return { kind: "misconfigured", ...factsOf({ status: 404, code: "discord-10015", ...extras }) };
}

export function banned(retryAfterMs: number | null = null, extras: OutcomeExtras = {}): SendOutcome {
  return { kind: "banned", retryAfterMs, ...factsOf({ status: 429, code: "banned", ...extras }, true) };
}

function factsOf({ status, code, limits }: OutcomeExtras, countsAsInvalid = false): Facts {
  const error = { code: code ?? "scripted", message: `Scripted failure ${code ?? ""}.`, status: status ?? null };
  return { error, limits: limits ?? null, countsAsInvalid };
}
