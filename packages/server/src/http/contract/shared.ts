/**
 * What HTTP takes and answers, as schemas: validation, types, and OpenAPI come from here. JSON is snake_case, instants are
 * ISO 8601 in UTC, durations are seconds. This file has what all the others of this folder share.
 */
import { z } from "zod";

export const instant = z.iso
  .datetime({
    offset: true,
    error: "must be written like 2026-01-31T12:00:00Z or 2026-01-31T13:00:00+01:00 (in a URL, + is %2B)",
  })
  .meta({ description: "ISO 8601", examples: ["2026-01-31T12:00:00Z"] });

/** What turns lines, cells and the direction of writing around, or is half a character; joiners, which emoji are made with, are welcome. */
const UNSEEMLY = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/u;

/** A text of one line for people, without blanks around it. */
export function oneLine(atMost: number) {
  return z
    .string()
    .trim()
    .refine((text) => !UNSEEMLY.test(text), {
      error: "holds control characters (a line break, a tab, a change of direction): leave them out",
    })
    .max(atMost);
}

/** The same with something in it that can be seen. */
export function visibleLine(atMost: number) {
  return oneLine(atMost)
    .min(1)
    .refine((text) => text === "" || /[^\p{Cf}\p{Z}]/u.test(text), { error: "holds nothing that can be seen" });
}

/** A range of time in a query. */
export const timeRange = {
  from: instant.optional().meta({ description: "From this instant on." }),
  to: instant.optional().meta({ description: "Up to, and without, this instant." }),
};

/** A parameter of a query that may be given several times; one match is enough. */
export function several<Item extends z.ZodType>(item: Item) {
  return z.union([item, z.array(item)], { error: oneByOne }).optional();
}

/** What the form that was used, one or a list, says of it: a union by itself says nothing. */
function oneByOne({ code, input, errors }: z.core.$ZodRawIssue): string | undefined {
  if (code !== "invalid_union") return undefined;
  const [ofOne, ofList] = errors as z.core.$ZodIssue[][];
  return (Array.isArray(input) ? ofList : ofOne)?.[0]?.message;
}

/** One of a few words. */
export function oneOf<const Words extends readonly [string, ...string[]]>(words: Words) {
  return z.enum(words, { error: `must be one of ${words.join(", ")}` });
}

/** What {@link several} has read, as a list; `undefined` when it was not given. */
export function listOf<Item>(given: Item | readonly Item[] | undefined): readonly Item[] | undefined {
  if (given === undefined) return undefined;
  return Array.isArray(given) ? given : [given as Item];
}

export const problem = z
  .object({
    type: z.string().meta({ examples: ["urn:tocsin:problem:plant-not-found"] }),
    title: z.string(),
    status: z.int(),
    detail: z.string().meta({ description: "What to do." }),
    code: z.string().meta({ description: "Never changes its meaning.", examples: ["plant-not-found"] }),
    instance: z.string(),
    errors: z
      .array(z.object({ path: z.string(), message: z.string() }))
      .optional()
      .meta({ description: "What is wrong where; `path` is a JSON pointer." }),
  })
  .meta({ id: "Problem", description: "RFC 9457" });

const failure = { description: "A problem", content: { "application/problem+json": { schema: problem } } } as const;
/** The answers that every route may give beside its own. */
export const failures = { "4xx": failure, "5xx": failure } as const;

/** An instant as JSON tells it. */
export function iso(at: number): string {
  return new Date(at).toISOString();
}

export function isoOrNull(at: number | null): string | null {
  return at === null ? null : iso(at);
}

/** A number, where there is one: `null` and `undefined` stay what they are. */
type Converted<Value> = Value extends number ? number : Value;

/** A duration out of JSON, where durations are seconds. */
export function toMs<Seconds extends number | null | undefined>(seconds: Seconds): Converted<Seconds> {
  return (typeof seconds === "number" ? seconds * 1_000 : seconds) as Converted<Seconds>;
}

/** A duration as JSON tells it. */
export function toSeconds<Ms extends number | null | undefined>(ms: Ms): Converted<Ms> {
  return (typeof ms === "number" ? ms / 1_000 : ms) as Converted<Ms>;
}

export function toInstant(text: string | undefined): number | undefined {
  return text === undefined ? undefined : Date.parse(text);
}
