/** Where a destination led before, nothing leaves for any more and nothing waits. */
import { LANES, type LaneName } from "../lanes.ts";
import type { Scene } from "../scene.ts";
import { type Violation, violation } from "../violation.ts";
import { newcomersTo } from "./newcomers.ts";
import type { Watch } from "./watch.ts";

/** Within which what waited has ended, once the store has everything and can be read. */
const CLEARED_WITHIN_MS = 5_000;

export function watchDestinations(scene: Scene): Watch {
  const strays = newcomersTo(scene.world.strays);
  const left = leftBehindIn(scene);
  return () => [
    ...strays().map(({ lane, at, webhook, what }) =>
      what === "sent"
        ? violation("nothing leaves for what is gone", `${lane} sent at ${at} to ${webhook}, where it leads no more`)
        : violation("messages are changed where they stand", `${lane} changed at ${at} what ${webhook} has not told`),
    ),
    ...left(),
  ];
}

function leftBehindIn({ clock, destinations, ledger, ...scene }: Scene): Watch {
  /** Since when something has been seen to wait there. */
  const since = new Map<LaneName, number>();
  const now = (): number => clock.now();

  function isDue(lane: LaneName, isQuiet: boolean): boolean {
    const isLeft = isQuiet && destinations.targetOf(lane) === null && ledger.waitingIn((one) => one === lane) > 0;
    if (!isLeft) since.delete(lane);
    else if (!since.has(lane)) since.set(lane, now());
    return isLeft && now() > since.get(lane)! + CLEARED_WITHIN_MS;
  }

  return (): Violation[] => {
    const { isAlive, isInMemory, isBlind, canRead, outbox, homes } = scene.process;
    const isQuiet = isAlive() && !isInMemory && !isBlind() && canRead() && ledger.isQuiet && outbox.owed === 0;
    return LANES.filter((lane) => homes.has(lane) && isDue(lane, isQuiet)).map((lane) =>
      violation("nothing waits for what is gone", `something waits for ${lane}, which was taken away`),
    );
  };
}
