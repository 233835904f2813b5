/**
 * Checks the numbers among options, all in one way and in the same words: `queueSize must be a whole number from 1, got 0`.
 *
 * Downstream whoever defines options, and throws a ConfigError with what is found here. Pure.
 */

/** What a number has to be, in words and as a test. */
export interface Range {
  readonly wanted: string;
  readonly has: (value: number) => boolean;
}

export const WHOLE_FROM_0: Range = { wanted: "a whole number from 0", has: (n) => Number.isSafeInteger(n) && n >= 0 };
export const WHOLE_FROM_1: Range = { wanted: "a whole number from 1", has: (n) => Number.isSafeInteger(n) && n >= 1 };
export const MORE_THAN_0: Range = { wanted: "more than 0", has: (n) => Number.isFinite(n) && n > 0 };
/** Also `Infinity`: for ever, or without a limit. */
export const MORE_THAN_0_OR_INFINITE: Range = { wanted: "more than 0", has: (n) => n > 0 };
export const FROM_0: Range = { wanted: "0 or more", has: (n) => Number.isFinite(n) && n >= 0 };
export const FROM_1: Range = { wanted: "1 or more", has: (n) => Number.isFinite(n) && n >= 1 };
export const FROM_0_TO_1: Range = { wanted: "from 0 to 1", has: (n) => n >= 0 && n <= 1 };

/** One sentence, without a full stop, for each value that is out of its range. */
export function rangeProblems<Name extends string>(
  values: Readonly<Record<NoInfer<Name>, number>>,
  ranges: Readonly<Record<Name, Range>>,
): string[] {
  return (Object.entries<Range>(ranges) as [Name, Range][])
    .filter(([name, { has }]) => !has(values[name]))
    .map(([name, { wanted }]) => `${name} must be ${wanted}, got ${String(values[name])}`);
}
