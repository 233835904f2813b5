/**
 * A silence: for some time nothing that matches is told. Made by people, in the middle of things.
 *
 * Upstream   `notifier.silence()`. Downstream silences.ts, which keeps them. Pure.
 */
import { ConfigError } from "../errors/config-error.ts";
import { bounded } from "../notification/bounds.ts";
import { readable } from "../notification/readable.ts";
import { toInstant } from "../notification/values.ts";
import { isSelective } from "../route/matcher.ts";
import { formatMatchers, type MatchersInput, readMatchers } from "../route/matcher-text.ts";

/** Prefixed `sil_`; sorts by time. */
export type SilenceId = `sil_${string}`;

export interface SilenceInput {
  /** What is not told, e.g. `device=gw-7`. At least one matcher has to leave something out: nobody silences everything by mistake. */
  readonly matchers: MatchersInput;
  /** When it ends by itself: a Date, ISO 8601 text, or epoch milliseconds, in the future. */
  readonly untilAt: Date | string | number;
  /** Who wants it. */
  readonly by?: string | undefined;
  readonly comment?: string | undefined;
}

export interface Silence {
  readonly id: SilenceId;
  /** In text form, e.g. `severity<critical, device=gw-7`. */
  readonly matchers: string;
  /** Epoch milliseconds, as is `untilAt`. */
  readonly createdAt: number;
  readonly untilAt: number;
  readonly by: string | null;
  readonly comment: string | null;
}

const LONGEST_NAME_CHARS = 200;
const LONGEST_COMMENT_CHARS = 2_000;

/** @throws {@link ConfigError} `CONFIG_SILENCE`, naming each mistake */
export function defineSilence(
  { matchers, untilAt, by, comment }: SilenceInput,
  { id, now }: { readonly id: SilenceId; readonly now: number },
): Silence {
  const read = readMatchers(matchers);
  const problems = read.ok ? [] : read.problems.map((problem) => `matchers: ${problem}`);
  if (read.ok && !isSelective(read.matchers))
    problems.push("matchers: at least one must leave something out, e.g. device=gw-7; these match everything");
  const until = toInstant(untilAt);
  if (until === null) problems.push("untilAt must be a Date, a text in ISO 8601, or epoch milliseconds");
  else if (until <= now) problems.push("untilAt must be in the future");
  if (!read.ok || until === null || problems.length > 0) throw new ConfigError("CONFIG_SILENCE", problems);
  return {
    id,
    matchers: formatMatchers(read.matchers),
    createdAt: now,
    untilAt: until,
    by: textOrNull(by, LONGEST_NAME_CHARS),
    comment: textOrNull(comment, LONGEST_COMMENT_CHARS),
  };
}

/** Whether this is a silence that an earlier process has kept. */
export function isSilence(fact: unknown): fact is Silence {
  const { id, matchers, untilAt } = (fact ?? {}) as Partial<Record<keyof Silence, unknown>>;
  return typeof id === "string" && typeof matchers === "string" && typeof untilAt === "number";
}

function textOrNull(value: unknown, maxChars: number): string | null {
  return value === undefined || value === null || value === "" ? null : bounded(readable(value), maxChars);
}
