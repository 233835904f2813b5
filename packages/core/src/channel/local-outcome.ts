/** Outcomes of channels that have no remote: nothing is limited, and nothing is in doubt. */
import type { ChannelCheck, SendFailure, SendOutcome } from "../delivery/channel.ts";

export const DELIVERED_HERE: SendOutcome = Object.freeze({
  kind: "delivered",
  messageId: null,
  status: null,
  limits: null,
});

export interface LocalFailure {
  /** `misconfigured`: it will not work until somebody acts. */
  readonly kind: "unavailable" | "misconfigured";
  readonly code: string;
  readonly message: string;
}

export function failedHere({ kind, code, message }: LocalFailure): SendFailure {
  return { kind, error: { code, message, status: null }, limits: null, countsAsInvalid: false };
}

export function checkedHere(failure: LocalFailure | null, detail: string): ChannelCheck {
  if (failure === null) return { ok: true, detail, poolKey: null };
  const { kind, code, message } = failure;
  return { ok: false, kind, error: { code, message, status: null } };
}

export const CLOSED: LocalFailure = Object.freeze({
  kind: "unavailable",
  code: "closed",
  message: "Sending was ended.",
});

/** The code of a system error such as `ENOSPC`; empty when it has none. */
export function errorCode(error: unknown): string {
  if (typeof error !== "object" || error === null) return "";
  const { code } = error as { code?: unknown };
  return typeof code === "string" ? code : "";
}
