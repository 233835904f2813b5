/** Says the outcome as a table and a closing line. Pure. */
import { inWords } from "../settings/duration.ts";
import { IMPORT_FAILED } from "../shop/notices.ts";
import type { Facts, Verdict } from "./verdict.ts";

export interface Summary {
  readonly title: string;
  readonly rows: readonly (readonly [name: string, text: string])[];
  readonly closing: string;
}

export function summarise(facts: Facts, verdict: Verdict): Summary {
  const { readings, kept, told, discord, ranMs } = facts;
  const { arrived, heldBack, queued, failed, lost, repeated, problems } = verdict;
  const faults = discord.faults > 0 ? `, failed on purpose: ${discord.faults}` : "";
  const shop = [...told.values()].reduce((sum, count) => sum + count, 0);
  return {
    title: `Summary after ${inWords(ranMs)}`,
    rows: [
      [
        "readings",
        `sent over MQTT: ${number(readings.sent)}, acknowledged: ${number(readings.acknowledged)}, stored: ${number(kept.readings)}`,
      ],
      [
        "alerts",
        `threshold: ${arrived["threshold alert"]}, offline: ${arrived["offline alert"]}, held back by the cooldown: ${heldBack}`,
      ],
      ["web shop", `notifications: ${shop}, errors among them: ${told.get(IMPORT_FAILED) ?? 0}`],
      [
        "Discord",
        `messages: ${discord.messages}, notices in them: ${discord.embeds}, 429s: ${discord.rateLimited}${faults}`,
      ],
      [
        "delivery",
        `lost: ${lost}, twice: ${repeated}${failed > 0 ? `, given up: ${failed}` : ""}${queued > 0 ? `, not sent yet: ${queued}` : ""}`,
      ],
    ],
    closing: problems.length === 0 ? "All that was expected has arrived." : problems.join(" "),
  };
}

/** With a comma between thousands, whatever the machine's language. */
function number(value: number): string {
  return value.toLocaleString("en-GB");
}
