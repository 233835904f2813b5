/** All invariants that can be checked while a run goes on, after every step of virtual time, each against what is new since the last. */
import type { Scene } from "../scene.ts";
import type { Violation } from "../violation.ts";
import { watchBounds } from "./bounds.ts";
import { watchDestinations } from "./destinations.ts";
import { watchKeeping } from "./keeping.ts";
import { watchMemory } from "./memory.ts";
import { watchObedience } from "./obedience.ts";
import { watchOrder } from "./order.ts";
import { watchQuiet } from "./quiet.ts";
import { watchRepeats } from "./repeats.ts";
import { watchVerdicts } from "./verdicts.ts";

/** Looks at what is new. @returns what it breaks */
export type Watch = () => readonly Violation[];

export function watchAll(scene: Scene): Watch {
  const watches = [
    watchKeeping,
    watchVerdicts,
    watchOrder,
    watchRepeats,
    watchObedience,
    watchDestinations,
    watchQuiet,
    watchBounds,
    watchMemory,
  ].map((watch) => watch(scene));
  return () => watches.flatMap((look) => look());
}
