/** What there is to see of a run while it goes on: what the invariants are checked against. */
import type { DeliveryEngine } from "../../src/delivery/engine.ts";
import type { SteadfastOutbox } from "../../src/delivery/steadfast-store.ts";
import type { VirtualClock } from "../virtual-clock.ts";
import type { Destinations } from "./destinations.ts";
import type { DiscordWorld } from "./discord-world.ts";
import type { StorePart } from "./faults.ts";
import type { Ledger } from "./ledger.ts";
import type { NotifyStep, PauseStep, Plan } from "./plan.ts";
import type { SilenceStep } from "./quiet.ts";

/** A notification at one of its destinations. */
export interface Taken {
  readonly name: string;
  /** Of the outbox: of what is held in quiet hours not the one that it is meant for. */
  readonly lane: string;
}

export interface Crash {
  /** From the start. */
  readonly at: number;
  /** The store owed something that the process had with it, or had never been there. */
  readonly owed: boolean;
}

/** In which a process may not know what earlier ones kept of something, because it could not read it at its start. From the start of the run. */
export interface BlindSpan {
  readonly part: StorePart;
  /** It could not open the store, and never knows. */
  readonly isInMemory: boolean;
  readonly from: number;
  /** As far as is known: later when it cannot be read again. */
  readonly until: number;
}

export interface Scene {
  readonly plan: Plan;
  readonly clock: VirtualClock;
  readonly startAt: number;
  readonly world: DiscordWorld;
  readonly destinations: Destinations;
  readonly ledger: Ledger;
  /** In the order in which they were handed over, whatever became of them. */
  readonly handed: readonly Taken[];
  /** Those that somebody was told are accepted. */
  readonly accepted: readonly Taken[];
  /** That the store has kept. */
  readonly silences: readonly SilenceStep[];
  /** Orders to pause that the store has kept. */
  readonly pauses: readonly PauseStep[];
  readonly crashes: readonly Crash[];
  readonly blindSpans: readonly BlindSpan[];
  /** That lives, or was the last to. */
  readonly process: ObservedProcess;
}

export interface ObservedProcess {
  readonly engine: Pick<DeliveryEngine, "book" | "status" | "heldAt">;
  readonly outbox: SteadfastOutbox;
  /** In one lane: what was accepted just before a crash has not passed the bound yet. */
  readonly mayWait: number;
  readonly isAlive: () => boolean;
  /** It could not open the store, and does without. */
  readonly isInMemory: boolean;
  /** What was handed over to it and has no verdict. */
  readonly unsettled: ReadonlySet<Taken>;
  /** It could not read what there was when it began, and has not asked again since it could. */
  readonly isBlind: () => boolean;
  /** Destinations that it knew before they came to lead where they do. */
  readonly redirected: ReadonlySet<string>;
  /** It could not when it began. */
  readonly wasBlind: boolean;
  /** How many are held in quiet hours for these destinations. */
  heldFor(isMeant: (destination: string) => boolean): number;
  /** Destinations that are, or were, known to it. */
  readonly homes: ReadonlySet<string>;
  /** The store can be read now. */
  readonly canRead: () => boolean;
  /** Reads that have failed and that nobody has been told of. */
  readonly unsaid: () => number;
}

/** Whether a process did not know of this part at that instant, from the start of the run. */
export function isUnknownAt({ blindSpans }: Pick<Scene, "blindSpans">, part: StorePart, at: number): boolean {
  return blindSpans.some((span) => span.part === part && span.from <= at && at < span.until);
}

/** The notifications of a plan, by name. */
export function stepsOf({ steps }: Plan): ReadonlyMap<string, NotifyStep> {
  return new Map(steps.flatMap((step) => (step.kind === "notify" ? [[step.name, step] as const] : [])));
}
