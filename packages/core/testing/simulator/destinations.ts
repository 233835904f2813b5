/** Where the destinations of a run lead. People change that while it goes on; it outlives the processes, as a configuration does. */
import { LANES, type LaneName } from "./lanes.ts";

/** A webhook, as the destination of that name. */
export interface Target {
  readonly lane: LaneName;
  readonly webhook: string;
  /** Of Discord. Webhooks of one channel share its limit. */
  readonly channel: string;
  /** From the start: when the webhook was made, and when the destination was made to lead there. */
  readonly createdAt: number;
  readonly setAt: number;
}

/** Somebody takes a destination away, brings it back, or has it lead to another webhook, of the same channel or of one of its own. */
export interface MoveStep {
  readonly kind: "move";
  readonly at: number;
  readonly lane: LaneName;
  readonly to: (typeof MOVES)[number];
}

export const MOVES = ["nowhere", "as-before", "another-webhook", "elsewhere"] as const;

export interface Destinations {
  /** `null` where the destination is not there. */
  targetOf(lane: LaneName): Target | null;
  move(step: MoveStep): void;
}

/** `errors` and `news` are two webhooks of one channel, to begin with. */
const FIRST_CHANNELS: Readonly<Record<LaneName, string>> = { errors: "ops", news: "ops", pager: "night" };

export function createDestinations(): Destinations {
  const last = new Map<LaneName, Target>(
    LANES.map((lane) => [lane, { lane, webhook: lane, channel: FIRST_CHANNELS[lane], createdAt: 0, setAt: 0 }]),
  );
  const gone = new Set<LaneName>();

  return {
    targetOf: (lane) => (gone.has(lane) ? null : last.get(lane)!),
    move({ lane, to, at }) {
      if (to === "nowhere") return void gone.add(lane);
      gone.delete(lane);
      const before = last.get(lane)!;
      const webhook = to === "as-before" ? before.webhook : `${lane}-of-${at}`;
      const channel = to === "elsewhere" ? `room-of-${webhook}` : before.channel;
      const createdAt = to === "as-before" ? before.createdAt : at;
      last.set(lane, { lane, webhook, channel, createdAt, setAt: at });
    },
  };
}
