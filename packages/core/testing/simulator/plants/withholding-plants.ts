/** Faults for what keeps notifications back before delivery, and for where that meets delivery. */
import type { Plant } from "./plant.ts";

export const WITHHOLDING_PLANTS: readonly Plant[] = [
  {
    name: "a restart forgets a silence",
    file: "withhold/silences.ts",
    from: "if (key.startsWith(SILENCE_PREFIX) && isSilence(fact)) enter(fact);",
    to: "if (key === SILENCE_PREFIX && isSilence(fact)) enter(fact);",
    found: "what is silenced is not told",
  },
  {
    name: "a restart forgets what is held in quiet hours",
    file: "withhold/held.ts",
    from: "this.#enterAll(found.filter(isNew).sort((a, b) => (a.id < b.id ? -1 : 1)));",
    to: "found.filter(isNew);",
    found: "the engine knows what waits",
  },
  {
    name: "an end is heard in quiet hours when its message cannot be changed",
    file: "delivery/lane/lane.ts",
    from: 'if (isTooLoud(delivery, lane, now)) return "quiet-hours";',
    to: 'if (isTooLoud(delivery, lane, 0 * now + Infinity)) return "quiet-hours";',
    found: "nothing is heard in quiet hours",
  },
  {
    name: "what is put off until quiet hours end is not held",
    file: "delivery/in-place/put-off.ts",
    from: "    holdBack(delivery, quietUntil(delivery, delivery.lane) ?? now);\n",
    to: "    void holdBack;\n",
    found: "nothing accepted is lost",
  },
  {
    name: "a summary ends what it does not tell",
    file: "withhold/held.ts",
    from: "      post(notification, destination);\n      this.#settle(",
    to: "      void post;\n      this.#settle(",
    found: "nothing accepted is lost",
  },
];
