/** What must hold at the end of a run: everything has settled, and history tells the whole of it. */
import type { DiskRecords, SettledRecord } from "../disk.ts";
import type { Verdict } from "../ledger.ts";
import type { ObservedProcess, Scene } from "../scene.ts";
import { type Violation, violation } from "../violation.ts";
import { unexplained } from "./verdicts.ts";

/** Of a process that keeps nothing, and has lived on: whatever was handed over to it has a verdict. */
export function checkUnsettled({ unsettled }: ObservedProcess): readonly Violation[] {
  return [...unsettled].map(({ name, lane }) =>
    violation("nothing accepted is lost", `${name} to ${lane} has no verdict of the process in memory`),
  );
}

export function checkEnd(scene: Scene, records: DiskRecords): readonly Violation[] {
  return [
    ...lost(scene, records),
    ...unsettled(scene, records),
    ...verdictsOf(records).flatMap(unexplained),
    ...miscounted(records),
    ...leftovers(scene),
  ];
}

function lost({ accepted }: Scene, { settled }: DiskRecords): Violation[] {
  const verdicts = new Map(settled.map((one) => [`${one.delivery.lane}/${one.delivery.notification.id}`, one]));
  const ids = new Set<string>(settled.map(({ delivery }) => delivery.notification.id));
  // Put off until quiet hours end, it goes on under its own name.
  const goesOn = ({ delivery: { lane, notification } }: SettledRecord, into: string): boolean =>
    into === notification.id
      ? settled.some((one) => one.delivery.notification.id === into && one.delivery.lane !== lane)
      : ids.has(into);
  return accepted.flatMap(({ name, lane }): Violation[] => {
    const verdict = verdicts.get(`${lane}/ntf_${name}`);
    if (verdict === undefined) return [violation("nothing accepted is lost", `${name} to ${lane} has no verdict`)];
    const { result } = verdict;
    if (result.status !== "folded" || goesOn(verdict, result.into)) return [];
    return [violation("nothing accepted is lost", `${name} was folded into ${result.into}, which has no verdict`)];
  });
}

function unsettled({ process }: Scene, { waiting }: DiskRecords): Violation[] {
  const { open } = process.engine.book;
  const found = waiting.map(({ id, lane }) => violation("everything settles", `${id} still waits in ${lane}`));
  return open === 0 ? found : [...found, violation("everything settles", `${open} deliveries are open`)];
}

function verdictsOf({ settled, attempts }: DiskRecords): Verdict[] {
  const tries = Map.groupBy(attempts, ({ deliveryId }) => deliveryId);
  return settled.map((one: SettledRecord) => ({
    ...one,
    tries: (tries.get(one.delivery.id) ?? []).map(({ outcome }) => outcome),
  }));
}

function miscounted({ settled, counted }: DiskRecords): Violation[] {
  if (counted === null) return [];
  const ends = Map.groupBy(settled, ({ result }) => result.status);
  return [...new Set([...ends.keys(), ...Object.keys(counted)] as const)].flatMap((status) => {
    const [is, says] = [ends.get(status as "delivered")?.length ?? 0, counted[status] ?? 0];
    return is === says ? [] : [violation("statistics count everything once", `${is} ${status}, counted as ${says}`)];
  });
}

function leftovers({ clock }: Scene): Violation[] {
  if (clock.pending === 0) return [];
  return [violation("nothing is left behind", `${clock.pending} waits are pending at the end`)];
}
