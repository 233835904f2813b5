/**
 * The notifications of a health tracker in their exact shapes, row E4 of docs/coverage.md.
 *
 * Upstream the tracker. Pure. Names and errors come from outside: channels escape them, and what looks like a secret is masked here.
 */

import type { AlertAction } from "../alert/desk.ts";
import { bounded } from "../notification/bounds.ts";
import type { FieldInput, NotificationInput } from "../notification/notification.ts";
import { ENDED_LABEL } from "../notification/recovery.ts";
import { durationInSeconds, durationInWords, utcTime } from "../notification/times.ts";
import { redactText } from "../preset/secrets.ts";
import type { Component, Telling } from "./component.ts";
import type { HealthSettings } from "./options.ts";
import { summariseConfiguration } from "./redact-configuration.ts";

const RED = 0xff_00_00;
const GREEN = 0x00_ff_00;
const BLUE = 0x34_98_db;
const GREY = 0x95_a5_a6;
const ORANGE = 0xff_a5_00;
const MAX_DETAIL_CHARS = 1_000;
/** As a critical alert: it has two seconds, and must not stand behind what has time. */
const LAST_WORDS_PRIORITY = 30;

type Program = Pick<HealthSettings, "program" | "type">;

/** What has to be told about a component, and what people may do about it. */
export interface Watched extends Program {
  readonly actions: readonly AlertAction[];
}

export function componentMessage(about: Watched, telling: Telling): NotificationInput {
  const { component, reason, before, now, resolvedBy } = telling;
  const name = redactText(component.name);
  const common = { ...commonOf(about, now), ...matterOf(about, component, name) };
  const { actions } = about;
  const since = before.phase === "ok" ? now : before.since;
  const changes = before.phase === "flapping" ? before.changes : 0;
  switch (reason) {
    case "fired":
    case "reminded":
      return { ...common, actions, ...failing(telling, detailOf(component)) };
    case "calmed-firing":
      return {
        ...common,
        actions,
        ...failing(telling, `No longer flapping after ${changes} changes, and down: ${detailOf(component)}`),
      };
    case "resolved":
      return {
        ...common,
        ...recovered(name, `${name} ${howItEnded(resolvedBy)} after ${durationInWords(now - since)}`),
        labels: { ...common.labels, ...(resolvedBy === null ? {} : { [ENDED_LABEL]: "1" }) },
      };
    case "calmed-ok":
      return { ...common, ...recovered(name, `${name} recovered, no longer flapping after ${changes} changes`) };
    case "flapping":
      return { ...common, actions, ...flapping(telling, name) };
  }
}

function failing({ component, now }: Telling, detail: string): Partial<NotificationInput> {
  // The state after the turn knows since when it fails; one that no longer flaps does since its last change.
  const since = component.state.phase === "ok" ? now : component.state.since;
  const name = redactText(component.name);
  return {
    title: `Error: ${name}`,
    message: detail,
    color: RED,
    phase: "firing",
    since,
    fields: [
      inline("Component", name),
      inline("Error Type", redactText(component.failure?.type ?? "Error")),
      inline("Failing For", durationInSeconds(now - since)),
      inline("Last Success", lastSuccessOf(component)),
    ],
  };
}

function howItEnded(resolvedBy: string | null): string {
  return resolvedBy === null ? "recovered" : `was resolved by ${redactText(resolvedBy)}`;
}

function recovered(name: string, message: string): Partial<NotificationInput> {
  return { title: `Recovered: ${name}`, message, color: GREEN, phase: "resolved" };
}

function flapping({ component }: Telling, name: string): Partial<NotificationInput> {
  const { state } = component;
  const [since, changes] = state.phase === "flapping" ? [state.since, state.changes] : [0, 0];
  return {
    title: `Flapping: ${name}`,
    message: `Flapping since ${utcTime(since)}, ${changes} changes`,
    color: ORANGE,
    phase: "firing",
    since,
    fields: [inline("Component", name), inline("Changes", changes), inline("Last Success", lastSuccessOf(component))],
  };
}

/** The program has begun, with this configuration. */
export function startedMessage(about: Program, config: unknown, now: number): NotificationInput {
  const fields = summariseConfiguration(config);
  return { ...commonOf(about, now), severity: "info", title: `${about.program} Started`, color: BLUE, fields };
}

/** The program ends, and why. */
export function stoppedMessage(about: Program, reason: string | undefined, now: number): NotificationInput {
  return {
    ...commonOf(about, now),
    severity: "info",
    title: `${about.program} Stopped`,
    message: reason === undefined ? undefined : bounded(redactText(reason), MAX_DETAIL_CHARS),
    color: GREY,
    priority: LAST_WORDS_PRIORITY,
  };
}

/** Something that is no failure of a component, and worth a look. */
export function warningMessage(
  about: Program,
  warning: { readonly title: string; readonly detail: string | undefined; readonly now: number },
): NotificationInput {
  const { title, detail, now } = warning;
  return {
    ...commonOf(about, now),
    severity: "warning",
    title: `Warning: ${redactText(title)}`,
    message: detail === undefined ? undefined : bounded(redactText(detail), MAX_DETAIL_CHARS),
    color: ORANGE,
  };
}

function commonOf({ program, type }: Program, now: number): NotificationInput {
  return { type, footer: `${program} Monitor`, timestamp: now, labels: { program } };
}

/** One severity for all of it: a recovery that took another way than its alert would not arrive where that was told. */
function matterOf(about: Program, component: Component, name: string): NotificationInput {
  const { program } = about;
  return { severity: component.rules.severity, key: keyOf(about, component), labels: { program, component: name } };
}

/** The key of everything told about a component. */
export function keyOf({ program }: Program, { name }: Pick<Component, "name">): string {
  return `health:${program}:${redactText(name)}`;
}

function detailOf({ failure }: Component): string {
  return bounded(redactText(failure?.detail ?? ""), MAX_DETAIL_CHARS);
}

function lastSuccessOf({ lastSuccessAt }: Component): string {
  return lastSuccessAt === null ? "Never" : utcTime(lastSuccessAt);
}

function inline(name: string, value: string | number): FieldInput {
  return { name, value, inline: true };
}
