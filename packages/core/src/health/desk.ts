/**
 * Where people act on the alerts of a program's components.
 *
 * Upstream   a bot, or whatever else asks people. Downstream the tracker, in whose turns everything happens.
 */
import type { Actor, AlertDesk, DeskAnswer, OpenAlert } from "../alert/desk.ts";
import { bounded } from "../notification/bounds.ts";
import { redactText } from "../preset/secrets.ts";
import { type Component, live, type Telling } from "./component.ts";

export interface TrackerDeskParts {
  readonly now: () => number;
  readonly components: () => Iterable<Component>;
  /** The key of its notifications. */
  readonly keyOf: (component: Component) => string;
  /** Tells what is to be told, and keeps the state. */
  readonly turn: (component: Component, act: () => Telling | null) => void;
}

/** Enough for any name of a person. */
const MAX_ACTOR_CHARS = 100;

export function createTrackerDesk({ now, components, keyOf, turn }: TrackerDeskParts): AlertDesk {
  function openAt(key: string): { readonly component: Component; readonly alert: OpenAlert } | null {
    for (const component of components()) {
      const alert = openAlert(component, keyOf);
      if (alert?.key === key) return { component, alert };
    }
    return null;
  }

  /** @param isSo whether there is nothing left to do */
  function answer(key: string, isSo: (alert: OpenAlert) => boolean, act: (component: Component) => void): DeskAnswer {
    const open = openAt(key);
    if (open === null) return { kind: "not-open" };
    const { component, alert } = open;
    if (isSo(alert)) return { kind: "already", alert };
    act(component);
    return { kind: "done", alert: openAlert(component, keyOf) ?? alert };
  }

  return {
    list() {
      const open = [...components()].map((component) => openAlert(component, keyOf)).filter((alert) => alert !== null);
      return open.sort((a, b) => a.since - b.since);
    },
    acknowledge: (key, actor) =>
      answer(
        key,
        ({ acknowledgedAt }) => acknowledgedAt !== null,
        (component) => {
          component.acknowledgedBy = nameOf(actor);
          turn(component, () => live(component, { kind: "acknowledge", now: now() }));
        },
      ),
    silence: (key, until) =>
      answer(
        key,
        ({ silencedUntil }) => silencedUntil !== null && silencedUntil >= until,
        (component) => turn(component, () => live(component, { kind: "silence", until, now: now() })),
      ),
    resolve: (key, actor) =>
      answer(
        key,
        () => false,
        (component) => turn(component, () => live(component, { kind: "resolve", now: now() }, nameOf(actor))),
      ),
  };
}

function openAlert(component: Component, keyOf: TrackerDeskParts["keyOf"]): OpenAlert | null {
  const { name, state, acknowledgedBy } = component;
  if (state.phase !== "firing" && state.phase !== "flapping") return null;
  const { phase, since, acknowledgedAt, silencedUntil } = state;
  return {
    key: keyOf(component),
    name: redactText(name),
    phase,
    since,
    acknowledgedAt,
    acknowledgedBy: acknowledgedAt === null ? null : acknowledgedBy,
    silencedUntil,
  };
}

function nameOf({ name }: Actor): string {
  return bounded(redactText(name), MAX_ACTOR_CHARS);
}
