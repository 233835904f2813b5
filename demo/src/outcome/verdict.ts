/**
 * Compares what was said with what has arrived, and decides whether the demo has shown what it is there to show.
 *
 * Pure.
 */
import { IMPORT_FAILED } from "../shop/notices.ts";
import type { Kept } from "./database.ts";

export interface Facts {
  /** How long it ran. */
  readonly ranMs: number;
  /** It ran to its own end; otherwise somebody ended it. */
  readonly finished: boolean;
  /** Values that devices sent, and those that the broker has acknowledged. */
  readonly readings: { readonly sent: number; readonly acknowledged: number };
  readonly kept: Kept;
  /** Notifications of the web shop by title. */
  readonly told: ReadonlyMap<string, number>;
  /** Those of them that had not been sent at the end. */
  readonly unsent: number;
  /** Those of them that the library has given up, and said so. */
  readonly failed: number;
  readonly discord: {
    readonly titles: ReadonlyMap<string, number>;
    readonly messages: number;
    readonly embeds: number;
    readonly rateLimited: number;
    readonly refused: number;
    readonly faults: number;
  };
  /** What must have arrived at least once by now. */
  readonly expected: readonly Expected[];
}

export type Expected = "threshold alert" | "offline alert" | "application error";

export interface Verdict {
  /** What was said and is not in Discord, without being queued or known to have failed. */
  readonly lost: number;
  /** What is in Discord more often than it was said. */
  readonly repeated: number;
  /** Alerts by kind that are in Discord. */
  readonly arrived: Readonly<Record<Expected, number>>;
  /** Readings held back by the cooldown count once per cooldown. */
  readonly heldBack: number;
  /** What had not left yet when it ended. */
  readonly queued: number;
  /** What was given up. */
  readonly failed: number;
  /** What is wrong, in sentences; empty when all is well. */
  readonly problems: readonly string[];
}

/** What the history calls alerts that will not be sent any more. */
const GIVEN_UP: ReadonlySet<string> = new Set(["failed", "dropped", "expired", "partial", "skipped"]);

export function judge(facts: Facts): Verdict {
  const { discord, kept, told, readings, finished } = facts;
  const said = titlesSaid(told, kept);
  const queued = facts.unsent + countOf(kept, ({ delivery }) => delivery === "queued");
  const failed = facts.failed + countOf(kept, ({ delivery }) => GIVEN_UP.has(delivery));
  const lost = Math.max(0, excess(said, discord.titles) - queued - failed);
  const repeated = excess(discord.titles, said);
  const arrived = {
    "threshold alert": sumOf(discord.titles, (title) => title.startsWith("Plant Alert: ")),
    "offline alert": discord.titles.get("Device Offline") ?? 0,
    "application error": discord.titles.get(IMPORT_FAILED) ?? 0,
  };
  const unstored = readings.acknowledged - kept.readings;
  const problems = [
    ...facts.expected.filter((kind) => arrived[kind] === 0).map((kind) => `No ${kind} has arrived.`),
    // Whoever ends it early knows that something may be under way.
    ...(finished && queued > 0 ? [`Not sent when the time was up: ${queued}.`] : []),
    ...(failed > 0 ? [`Given up: ${failed}.`] : []),
    ...(lost > 0 ? [`Lost on the way to Discord: ${lost}.`] : []),
    // An answer that was lost on purpose may bring a message twice: that is the price of losing none.
    ...(repeated > discord.faults ? [`Sent more than once: ${repeated}.`] : []),
    ...(discord.rateLimited > 0 ? [`Requests that Discord refused as too many: ${discord.rateLimited}.`] : []),
    ...(discord.refused > 0 ? [`Requests that Discord refused for other reasons: ${discord.refused}.`] : []),
    ...(unstored > 0 ? [`Acknowledged readings that are not in the database: ${unstored}.`] : []),
  ];
  const heldBack = countOf(kept, ({ delivery }) => delivery === "not-sent");
  return { lost, repeated, arrived, heldBack, queued, failed, problems };
}

/** What should be in Discord: all of the shop's notifications, and the server's alerts but those that others tell as well. */
function titlesSaid(told: ReadonlyMap<string, number>, kept: Kept): ReadonlyMap<string, number> {
  const said = new Map(told);
  for (const { kind, plantName, delivery, count } of kept.alerts) {
    if (delivery === "not-sent" || delivery === "folded") continue;
    const title = kind === "offline" ? "Device Offline" : `Plant Alert: ${plantName}`;
    said.set(title, (said.get(title) ?? 0) + count);
  }
  return said;
}

/** By how many the first has more than the second, over all titles. */
function excess(first: ReadonlyMap<string, number>, second: ReadonlyMap<string, number>): number {
  return [...first].reduce((sum, [title, count]) => sum + Math.max(0, count - (second.get(title) ?? 0)), 0);
}

function sumOf(counts: ReadonlyMap<string, number>, wanted: (title: string) => boolean): number {
  return [...counts].reduce((sum, [title, count]) => sum + (wanted(title) ? count : 0), 0);
}

function countOf({ alerts }: Kept, wanted: (alert: Kept["alerts"][number]) => boolean): number {
  return alerts.reduce((sum, alert) => sum + (wanted(alert) ? alert.count : 0), 0);
}
