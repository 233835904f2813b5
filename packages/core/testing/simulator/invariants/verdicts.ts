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

  function isTrue({ delivery, result }: Verdict): boolean {
    const name = delivery.notification.labels?.["name"];
    if (name === undefined || result.status !== "delivered") return true;
    const shown = result.inPlace?.how === "edit" && world.messages.get(result.messageId ?? "");
    if (!shown) return arrived.has(placeOf(delivery));
    return shown.some(({ key, phase }) => key === steps.get(name)?.key && phase === "resolved");
  }

  return () => {
    for (const { lane, name } of arrivals()) arrived.add(`${lane}/ntf_${name}`);
    return verdicts().flatMap((verdict) => [
      ...unexplained(verdict),
      ...(isTrue(verdict)
        ? []
        : [
            violation(
              "delivered means arrived",
              `${placeOf(verdict.delivery)} is said to be delivered and never arrived`,
            ),
          ]),
      ...(verdict.result.status !== "folded" || ledger.hasSeen(verdict.result.into)
        ? []
        : [
            violation(
              "nothing accepted is lost",
              `${placeOf(verdict.delivery)} was folded into ${verdict.result.into}, which is not recorded`,
            ),
          ]),
    ]);
  };
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
