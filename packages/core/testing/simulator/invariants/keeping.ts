/** Nothing accepted is lost: the store has what somebody was told is accepted, and the engine has what the store has. */
import { quietLaneOf } from "../../../src/withhold/held.ts";
import { LANES, type LaneName } from "../lanes.ts";
import type { Scene } from "../scene.ts";
import { type Violation, violation } from "../violation.ts";
import { newcomersTo } from "./newcomers.ts";
import type { Watch } from "./watch.ts";

const LANES_EVERY_MS = 2_000;

export function watchKeeping(scene: Scene): Watch {
  const { ledger } = scene;
  const accepted = newcomersTo(scene.accepted);
  const contradictions = newcomersTo(ledger.contradictions);
  const sends = newcomersTo(scene.world.sends);
  const forgotten = forgottenIn(scene);

  return () => [
    ...contradictions(),
    ...accepted().flatMap(({ name, lane }) =>
      ledger.knows(lane, `ntf_${name}`)
        ? []
        : [
            violation(
              "nothing accepted is lost",
              `${name} to ${lane} is said to be accepted, and the store has not kept it`,
            ),
          ],
    ),
    ...sends().flatMap(({ lane, at }) => tooEarly(scene, lane, at)),
    ...forgotten(),
    ...unsaid(scene),
  ];
}

/** Otherwise a crash repeats more than one message. */
function tooEarly({ ledger, process: { outbox, isInMemory } }: Scene, lane: string, at: number): Violation[] {
  if (isInMemory || outbox.owed > 0 || !ledger.isLearning(lane)) return [];
  const detail = `${lane} sent at ${at}, before the store had answered to how its last request ended`;
  return [violation("a lane waits for the store", detail)];
}

/** While writes or requests are under way, the two may differ. */
function forgottenIn(scene: Scene): Watch {
  let nextAt = 0;
  return () => {
    const { clock, ledger, destinations } = scene;
    const { engine, outbox, isAlive, isInMemory, isBlind, homes } = scene.process;
    if (!isAlive() || isInMemory || isBlind() || !ledger.isQuiet || outbox.owed > 0) return [];
    // What waits for a destination that is not there stays in the store.
    const inStore = ledger.waitingIn((lane) => homes.has(lane));
    const slack = slackIn(scene);
    const found = compare({ inStore, inEngine: engine.book.open, slack });
    if (found.length > 0) return found;
    const isThere = (lane: LaneName): boolean => homes.has(lane) && destinations.targetOf(lane) !== null;
    const there = LANES.filter(isThere);
    const quiet = there.map(quietLaneOf);
    const inBays = scene.process.heldFor((destination) => there.some((lane) => lane === destination));
    const heldApart = compare({
      inStore: ledger.waitingIn((lane) => quiet.includes(lane)),
      inEngine: inBays,
      slack: 0,
    });
    if (heldApart.length > 0) return heldApart;
    // To ask each lane takes longer.
    if (clock.now() < nextAt) return [];
    const lanes = engine.status();
    if (lanes.some(({ mode }) => mode === "sending")) return [];
    nextAt = clock.now() + LANES_EVERY_MS;
    const inLanes = lanes.reduce((sum, { waiting }) => sum + waiting, 0);
    const open = new Set(lanes.map(({ destination }) => destination));
    return compare({ inStore: ledger.waitingIn((lane) => open.has(lane)), inEngine: inLanes, slack });
  };
}

/** What was under way when a long lane could be read at last is counted twice, until that has been read to its end. */
function slackIn({ plan, process: { engine, wasBlind, homes } }: Scene): number {
  return wasBlind && engine.book.held < engine.book.open ? plan.perMessage * homes.size : 0;
}

interface Counts {
  readonly inStore: number;
  readonly inEngine: number;
  /** So many more may be in the engine. */
  readonly slack: number;
}

function compare({ inStore, inEngine, slack }: Counts): Violation[] {
  if (inStore <= inEngine && inEngine <= inStore + slack) return [];
  return [violation("the engine knows what waits", `${inStore} wait in the store, and ${inEngine} in the engine`)];
}

/** Who cannot read what there is says so. */
function unsaid({ process }: Scene): Violation[] {
  if (!process.isAlive() || process.unsaid() === 0) return [];
  return [violation("a store that cannot be read is told of", `${process.unsaid()} reads failed, and nobody was told`)];
}
