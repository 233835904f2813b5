/**
 * Tells in one notification what has waited for the end of quiet hours: how many of what, each alert that is still open, and what is over or
 * was only to be said.
 *
 * Upstream   what a destination has held back, in the order in which it came.
 * Downstream message, which renders it like any other. What is open comes first; the attached list has everything.
 *
 * Pure.
 */
import { lineOf } from "../notification/digest.ts";
import { normaliseNotification } from "../notification/normalise.ts";
import { type Notification, type NotificationId, SEVERITIES } from "../notification/notification.ts";

export interface SummaryContext {
  readonly id: NotificationId;
  readonly now: number;
  /** In which the times are told, e.g. `Europe/Berlin`. */
  readonly timeZone: string;
}

export interface Summary {
  readonly notification: Notification;
  /** Keys of what is still open, and so told by this. */
  readonly open: readonly string[];
  /** Keys of what has come to its end. */
  readonly over: readonly string[];
}

/** Shown in the text; the rest is in the list. */
const MAX_SHOWN = 15;
const MAX_LINES = 2_000;
const LONGEST_TITLE_CHARS = 120;

/** @param held one or more */
export function summarise(held: readonly Notification[], context: SummaryContext): Summary {
  const { open, over } = endsOf(held);
  const counts = countsOf(held, open.length);
  const worst = open.reduce<Notification | null>((a, b) => (a === null || rank(b) > rank(a) ? b : a), null);
  const input = {
    type: worst?.type ?? "general",
    severity: worst?.severity ?? "info",
    title: `While it was quiet: ${counts}`,
    message: textOf({ open, over, messages: held.filter(({ phase }) => phase === null) }, context.timeZone),
    labels: { [SUMMARY_LABEL]: String(held.length) },
    mentions: open.flatMap(({ mentions }) => mentions),
    priority: Math.max(0, ...open.map(({ priority }) => priority)),
    timestamp: context.now,
    files: [{ name: "alerts.txt", data: listOf(held), contentType: "text/plain; charset=utf-8" }],
  };
  return {
    notification: normaliseNotification(input, context),
    open: open.flatMap(({ key }) => key ?? []),
    over: over.flatMap(({ key }) => key ?? []),
  };
}

/** Label by which routes and people know a summary. */
const SUMMARY_LABEL = "tocsin-summary";

/** The last word on each matter decides. */
function endsOf(held: readonly Notification[]): {
  readonly open: readonly Notification[];
  readonly over: readonly Notification[];
} {
  const last = new Map<string, Notification>();
  for (const one of held) if (one.key !== null && one.phase !== null) last.set(one.key, one);
  const open = [...last.values()].filter(({ phase }) => phase === "firing");
  return { open, over: [...last.values()].filter(({ phase }) => phase === "resolved") };
}

/** `3 fired, 2 recovered, 1 still open, 4 messages`; without alerts only the messages. */
function countsOf(held: readonly Notification[], open: number): string {
  const fired = held.filter(({ phase }) => phase === "firing").length;
  const recovered = held.filter(({ phase }) => phase === "resolved").length;
  const messages = held.filter(({ phase }) => phase === null).reduce((sum, { count }) => sum + count, 0);
  const alerts = fired + recovered === 0 ? [] : [`${fired} fired`, `${recovered} recovered`, `${open} still open`];
  return [...alerts, ...(messages === 0 ? [] : [`${messages} ${messages === 1 ? "message" : "messages"}`])].join(", ");
}

interface Told {
  readonly open: readonly Notification[];
  readonly over: readonly Notification[];
  readonly messages: readonly Notification[];
}

/** Each under its heading, while there is room. */
function textOf({ open, over, messages }: Told, timeZone: string): string {
  const time = clockOf(timeZone);
  const began = (one: Notification): string => time.format(one.firstAt ?? one.timestamp ?? one.createdAt);
  const came = (one: Notification): string => time.format(one.timestamp ?? one.createdAt);
  const sections = [
    ["Still open", open.map((one) => `${nameOf(one)} (${one.severity}), since ${began(one)}`)],
    ["Over by now", over.map((one) => `${nameOf(one)}, ${came(one)}`)],
    ["Said meanwhile", messages.map((one) => `${nameOf(one)}${one.count > 1 ? ` ×${one.count}` : ""}, ${came(one)}`)],
  ] as const;
  const text: string[] = [];
  let room = MAX_SHOWN;
  for (const [heading, lines] of sections) {
    if (lines.length === 0) continue;
    text.push(text.length === 0 ? `${heading} (times of ${timeZone}):` : `${heading}:`);
    const shown = lines.slice(0, room).map((line) => `• ${line}`);
    const more = lines.length - shown.length;
    text.push(...shown, ...(more > 0 ? [`… ${shown.length > 0 ? "and " : ""}${more} more, in the attached list`] : []));
    room -= shown.length;
  }
  return text.join("\n");
}

function clockOf(timeZone: string): Intl.DateTimeFormat {
  const [numeric, short, two] = ["numeric", "short", "2-digit"] as const;
  return new Intl.DateTimeFormat("en-GB", {
    timeZone,
    day: numeric,
    month: short,
    hour: two,
    minute: two,
    hourCycle: "h23",
  });
}

function nameOf({ title, message, key }: Notification): string {
  return shortly(title ?? message ?? key ?? "");
}

function shortly(text: string): string {
  const line = [...text.replace(/\s+/g, " ").trim()];
  return line.length <= LONGEST_TITLE_CHARS ? line.join("") : `${line.slice(0, LONGEST_TITLE_CHARS - 1).join("")}…`;
}

function listOf(held: readonly Notification[]): string {
  const lines = held.slice(0, MAX_LINES).map((one) => `${lineOf(one)}\n`);
  const more = held.length > MAX_LINES ? `… and ${held.length - MAX_LINES} more, in history\n` : "";
  return lines.join("") + more;
}

function rank({ severity }: Notification): number {
  return SEVERITIES.indexOf(severity);
}
