/**
 * The alphabet in which the forms are written: small readers that check a value of unknown type, coerce it as Discord
 * does, and complain in Discord's words.
 *
 * A reader answers `undefined` for what is absent (null counts as absent) and for what it has complained about.
 * Codes and wording: https://docs.discord.com/developers/reference#error-messages and the bodies people quote in
 * public issues (named in the README).
 */
import type { Report } from "./report.ts";

export type Reader<T> = (input: unknown, report: Report) => T | undefined;

type ValueOf<R> = R extends Reader<infer T> ? T : never;

export function isRecord(input: unknown): input is Record<string, unknown> {
  return typeof input === "object" && input !== null && !Array.isArray(input);
}

/** How Discord counts: code points, not UTF-16 units (discord/discord-api-docs#1315). */
export function codePoints(text: string): number {
  let count = text.length;
  for (let at = 0; at < text.length - 1; at++) {
    const unit = text.charCodeAt(at);
    if (unit < 0xd800 || unit > 0xdbff) continue;
    const next = text.charCodeAt(at + 1);
    if (next < 0xdc00 || next > 0xdfff) continue;
    count -= 1;
    at += 1;
  }
  return count;
}

export interface TextRule {
  readonly max: number;
  /** With a minimum, a violation of either bound is told as "between". */
  readonly min?: number;
}

/** Text, trimmed; whole numbers and booleans are taken as their text. */
export function text({ max, min }: TextRule): Reader<string> {
  return (input, report) => {
    const raw = asText(input, report);
    if (raw === undefined) return undefined;
    const trimmed = withoutLoneSurrogates(raw).trim();
    const tooLong = trimmed.length > max && codePoints(trimmed) > max;
    if (min === undefined ? !tooLong : !tooLong && codePoints(trimmed) >= min) return trimmed;
    if (min === undefined) report.complain("BASE_TYPE_MAX_LENGTH", `Must be ${max} or fewer in length.`);
    else report.complain("BASE_TYPE_BAD_LENGTH", `Must be between ${min} and ${max} in length.`);
    return undefined;
  };
}

/** Discord strips what is no Unicode: halves of surrogate pairs. */
function withoutLoneSurrogates(raw: string): string {
  return raw.isWellFormed() ? raw : raw.replace(/\p{Surrogate}/gu, "");
}

function asText(input: unknown, report: Report): string | undefined {
  if (typeof input === "string") return input;
  if (input === null || input === undefined) return undefined;
  if (typeof input === "number" && Number.isInteger(input)) return String(input);
  if (typeof input === "boolean") return input ? "True" : "False";
  report.complain("STRING_TYPE_CONVERT", `Could not interpret "${JSON.stringify(input)}" as string.`);
  return undefined;
}

export interface IntegerRule {
  readonly min?: number;
  readonly max: number;
}

/** A whole number; a text that spells one is taken as one. */
export function integer({ min = 0, max }: IntegerRule): Reader<number> {
  return (input, report) => {
    if (input === null || input === undefined) return undefined;
    const number = typeof input === "string" && /^\s*[+-]?\d+\s*$/.test(input) ? Number(input) : input;
    if (typeof number !== "number" || !Number.isInteger(number)) {
      report.complain("NUMBER_TYPE_COERCE", `Value ${quoted(input)} is not int.`);
      return undefined;
    }
    if (number > max) {
      report.complain("NUMBER_TYPE_MAX", `int value should be less than or equal to ${max}.`);
      return undefined;
    }
    if (number < min) {
      report.complain("NUMBER_TYPE_MIN", `int value should be greater than or equal to ${min}.`);
      return undefined;
    }
    return number;
  };
}

const LARGEST_SNOWFLAKE = 9_223_372_036_854_775_807n;

export const snowflake: Reader<string> = (input, report) => {
  if (input === null || input === undefined) return undefined;
  const digits = typeof input === "number" && Number.isSafeInteger(input) ? String(input) : input;
  if (typeof digits !== "string" || !/^\d+$/.test(digits)) {
    report.complain("NUMBER_TYPE_COERCE", `Value ${quoted(input)} is not snowflake.`);
    return undefined;
  }
  if (digits.length > 18 && BigInt(digits) > LARGEST_SNOWFLAKE) {
    report.complain("NUMBER_TYPE_MAX", `snowflake value should be less than or equal to ${LARGEST_SNOWFLAKE}.`);
    return undefined;
  }
  return digits;
};

const SPELLED: Readonly<Record<string, boolean>> = Object.freeze({
  True: true,
  true: true,
  "1": true,
  False: false,
  false: false,
  "0": false,
});

/** A boolean, or one of the spellings that Discord takes in forms and queries. */
export const flag: Reader<boolean> = (input, report) => {
  if (input === null || input === undefined) return undefined;
  const value = typeof input === "boolean" ? input : SPELLED[String(input)];
  if (value === undefined) report.complain("BOOLEAN_TYPE_CONVERT", "Must be either true or false.");
  return value;
};

export function choice<const T extends string | number>(choices: readonly T[]): Reader<T> {
  return (input, report) => {
    if (input === null || input === undefined) return undefined;
    const found = choices.find((one) => one === input);
    if (found === undefined) {
      const listed = choices.map((one) => (typeof one === "string" ? `'${one}'` : String(one))).join(", ");
      report.complain("BASE_TYPE_CHOICES", `Value must be one of {${listed}}.`);
    }
    return found;
  };
}

export interface ListRule {
  readonly max: number;
  readonly min?: number;
}

export function list<T>(read: Reader<T>, { max, min = 0 }: ListRule): Reader<T[]> {
  return (input, report) => {
    if (input === null || input === undefined) return undefined;
    // Discord walks a dictionary by its keys where it expects a list, hence `{"embeds":["0"]}` for a single embed.
    const items = isRecord(input) ? Object.keys(input) : input;
    if (!Array.isArray(items)) {
      report.complain("LIST_TYPE_CONVERT", "Only iterables may be used in a ListType");
      return undefined;
    }
    const values: T[] = [];
    for (let at = 0; at < items.length; at++) {
      report.enter(at);
      const value = read(items[at], report);
      if (value !== undefined) values.push(value);
      report.leave();
    }
    if (min > 0 && (items.length < min || items.length > max)) {
      report.complain("BASE_TYPE_BAD_LENGTH", `Must be between ${min} and ${max} in length.`);
    } else if (items.length > max) {
      report.complain("BASE_TYPE_MAX_LENGTH", `Must be ${max} or fewer in length.`);
    }
    return values;
  };
}

export type Shape = Readonly<Record<string, Reader<unknown>>>;
export type ModelOf<S extends Shape> = { [K in keyof S]?: ValueOf<S[K]> };

export interface ModelRule {
  readonly required?: readonly string[];
  /** As an item of a list, an empty dictionary counts as no value at all. */
  readonly inList?: boolean;
}

/** An object with known keys; unknown keys are ignored, as Discord does. */
export function model<S extends Shape>(
  shape: S,
  { required = [], inList = false }: ModelRule = {},
): Reader<ModelOf<S>> {
  const fields = Object.entries(shape).map(([key, read]) => ({ key, read, required: required.includes(key) }));
  return (input, report) => {
    if ((input === null || input === undefined) && !inList) return undefined;
    if (inList && isEmpty(input)) {
      report.complain("LIST_ITEM_VALUE_REQUIRED", "List item values of ModelType are required");
      return undefined;
    }
    if (!isRecord(input)) {
      report.complain("MODEL_TYPE_CONVERT", "Expected an object/dictionary.");
      return undefined;
    }
    const value: Record<string, unknown> = {};
    for (const field of fields) {
      const given = input[field.key];
      if (given === undefined && !field.required) continue;
      report.enter(field.key);
      if (field.required && (given === undefined || given === null)) complainMissing(report);
      const read = field.read(given, report);
      if (read !== undefined) value[field.key] = read;
      report.leave();
    }
    return value as ModelOf<S>;
  };
}

function isEmpty(input: unknown): boolean {
  return input === null || input === undefined || (isRecord(input) && Object.keys(input).length === 0);
}

export function complainMissing(report: Report): void {
  report.complain("BASE_TYPE_REQUIRED", "This field is required");
}

function quoted(input: unknown): string {
  return typeof input === "string" ? `"${input}"` : JSON.stringify(input);
}
