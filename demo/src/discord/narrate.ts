/** Says an exchange with Discord in one line: what was measured, where the message went, what was answered, what it says. Pure. */
import type { StoredMessage } from "@tocsin/discord-emulator";
import type { Measured } from "../greenhouse/tally.ts";
import type { Exchange } from "./exchanges.ts";
import { plainText } from "./plain.ts";

/** Finds the newest reading of a value for a plant. */
export type FindReading = (plantName: string, metric: string, value: number) => Measured | null;

export interface Narration {
  /** Where it began: a device, or the program that sent it. */
  readonly who: string;
  readonly text: string;
}

export function narrate({ channel, status, message, at }: Exchange, find: FindReading): Narration {
  const answer = `→ #${channel} (${status ?? "no answer"})`;
  if (message === null) return { who: "Discord", text: `${answer}: the message was not taken` };
  const said = describe(message);
  const measured = readingBehind(message, find);
  if (measured === null) return { who: deviceIn(message) ?? message.username, text: `${answer}: ${said}` };
  const { deviceId, value, label, sentAt } = measured;
  const delay = `${(Math.max(0, at - sentAt) / 1_000).toFixed(2)} s later`;
  return { who: deviceId, text: `${value.toFixed(1)} measured (${label}) ${answer} ${delay}: ${said}` };
}

/** The reading that a threshold alert tells of, the first one's where there are several; `null` for any other message. */
function readingBehind(message: StoredMessage, find: FindReading): Measured | null {
  const [, plantName] = /^Plant Alert: (.+)$/.exec(plainText(message.embeds[0]?.title ?? "")) ?? [];
  const metric = fieldOf(message, "Metric");
  const current = fieldOf(message, "Current");
  if (plantName === undefined || metric === undefined || current === undefined) return null;
  return find(plantName, metric, Number(current));
}

/** The device that an offline alert tells of. */
function deviceIn(message: StoredMessage): string | undefined {
  return fieldOf(message, "Device ID");
}

function fieldOf({ embeds }: StoredMessage, wanted: string): string | undefined {
  const value = embeds[0]?.fields?.find(({ name }) => name === wanted)?.value;
  return value === undefined ? undefined : plainText(value);
}

function describe({ embeds, content, attachments }: StoredMessage): string {
  const [first, ...others] = embeds;
  const title = plainText(first?.title ?? "");
  const [detail = ""] = plainText(first?.description ?? "").split("\n", 1);
  const extras = [
    ...(attachments.length > 0 ? [attachments.length === 1 ? "with a file" : `with ${attachments.length} files`] : []),
    ...(/@(?:here|everyone)/.test(content) ? ["pings those who are there"] : []),
  ];
  const tail = extras.length > 0 ? ` (${extras.join(", ")})` : "";
  const last = others.at(-1);
  if (last !== undefined) {
    return `${embeds.length} notices in one message, "${title}" to "${plainText(last.title ?? "")}"${tail}`;
  }
  return `"${title}"${detail === "" ? "" : `, ${detail}`}${tail}`;
}
