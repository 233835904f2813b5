/** What nobody wants to hear now is not told now: silences and quiet hours. */
import type { Arrival } from "../discord-world.ts";
import { aboutOf, quietEnd } from "../quiet.ts";
import { type Scene, stepsOf } from "../scene.ts";
import { type Violation, violation } from "../violation.ts";
import { newcomersTo } from "./newcomers.ts";
import type { Watch } from "./watch.ts";

export function watchQuiet(scene: Scene): Watch {
  const { plan, silences, blindSpans } = scene;
  const steps = stepsOf(plan);
  const arrivals = newcomersTo(scene.world.arrivals);

  function heard({ name, lane, at }: Arrival): Violation[] {
    const step = steps.get(name);
    if (step === undefined) return [];
    const found: Violation[] = [];
    const endAt = step.isQuiet ? quietEnd(plan.quietHours, step.at) : null;
    if (endAt !== null && at < endAt)
      found.push(violation("nothing is heard in quiet hours", `${name} came to ${lane} at ${at}, before ${endAt}`));
    const isSilenced = silences.some(
      (silence) =>
        silence.about === aboutOf(step) &&
        silence.at < step.at &&
        step.at < silence.until &&
        // Who could not read what is remembered did not know of it.
        !blindSpans.some(
          ({ part, from, until }) => part === "facts" && from > silence.at && from <= step.at && step.at < until,
        ),
    );
    if (isSilenced && step.phase !== "resolved")
      found.push(violation("what is silenced is not told", `${name} came to ${lane} at ${at}`));
    return found;
  }

  return () => arrivals().flatMap(heard);
}
