/**
 * What destinations know of matters with a beginning and an end, for those who tell of them in other words than the notification's own.
 */
import type { Clock } from "../clock/clock.ts";
import type { Notification } from "../notification/notification.ts";
import { decideTelling, type Telling } from "./in-place/telling.ts";
import type { Lanes } from "./lane/lanes.ts";

export interface Matters {
  /** The destinations where its beginning has been told, or waits to be. */
  lanesOf(key: string): readonly string[];
  /** How this notification of a matter would be told there, as things stand. */
  tellingOf(lane: string, notification: Notification): Telling["how"];
  /** Its beginning or its end has been told there. */
  noteTold(lane: string, key: string, phase: NonNullable<Notification["phase"]>): void;
}

export function createMatters({ lanes, clock }: { readonly lanes: Lanes; readonly clock: Clock }): Matters {
  return {
    lanesOf: (key) =>
      lanes
        .all()
        .filter(({ told, queue }) => told.has(key) || queue.findByKey(key) !== null)
        .map(({ name }) => name),
    tellingOf(name, notification) {
      const lane = lanes.get(name);
      if (lane === undefined || lane.mode.mode === "disabled") return "new";
      return decideTelling({ notification, degrade: [] }, lane).how;
    },
    noteTold(name, key, phase) {
      const lane = lanes.get(name);
      if (lane === undefined) return;
      if (phase === "resolved") lane.told.end(key);
      else lane.told.tell(key, null, { label: lane.channel.label, recovery: null, since: clock.now() });
    },
  };
}
