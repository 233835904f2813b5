/** Says the outcome as a table and a closing line. Pure. */
import { inWords } from "../settings/duration.ts";
import type { Facts, Verdict } from "./verdict.ts";

export interface Summary {
  readonly title: string;
  readonly rows: readonly (readonly [name: string, text: string])[];
  readonly closing: string;
}

export function summarise(facts: Facts, verdict: Verdict): Summary {
  const { readings, kept, told, discord, ranMs } = facts;
  const { arrived, heldBack, queued, lost, repeated, problems } = verdict;
  const shop = [...told.values()].reduce((sum, count) => sum + count, 0);
  return {
    title: `Summary after ${inWords(ranMs)}`,
    rows: [
      [
        "readings",
        `${number(readings.sent)} sent over MQTT, ${number(readings.acknowledged)} acknowledged, ${number(kept.readings)} stored`,
      ],
      [
        "alerts",
        `${arrived["threshold alert"]} threshold, ${arrived["offline alert"]} offline; ${heldBack} held back by the cooldown`,
      ],
      ["web shop", `${shop} notifications, ${arrived["application error"]} of them errors`],
      ["Discord", `${discord.messages} messages with ${discord.embeds} notices; 429s: ${discord.rateLimited}`],
      ["delivery", `lost: ${lost}, twice: ${repeated}${queued > 0 ? `, still queued: ${queued}` : ""}`],
    ],
    closing: problems.length === 0 ? "All that was expected has arrived." : problems.join(" "),
  };
}

/** With a comma between thousands, whatever the machine's language. */
function number(value: number): string {
  return value.toLocaleString("en-GB");
}
