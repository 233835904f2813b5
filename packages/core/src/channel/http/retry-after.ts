/**
 * Reads figures from headers, and how long an answer asks to wait. Figures are optional and now and then nonsense, so each
 * is taken only if it can be true. Pure.
 */
import type { IncomingHttpHeaders } from "node:http";

/** A wait is never taken to be longer than a week. */
const MAX_WAIT_S = 604_800;

/**
 * The `Retry-After` header, in milliseconds; `null` when there is none that makes sense. A date in it is read against the
 * answer's own `Date`, so that this machine's clock does not matter.
 *
 * https://www.rfc-editor.org/rfc/rfc9110#field.retry-after
 */
export function headerWaitMs(headers: IncomingHttpHeaders): number | null {
  const asked = headers["retry-after"];
  return toMs(seconds(asked) ?? secondsUntil(asked, headers.date));
}

/** Seconds in milliseconds, rounded up. */
export function toMs(value: number | null): number | null {
  // Rounded first: 0.3 s times 1000 is a little more than 300.
  return value === null ? null : Math.ceil(Math.round(value * 1_000_000) / 1_000);
}

export function seconds(value: unknown): number | null {
  const number = numberOf(value);
  return number === null || number < 0 ? null : Math.min(number, MAX_WAIT_S);
}

export function wholeNumber(value: unknown): number | null {
  const number = numberOf(value);
  return number === null || number < 0 || !Number.isInteger(number) ? null : number;
}

function secondsUntil(until: string | undefined, now: string | undefined): number | null {
  if (until === undefined || now === undefined || numberOf(until) !== null) return null;
  const waitS = (Date.parse(until) - Date.parse(now)) / 1_000;
  return Number.isNaN(waitS) ? null : seconds(Math.max(0, waitS));
}

function numberOf(value: unknown): number | null {
  const text = Array.isArray(value) ? value[0] : value;
  if (typeof text === "number") return Number.isFinite(text) ? text : null;
  if (typeof text !== "string" || text.trim() === "") return null;
  const number = Number(text);
  return Number.isFinite(number) ? number : null;
}
