/**
 * Watches over the components of a program: takes their successes and failures, and tells when one is down, still down, and back.
 *
 * Everything happens in the caller's turn, is cheap, and throws nothing: sending is the notifier's business. Silence means healthy;
 * the one timer waits for the next reminder, if one is due at all.
 *
 * Upstream   applications. Downstream the notifier, through {@link Teller}.
 */
import { ALERT_ACTIONS, type AlertDesk } from "../alert/desk.ts";
import { nextDueAt } from "../alert/life-cycle.ts";
import { type Alarm, createAlarm } from "../clock/alarm.ts";
import type { Clock } from "../clock/clock.ts";
import type { PatientMemory } from "../delivery/outbox.ts";
import { bounded } from "../notification/bounds.ts";
import type { NotificationInput } from "../notification/notification.ts";
import { readable } from "../notification/readable.ts";
import {
  type Component,
  type ComponentStatus,
  fail,
  live,
  newComponent,
  statusOf,
  succeed,
  type Telling,
} from "./component.ts";
import { createTrackerDesk } from "./desk.ts";
import { describeFailure } from "./failure.ts";
import type { HealthTracker } from "./health-tracker.ts";
import { drop, type Kept, keep, recall } from "./memory.ts";
import { componentMessage, keyOf, startedMessage, stoppedMessage, warningMessage } from "./messages.ts";
import { type ComponentOptions, defineComponent, type HealthSettings } from "./options.ts";

/** The part of a notifier that a tracker needs. */
export interface Teller {
  notify(input: NotificationInput): { readonly settled: Promise<unknown> };
}

export interface TrackerParts {
  readonly settings: HealthSettings;
  readonly teller: Teller;
  readonly clock: Clock;
  /** What survives a restart; `null` when nothing does. */
  readonly memory: PatientMemory | null;
  /** Whether that is elsewhere and answers in a moment: what is reported before is taken then. */
  readonly awaitsMemory: boolean;
  readonly logger: { warn(message: string): void; error(message: string): void };
}

const STOP_MESSAGE_MS = 2_000;
const MAX_NAME_CHARS = 500;
/** Beyond these it is taken without. */
const MAX_EARLY = 10_000;
/** Names that are made up at run time (one per request, say) must not fill the memory. */
const MAX_COMPONENTS = 100_000;

export class LiveTracker implements HealthTracker {
  readonly program: string;
  readonly #parts: TrackerParts;
  readonly #components = new Map<string, Component>();
  readonly #alarm: Alarm<Component>;
  #isFull = false;
  /** What is reported before it is known what earlier processes kept; `null` once it is. */
  #early: (() => void)[] | null = null;
  /** Whether somebody takes what people want to do. */
  #isAttended = false;
  #stopping: Promise<void> | null = null;
  #isOver = false;

  constructor(parts: TrackerParts) {
    this.#parts = parts;
    this.program = parts.settings.program;
    for (const [name, rules] of parts.settings.components) this.#components.set(name, newComponent(name, rules));
    this.#alarm = createAlarm(parts.clock, (component, now) =>
      this.#contain(() => this.#turn(component, () => live(component, { kind: "time", now }))),
    );
    this.#contain(() => this.#goOn());
  }

  /** Goes on from where an earlier process stopped: nothing is told a second time, and no recovery is forgotten. */
  #goOn(): void {
    const { memory, settings, awaitsMemory } = this.#parts;
    if (memory === null) return;
    if (awaitsMemory) this.#early = [];
    recall(memory, settings.program, (kept) => {
      for (const [name, one] of kept) this.#takeUp(name, one);
      this.#takeEarly();
    });
  }

  #takeUp(name: string, kept: Kept): void {
    const component = this.#isOver ? null : this.#componentOf(name);
    if (component === null) return;
    Object.assign(component, kept);
    this.#alarm.set(component, nextDueAt(component.rules.policy, component.state));
  }

  #takeEarly(): void {
    const early = this.#early ?? [];
    this.#early = null;
    for (const take of early) this.#contain(take);
  }

  recordSuccess(name: string): void {
    this.#report(name, (component, now) => succeed(component, now));
  }

  recordFailure(name: string, error?: unknown): void {
    this.#report(name, (component, now) => fail(component, describeFailure(error), now));
  }

  watch<Args extends readonly unknown[], Result>(
    name: string,
    call: (...args: Args) => Result | PromiseLike<Result>,
  ): (...args: Args) => Promise<Result> {
    return async (...args) => {
      try {
        const result = await call(...args);
        this.recordSuccess(name);
        return result;
      } catch (error) {
        this.recordFailure(name, error);
        throw error;
      }
    };
  }

  status(): readonly ComponentStatus[] {
    return [...this.#components.values()].map(statusOf);
  }

  desk(): AlertDesk {
    this.#isAttended = true;
    const { clock, settings } = this.#parts;
    return createTrackerDesk({
      now: () => clock.now(),
      components: () => this.#components.values(),
      keyOf: (component) => keyOf(settings, component),
      turn: (component, act) => this.#turn(component, act),
    });
  }

  statusOf(name: string): ComponentStatus | null {
    const component = this.#components.get(nameOf(name));
    return component === undefined ? null : statusOf(component);
  }

  configure(name: string, options: ComponentOptions): void {
    const rules = defineComponent(name, options, this.#parts.settings.defaults);
    const component = this.#componentOf(name);
    if (component === null) return;
    component.rules = rules;
    this.#alarm.set(component, nextDueAt(rules.policy, component.state));
  }

  forget(name: string): void {
    const component = this.#components.get(nameOf(name));
    if (component === undefined) return;
    this.#components.delete(component.name);
    this.#alarm.set(component, null);
    const { memory, settings } = this.#parts;
    if (memory !== null) drop(memory, settings.program, component.name)?.catch(() => {});
  }

  started(config?: unknown): void {
    this.#tell((now) => startedMessage(this.#parts.settings, config, now));
  }

  warning(title: string, detail?: string): void {
    const text = { title: readable(title), detail: detail === undefined ? undefined : readable(detail) };
    this.#tell((now) => warningMessage(this.#parts.settings, { ...text, now }));
  }

  stopping(reason?: string): Promise<void> {
    this.#stopping ??= this.#announceStop(reason);
    return this.#stopping;
  }

  /** Nothing more is tracked, and no timer is left. */
  end(): void {
    this.#takeEarly();
    this.#isOver = true;
    this.#alarm.end();
  }

  async #announceStop(reason: string | undefined): Promise<void> {
    this.end();
    const { clock, settings, teller } = this.#parts;
    const done = new AbortController();
    try {
      const text = reason === undefined ? undefined : readable(reason);
      const { settled } = teller.notify(stoppedMessage(settings, text, clock.now()));
      await Promise.race([settled, clock.sleep(STOP_MESSAGE_MS, done.signal)]);
    } catch (cause) {
      this.#complain(cause);
    } finally {
      done.abort();
    }
  }

  #report(name: string, turn: (component: Component, now: number) => Telling | null): void {
    if (this.#isOver) return;
    this.#contain(() => {
      const now = this.#parts.clock.now();
      const take = (): void => {
        const component = this.#componentOf(name);
        if (component !== null) this.#turn(component, () => turn(component, now));
      };
      if (this.#early === null) return take();
      this.#early.push(take);
      if (this.#early.length >= MAX_EARLY) this.#takeEarly();
    });
  }

  #componentOf(given: string): Component | null {
    const known = this.#components.get(given);
    if (known !== undefined) return known;
    const name = nameOf(given);
    const bound = this.#components.get(name);
    if (bound !== undefined) return bound;
    if (this.#components.size >= MAX_COMPONENTS) {
      if (!this.#isFull)
        this.#parts.logger.warn(
          `more than ${MAX_COMPONENTS} components are reported; the further ones are not tracked`,
        );
      this.#isFull = true;
      return null;
    }
    const component = newComponent(name, this.#parts.settings.defaults);
    this.#components.set(name, component);
    return component;
  }

  /** Tells what is to be told, and when the state has changed keeps it, and sets the alarm for what time alone will bring. */
  #turn(component: Component, act: () => Telling | null): void {
    const before = component.state;
    const telling = act();
    const { memory, settings, teller } = this.#parts;
    const actions = this.#isAttended ? ALERT_ACTIONS : [];
    if (telling !== null) teller.notify(componentMessage({ ...settings, actions }, telling));
    if (component.state === before) return;
    this.#alarm.set(component, nextDueAt(component.rules.policy, component.state));
    // A fact that could not be written costs one repetition after a restart, nothing else.
    if (memory !== null) keep(memory, settings.program, component)?.catch(() => {});
  }

  #tell(message: (now: number) => NotificationInput): void {
    if (this.#isOver) return;
    this.#contain(() => this.#parts.teller.notify(message(this.#parts.clock.now())));
  }

  #contain(act: () => void): void {
    try {
      act();
    } catch (cause) {
      this.#complain(cause);
    }
  }

  #complain(cause: unknown): void {
    try {
      this.#parts.logger.error(`health tracking failed: ${readable(cause)}`);
    } catch {
      // A logger that fails is no reason to take the program down.
    }
  }
}

function nameOf(given: string): string {
  return bounded(readable(given), MAX_NAME_CHARS);
}
