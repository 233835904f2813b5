/** Reads the `timestamp` of an embed: ISO 8601 text, nothing else. */
import { toApiTime } from "../time/api-time.ts";
import type { Reader } from "./reader.ts";

const ISO_8601 = /^\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:[.,]\d{1,9})?)?(?:Z|[+-]\d{2}(?::?\d{2})?)?)?$/i;

export const timestamp: Reader<string> = (input, report) => {
  if (input === null || input === undefined) return undefined;
  if (typeof input === "string" && ISO_8601.test(input)) {
    const parsedAt = Date.parse(normalise(input));
    if (!Number.isNaN(parsedAt)) return toApiTime(parsedAt);
  }
  report.complain("DATE_TIME_TYPE_PARSE", `Could not parse ${String(input)}. Should be ISO8601.`);
  return undefined;
};

/** To the form that Date.parse surely knows: T, dot, colon in the offset, and UTC where no zone is given. */
function normalise(input: string): string {
  const dotted = input.toUpperCase().replace(" ", "T").replace(",", ".");
  if (!dotted.includes("T")) return dotted;
  const zoned = dotted.replace(/([+-]\d{2}):?(\d{2})?$/, (_, hours: string, minutes = "00") => `${hours}:${minutes}`);
  return /(?:Z|[+-]\d{2}:\d{2})$/.test(zoned) ? zoned : `${zoned}Z`;
}
