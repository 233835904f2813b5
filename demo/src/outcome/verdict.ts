/**
 * Compares what was said with what has arrived, and decides whether the demo has shown what it is there to show.
 *
 * Pure.
 */
import type { Kept } from "./database.ts";

export interface Facts {
  /** How long it ran. */
  readonly ranMs: number;
  /** Values that devices sent, and those that the broker has acknowledged. */
  readonly readings: { readonly sent: number; readonly acknowledged: number };
  readonly kept: Kept;
  /** Notifications of the web shop by title. */
  readonly told: ReadonlyMap<string, number>;
  /** Those of them that the library has given no verdict on. */
  readonly unsettled: number;
  readonly discord: {
    readonly titles: ReadonlyMap<string, number>;
    readonly messages: number;
    readonly embeds: number;
    readonly rateLimited: number;
    readonly refused: number;
  };
  /** What must have arrived at least once by now. */
  readonly expected: readonly Expected[];
}

export type Expected = "threshold alert" | "offline alert" | "application error";

export interface Verdict {
  /** What was said and is not in Discord, and is not still queued either. */
  readonly lost: number;
  /** What is in Discord more often than it was said. */
  readonly repeated: number;
  /** Alerts by kind that are in Discord. */
  readonly arrived: Readonly<Record<Expected, number>>;
  /** Readings held back by the cooldown count once per cooldown. */
  readonly heldBack: number;
  /** What had not left yet when it ended. */
  readonly queued: number;
  /** What is wrong, in sentences; empty when all is well. */
  readonly problems: readonly string[];
}

const ERROR_TITLE = "Import failed";

export function judge(facts: Facts): Verdict {
  const { discord, kept, told, readings, unsettled } = facts;
  const said = titlesSaid(told, kept);
  const queued = unsettled + countOf(kept, ({ delivery }) => delivery === "queued");
  const lost = Math.max(0, excess(said, discord.titles) - queued);
  const repeated = excess(discord.titles, said);
  const arrived = {
    "threshold alert": sumOf(discord.titles, (title) => title.startsWith("Plant Alert: ")),
    "offline alert": discord.titles.get("Device Offline") ?? 0,
    "application error": discord.titles.get(ERROR_TITLE) ?? 0,
  };
  const unstored = readings.acknowledged - kept.readings;
  const problems = [
    ...facts.expected.filter((kind) => arrived[kind] === 0).map((kind) => `No ${kind} has arrived.`),
    ...(lost > 0 ? [`Lost on the way to Discord: ${lost}.`] : []),
    ...(repeated > 0 ? [`Sent more than once: ${repeated}.`] : []),
    ...(discord.rateLimited > 0 ? [`Discord refused ${discord.rateLimited} requests as too many.`] : []),
    ...(discord.refused > 0 ? [`Discord refused ${discord.refused} requests for other reasons.`] : []),
    ...(unstored > 0 ? [`Acknowledged readings that are not in the database: ${unstored}.`] : []),
  ];
  const heldBack = countOf(kept, ({ delivery }) => delivery === "not-sent");
  return { lost, repeated, arrived, heldBack, queued, problems };
}

/** What should be in Discord: all of the shop's notifications, and the server's alerts but those held back. */
function titlesSaid(told: ReadonlyMap<string, number>, kept: Kept): ReadonlyMap<string, number> {
  const said = new Map(told);
  for (const { kind, plantName, delivery, count } of kept.alerts) {
    if (delivery === "not-sent") continue;
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
