/**
 * What the program's side keeps in the store of the thread.
 *
 * Upstream   health trackers, which run on the program's side. Downstream the thread, which is asked.
 */
import type { PatientMemory } from "../delivery/outbox.ts";
import type { Link } from "./link.ts";

/** @param prefix of the keys that are recalled */
export function createThreadMemory(link: Pick<Link, "ask">, prefix: string): PatientMemory {
  const newer = new Set<string>();
  return {
    async remember(key, value) {
      newer.add(key);
      await link.ask("remember", { key, value });
    },
    async forget(key) {
      newer.add(key);
      await link.ask("forget", key);
    },
    recall(take) {
      newer.clear();
      void link.ask("recall", prefix).then(
        (facts) => take(new Map([...facts].filter(([key]) => !newer.has(key)))),
        // There is no store that could be read, or no thread any more.
        () => take(new Map()),
      );
      return false;
    },
    stop() {},
  };
}
