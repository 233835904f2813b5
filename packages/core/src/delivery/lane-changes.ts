/**
 * Destinations that come, change and go while the engine runs.
 *
 * added     with everything that an earlier process knew of it, and what has waited for it since.
 * replaced  the lane stays, with its order and its pause; what waits goes to where it leads now, and what was known of where it led
 *           before is forgotten, but for the hidden limit that it shared: people replace webhooks within a channel of Discord. A request
 *           that is under way is finished first.
 * removed   takes nothing more. What waits goes to the fallback, or ends as `destination-removed`; the ends of what was told there are
 *           told by the fallback.
 *
 * Upstream   the notifier. Downstream lanes, facts and pauses; the engine, which looks at the lanes again.
 */
import type { Clock } from "../clock/clock.ts";
import type { AttemptError, Channel } from "./channel.ts";
import type { DeliveryEvent } from "./events.ts";
import type { Facts } from "./facts.ts";
import type { Front } from "./front.ts";
import { moveMatter } from "./in-place/note.ts";
import type { Lane } from "./lane/lane.ts";
import type { LaneOptions, Lanes } from "./lane/lanes.ts";
import { joinPool } from "./lane/limits.ts";
import type { Pauses } from "./pause.ts";
import type { Restore } from "./restore.ts";

export interface LaneChanges {
  /**
   * Adds a destination, or has the one of that name lead elsewhere; at once. The channel stays its owner's to close.
   *
   * @returns done when no request is under way any more to where it led before
   */
  set(name: string, channel: Channel, options?: LaneOptions): Promise<void>;
  /** Changes who takes over for it, and how ends are told there, where that is given; and nothing else. */
  refit(name: string, options: LaneOptions): void;
  /**
   * Takes a destination away, at once; also one that is only waited for since a restart.
   *
   * @param fallback of one that is only waited for
   * @returns done when no request is under way to it; `null` when nobody knows it
   */
  remove(name: string, fallback?: string | null): Promise<void> | null;
  /** Done when nothing waits or is under way there any more, when what does cannot go for now, or after so long. */
  emptied(name: string, withinMs: number): Promise<void>;
  /** Stops sending to this destination; what waits for it ends as `destination-disabled`. */
  disable(name: string, error: AttemptError): void;
  /** The destination turns out to be usable after all. */
  enable(name: string): void;
  /** Tells once more of what waits in this lane of the outbox without a destination, for whoever takes it up. */
  offer(lane: string): void;
  /** It shares the hidden limit of that key with others, and no longer the one that it was taken to share. */
  joinPool(name: string, poolKey: string): void;
}

export interface LaneChangesParts {
  readonly clock: Clock;
  readonly lanes: Lanes;
  readonly facts: Facts;
  readonly pauses: Pick<Pauses, "claim" | "drop">;
  readonly front: Pick<Front, "clear">;
  readonly restore: Pick<Restore, "claim" | "isAwaited" | "offer">;
  readonly onEvent: (event: DeliveryEvent) => void;
  readonly disable: (lane: Lane, error: AttemptError) => void;
  /** The lane's next turn may have changed. */
  readonly look: (lane: Lane) => void;
}

export function createLaneChanges(parts: LaneChangesParts): LaneChanges {
  const { clock, lanes, facts, pauses, front, restore, onEvent, look } = parts;

  function enable(lane: Lane): void {
    // What is known of where it led before does not count.
    if (lane.mode.mode === "sending") lane.mode = { mode: "sending", since: lane.mode.since };
    if (lane.mode.mode !== "disabled") return;
    lane.mode = { mode: "idle" };
    facts.laneChanged(lane);
    onEvent({ type: "lane-enabled", at: clock.now(), destination: lane.name });
  }

  function add(name: string, channel: Channel, options?: LaneOptions): Lane {
    const lane = lanes.set(name, channel, options);
    facts.claim(lane, lanes);
    pauses.claim(name);
    restore.claim(lane);
    return lane;
  }

  function replace(lane: Lane, channel: Channel, options?: LaneOptions): void {
    facts.forgetLane(lane);
    lanes.set(lane.name, channel, options);
    // Whoever begins anew has to know it before the first answer.
    if (lane.pool?.gate.key !== channel.limits.pool?.key) facts.poolLearned(lane);
    // Plans that were made for what it led to before are void.
    lane.version++;
    enable(lane);
  }

  return {
    set(name, channel, options) {
      const known = lanes.find(name);
      const type = lanes.get(name) === undefined ? "lane-added" : "lane-replaced";
      const landing = known === undefined ? Promise.resolve() : landed(known);
      if (known !== undefined) replace(known, channel, options);
      const lane = known ?? add(name, channel, options);
      onEvent({ type, at: clock.now(), destination: name, label: channel.label });
      look(lane);
      return landing;
    },
    refit: (name, options) => refitted(lanes.get(name), options),
    remove(name, fallback = null) {
      const lane = lanes.get(name) ?? (restore.isAwaited(name) ? add(name, NOWHERE, { fallback }) : null);
      if (lane === null) return null;
      pauses.drop(lane);
      facts.forgetLane(lane);
      lane.isRemoved = true;
      lane.version++;
      const successor = lane.fallback === null ? undefined : lanes.get(lane.fallback);
      for (const key of lane.told.keys()) moveMatter(key, { from: lane, to: successor ?? null });
      onEvent({ type: "lane-removed", at: clock.now(), destination: name, label: lane.channel.label });
      front.clear(lane, "destination-removed", null);
      return landed(lane);
    },
    emptied: (name, withinMs) => rested(lanes.get(name), clock, withinMs),
    disable(name, error) {
      const lane = lanes.get(name);
      if (lane === undefined) return;
      if (lane.mode.mode !== "sending") return parts.disable(lane, error);
      // The request that is under way has the last word.
      lane.isProven = false;
      lane.mode = { ...lane.mode, before: { mode: "disabled", since: clock.now(), error } };
    },
    enable(name) {
      const lane = lanes.get(name);
      if (lane === undefined) return;
      lane.isProven = true;
      const wasDisabled = lane.mode.mode === "disabled";
      enable(lane);
      if (wasDisabled) look(lane);
    },
    offer: (lane) => restore.offer(lane),
    joinPool(name, poolKey) {
      const lane = lanes.get(name);
      if (lane !== undefined) moveToPool(lane, poolKey, parts);
    },
  };
}

function refitted(lane: Lane | undefined, { fallback, recovery }: LaneOptions): void {
  if (lane === undefined) return;
  if (fallback !== undefined) lane.fallback = fallback;
  if (recovery !== undefined) lane.recovery = recovery;
}

function moveToPool(lane: Lane, poolKey: string, { lanes, clock, facts, look }: LaneChangesParts): void {
  joinPool(lane, poolKey, { gates: lanes.gates, now: clock.now() });
  facts.poolLearned(lane);
  // What it was taken to share may have held it up.
  look(lane);
}

async function rested(lane: Lane | undefined, clock: Clock, withinMs: number): Promise<void> {
  if (lane === undefined || !mayEmpty(lane, clock.now() + withinMs)) return;
  const over = new AbortController();
  const late = clock.sleep(withinMs, over.signal).catch(() => {});
  await Promise.race([new Promise<void>((resolve) => lane.rested.push(resolve)), late]);
  over.abort();
}

/** Whether something waits or is under way there that may be told by then. */
function mayEmpty({ mode, queue, beyond, isRemoved }: Lane, untilAt: number): boolean {
  if (isRemoved || mode.mode === "disabled" || (mode.mode === "waiting" && mode.until > untilAt)) return false;
  return mode.mode === "sending" || queue.size + beyond > 0;
}

function landed(lane: Lane): Promise<void> {
  if (lane.mode.mode !== "sending") return Promise.resolve();
  return new Promise((resolve) => lane.landed.push(resolve));
}

const UNKNOWN: AttemptError = { code: "unknown-destination", message: "Nobody knows where it led.", status: null };

/** Of a destination that is waited for and does not come: nothing is ever sent through it. */
const NOWHERE: Channel = Object.freeze({
  kind: "none",
  label: "unknown",
  limits: { egress: null, pool: null, bucket: null },
  send: () => Promise.resolve({ kind: "misconfigured", error: UNKNOWN, limits: null, countsAsInvalid: false } as const),
  check: () => Promise.resolve({ ok: false, kind: "misconfigured", error: UNKNOWN } as const),
  close: () => Promise.resolve(),
});
