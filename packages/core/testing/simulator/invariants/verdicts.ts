/** Every verdict is explained by what history has of it, and true. */
import type { Verdict } from "../ledger.ts";
import { type Scene, stepsOf } from "../scene.ts";
import { type Violation, violation } from "../violation.ts";
import { newcomersTo } from "./newcomers.ts";
import type { Watch } from "./watch.ts";

export function watchVerdicts({ ledger, world, plan }: Scene): Watch {
  const verdicts = newcomersTo(ledger.verdicts);
  const arrivals = newcomersTo(world.arrivals);
  const steps = stepsOf(plan);
  const arrived = new Set<string>();
  const changes = newcomersTo(world.changes);
  /** By message, what it told by being changed. */
  const toldIn = new Map<string, Verdict[]>();

  function isTrue(verdict: Verdict): boolean {
    const { delivery, result } = verdict;
    const name = delivery.notification.labels?.["name"];
    if (name === undefined || result.status !== "delivered") return true;
    const { messageId } = result;
    // The rest of it waits for the end of quiet hours.
    if (result.inPlace?.how === "edit" && messageId === null)
      return [...world.messages.keys()].some((id) => isShown(name, id));
    if (result.inPlace?.how !== "edit" || messageId === null || !world.messages.has(messageId))
      return arrived.has(placeOf(delivery));
    toldIn.set(messageId, [...(toldIn.get(messageId) ?? []), verdict]);
    return isShown(name, messageId);
  }

  function isShown(name: string, messageId: string): boolean {
    const shown = world.messages.get(messageId) ?? [];
    return shown.some(({ key, phase }) => key === steps.get(name)?.key && phase === "resolved");
  }

  /** Whoever changes a message again has to leave in it what it told already. */
  function taken(messageId: string): Violation[] {
    const told = toldIn.get(messageId) ?? [];
    return told
      .filter(({ delivery }) => !isShown(delivery.notification.labels?.["name"] ?? "", messageId))
      .map(({ delivery }) =>
        violation("delivered means arrived", `${placeOf(delivery)} is not shown any more where it was told`),
      );
  }

  return () => {
    for (const { lane, name } of arrivals()) arrived.add(`${lane}/ntf_${name}`);
    return [...verdicts().flatMap(wrong), ...changes().flatMap(taken)];
  };

  function wrong(verdict: Verdict): Violation[] {
    const { delivery, result } = verdict;
    const found = unexplained(verdict);
    if (!isTrue(verdict))
      found.push(
        violation("delivered means arrived", `${placeOf(delivery)} is said to be delivered and never arrived`),
      );
    if (result.status === "folded" && !ledger.hasSeen(result.into))
      found.push(
        violation(
          "nothing accepted is lost",
          `${placeOf(delivery)} was folded into ${result.into}, which is not recorded`,
        ),
      );
    return found;
  }
}

/** More tries than were made, or a delivery by none of them. */
export function unexplained({ delivery: { id, attempts }, result, tries }: Verdict): Violation[] {
  if (tries.length > attempts)
    return [violation("every verdict is explained", `${id} has ${tries.length} tries in history of ${attempts}`)];
  if (result.status !== "delivered" || tries.includes("delivered")) return [];
  return [violation("every verdict is explained", `${id} was delivered by no attempt`)];
}

function placeOf({ lane, notification }: Verdict["delivery"]): string {
  return `${lane}/${notification.id}`;
}
