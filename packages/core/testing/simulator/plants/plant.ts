/** A fault for the engine or the store, with the invariant that has to find it. */
import type { Violation } from "../violation.ts";

export interface Plant {
  readonly name: string;
  /** Below src. */
  readonly file: string;
  readonly from: string;
  readonly to: string;
  /** Any of these, where it depends on what is under way. */
  readonly found: Violation["invariant"] | readonly Violation["invariant"][];
  /** From which seed on to look; near one that is known to bite. @defaultValue 1 */
  readonly seed?: number;
}
