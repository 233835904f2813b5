/**
 * Decides for each notification of a message that has failed whether the failure is about it. Pure.
 *
 * Upstream   a channel, which says what the remote named where it named something.
 * Downstream aftermath.ts: what is judged goes on by its verdict, the rest simply goes again.
 *
 * Must stay true: of a refused message at least one is judged, or goes alone from then on, so that refusals come to an end.
 */
import type { SendFailure } from "./channel.ts";

export interface Blame {
  /** The failure that is this one's own; `null` when it goes again as it is. */
  readonly failure: SendFailure | null;
  /** It shares no message any more. */
  readonly alone: boolean;
}

const CLEARED: Blame = { failure: null, alone: false };
/** Which of several was refused cannot be told: each finds out by itself. */
const SUSPECTED: Blame = { failure: null, alone: true };

/** @returns in the order of the message, of which there were `count` */
export function blame(failure: SendFailure, count: number): readonly Blame[] {
  const all = (one: Blame): readonly Blame[] => Array.from({ length: count }, () => one);
  // What was to be changed is gone for all of them.
  if (failure.kind !== "rejected" || failure.degradeBy === "anew" || count === 1) return all({ failure, alone: false });
  const named = failure.culprits?.filter(({ index }) => index >= 0 && index < count) ?? [];
  if (named.length === 0) return all(SUSPECTED);
  const blames = [...all(CLEARED)];
  for (const { index, degradeBy } of named) blames[index] = { failure: { ...failure, degradeBy }, alone: true };
  return blames;
}
