/** Silences and quiet hours of a simulated run. */
import type { Span } from "./faults.ts";
import type { NotifyStep, Step } from "./plan.ts";
import { MINUTE_MS, pick } from "./random.ts";

/** Somebody wants nothing of this for a while. */
export interface SilenceStep extends Span {
  readonly kind: "silence";
  readonly about: string;
}

/** What a silence can be about. */
export function aboutOf({ key }: Pick<NotifyStep, "key">): string {
  return key ?? "none";
}

const ABOUT = ["none", "key-0", "key-1", "key-2", "matter-key-0", "matter-key-1", "matter-key-2"] as const;
const MOST_SILENCES = 4;

export function drawSilences(random: () => number, durationMs: number): SilenceStep[] {
  return Array.from({ length: Math.floor(random() * (MOST_SILENCES + 1)) }, () => {
    const at = Math.floor(random() * durationMs);
    return { kind: "silence", at, until: at + 1 + Math.floor(random() * 20 * MINUTE_MS), about: pick(random, ABOUT) };
  });
}

/** Whole minutes from the start, which is midnight. */
export function drawQuietHours(random: () => number, durationMs: number): readonly Span[] {
  const minutes = durationMs / MINUTE_MS;
  return Array.from({ length: pick(random, [0, 1, 1, 2]) }, () => {
    const from = Math.floor(random() * minutes);
    return { at: from * MINUTE_MS, until: (from + 2 + Math.floor(random() * 30)) * MINUTE_MS };
  });
}

/** Some of what has one destination is not to be heard in quiet hours. */
export function withQuiet(random: () => number, steps: readonly Step[]): Step[] {
  const share = pick(random, [0, 0.2, 0.8]);
  return steps.map((step) =>
    step.kind === "notify" && step.lanes.length === 1 && random() < share ? { ...step, isQuiet: true } : step,
  );
}

/** As people write them. */
export function textOf({ at, until }: Span): string {
  return `${timeOf(at)}-${timeOf(until)}`;
}

function timeOf(at: number): string {
  const minutes = at / MINUTE_MS;
  const two = (n: number): string => String(n).padStart(2, "0");
  return `${two(Math.floor(minutes / 60) % 24)}:${two(minutes % 60)}`;
}

/** When what came at this instant may be heard; `null` for at once. */
export function quietEnd(hours: readonly Span[], at: number): number | null {
  const now = hours.filter((span) => span.at <= at && at < span.until);
  return now.length === 0 ? null : Math.max(...now.map(({ until }) => until));
}
