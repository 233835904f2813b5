/** What outlives the processes of a run, and what is noted of them. */
import type { VirtualClock } from "../virtual-clock.ts";
import type { Destinations } from "./destinations.ts";
import type { DiscordWorld } from "./discord-world.ts";
import type { DiskParts, SimulatedDisk } from "./disk.ts";
import type { Ledger } from "./ledger.ts";
import type { PauseStep, Plan } from "./plan.ts";
import type { SilenceStep } from "./quiet.ts";
import type { BlindSpan, Crash, Taken } from "./scene.ts";

export interface Stage {
  readonly plan: Plan;
  readonly clock: VirtualClock;
  readonly startAt: number;
  readonly faults: DiskParts;
  readonly disk: SimulatedDisk;
  readonly world: DiscordWorld;
  readonly destinations: Destinations;
  readonly ledger: Ledger;
  readonly handed: Taken[];
  readonly accepted: Taken[];
  readonly pauses: PauseStep[];
  readonly silences: SilenceStep[];
  readonly crashes: Crash[];
  readonly blindSpans: BlindSpan[];
}
