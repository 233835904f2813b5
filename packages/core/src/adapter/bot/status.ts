/**
 * The answer to `status`: how long the program has been up, and how each of its components is (row E6 of docs/coverage.md).
 *
 * Upstream health trackers. Downstream the message stage, which keeps it within Discord's limits. Pure.
 */
import type { ComponentStatus } from "../../health/component.ts";
import type { FieldInput, NotificationInput } from "../../notification/notification.ts";
import { compactDuration, durationInSeconds } from "../../notification/times.ts";

export type ShownComponent = Pick<
  ComponentStatus,
  "component" | "phase" | "since" | "acknowledgedBy" | "silencedUntil"
>;

export interface ProgramStatus {
  readonly program: string;
  /** Epoch milliseconds, as all instants here. */
  readonly startedAt: number;
  readonly components: readonly ShownComponent[];
}

const BLUE = 0x34_98_db;
/** Discord takes 25 fields; the first is the uptime. */
const MAX_COMPONENTS = 24;

export function statusMessage({ program, startedAt, components }: ProgramStatus, now: number): NotificationInput {
  const uptime = inline("Uptime", compactDuration(now - startedAt));
  return {
    title: `${program} Status`,
    color: BLUE,
    footer: null,
    timestamp: now,
    fields: [uptime, ...fieldsOf(components, now)],
  };
}

/** In the given order; of more than fit, those that are down come first, and the rest is counted. */
function fieldsOf(components: readonly ShownComponent[], now: number): FieldInput[] {
  const field = (shown: ShownComponent) => inline(shown.component, howItIs(shown, now));
  if (components.length <= MAX_COMPONENTS) return components.map(field);
  const sorted = [...components].sort((a, b) => Number(a.phase === "ok") - Number(b.phase === "ok"));
  const rest = sorted.slice(MAX_COMPONENTS - 1);
  const down = rest.filter(({ phase }) => phase !== "ok").length;
  const others = inline(`${rest.length} more`, down === 0 ? "OK" : `${down} DOWN, ${rest.length - down} OK`);
  return [...sorted.slice(0, MAX_COMPONENTS - 1).map(field), others];
}

function howItIs({ phase, since, acknowledgedBy, silencedUntil }: ShownComponent, now: number): string {
  if (phase === "ok") return "OK";
  const parts = [
    `${phase === "flapping" ? "FLAPPING" : "DOWN"}${since === null ? "" : ` (${durationInSeconds(now - since)})`}`,
    acknowledgedBy === null ? null : `acknowledged by ${acknowledgedBy}`,
    silencedUntil === null || silencedUntil <= now ? null : `silenced for ${compactDuration(silencedUntil - now)}`,
  ];
  return parts.filter((part) => part !== null).join(", ");
}

function inline(name: string, value: string): FieldInput {
  return { name, value, inline: true };
}
