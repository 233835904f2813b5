/**
 * How the end of a matter is told where its beginning stands already: the words for it, and what the beginning looks like
 * once it is over. Pure.
 *
 * Upstream   destinations and routes, which choose. Downstream delivery, which carries it out.
 */
import type { Notification, Over } from "./notification.ts";
import { durationInUnits, durationInWords } from "./times.ts";

/**
 * `new`: in a message of its own, as anything else. `edit`: the first message is changed to its resolved form, which notifies
 * nobody. `answer`: in a message that points at the first one, or stands in its thread. `both`: changed, and answered.
 */
export const RECOVERIES = ["new", "edit", "answer", "both"] as const;
export type Recovery = (typeof RECOVERIES)[number];

/** See docs/decisions/0009-recovery-in-place.md. */
export const DEFAULT_RECOVERY: Recovery = "new";

/** Of an end that is no recovery: what was wrong has been given up, or put aside by hand. */
export const ENDED_LABEL = "tocsin-ended";

/** When a matter began, by what its first notification says. Epoch milliseconds. */
export function beginningOf({ firstAt, timestamp, createdAt }: Notification): number {
  return firstAt ?? timestamp ?? createdAt;
}

/** From when to when it lasted, by what both say of themselves. */
export function overOf(firing: Notification, resolved: Notification, since = beginningOf(firing)): Over {
  const until = Math.max(since, resolved.timestamp ?? resolved.createdAt);
  return {
    since,
    until,
    ...(saysDuration(resolved.message ?? "", until - since) ? { isSaid: true } : {}),
    ...(resolved.labels !== null && ENDED_LABEL in resolved.labels ? { isEnded: true } : {}),
  };
}

/** Recoveries of components say in their own words how long it was (E4): nobody wants to read that twice. */
function saysDuration(text: string, durationMs: number): boolean {
  const wordings = [durationInWords(durationMs), durationInUnits(durationMs)];
  return wordings.some((wording) => new RegExp(`(?<!\\d)${wording}\\b`).test(text));
}

/**
 * The beginning as it is shown once it is over: everything that it said, that it is over, and what the end has to say.
 *
 * @param since for a follow-up, when its matter began
 */
export function resolvedForm(firing: Notification, resolved: Notification, since?: number): Notification {
  // Text of one and markdown of the other cannot stand in one message.
  const end = resolved.format === firing.format ? resolved.message : null;
  const texts = [end, firing.message].filter((text) => text !== null);
  return {
    ...firing,
    phase: "resolved",
    // Nothing is left to be done about it.
    actions: null,
    title: firing.title === null ? "Resolved" : `Resolved: ${firing.title}`,
    message: texts.length === 0 ? null : texts.join("\n"),
    color: resolved.color,
    over: overOf(firing, { ...resolved, message: end }, since),
  };
}

/** `Was down 12 min, back since 14:05 UTC.` `time` says the instant in the channel's own way. */
export function overText({ since, until, isSaid, isEnded }: Over, time: (at: number) => string = utcTimeOfDay): string {
  const lasted = durationInUnits(until - since);
  if (isEnded) return `Over since ${time(until)}${isSaid ? "" : `, after ${lasted}`}.`;
  return isSaid ? `Back since ${time(until)}.` : `Was down ${lasted}, back since ${time(until)}.`;
}

/** `14:05 UTC`: of the day in question, which the message's own timestamp tells. */
function utcTimeOfDay(at: number): string {
  return `${new Date(at).toISOString().slice(11, 16)} UTC`;
}
