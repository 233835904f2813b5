/**
 * Texts with wildcards, for `=~`: `*` stands for any text (the empty one too), `|` separates alternatives, and the whole value has to match.
 *
 * Not regular expressions, on purpose: a pattern comes from people over HTTP and is tried on every notification, and here none can take
 * longer than the value is long. `.*` is understood as `*`, because those who know regular expressions write it; what else they would write
 * is refused with a remedy, because it would silently never match.
 *
 * Upstream the matchers. Pure.
 */

export type Pattern = readonly Alternative[];

/** The literal texts between the wildcards; a single one has to equal the whole value. */
type Alternative = readonly string[];

const OF_REGULAR_EXPRESSIONS = /[()[\]{}\\^$+?]/;

/** Why a text is no pattern, as the rest of a sentence; `null` when it is one. */
export function patternProblem(text: string): string | null {
  const strange = OF_REGULAR_EXPRESSIONS.exec(text)?.[0];
  return strange === undefined
    ? null
    : `may hold * for any text and | between alternatives, but no ${strange}, which would be taken as it stands`;
}

export function readPattern(text: string): Pattern {
  return text.split("|").map((alternative) => alternative.replaceAll(".*", "*").split("*"));
}

/** Whether the value as a whole matches. Takes time in proportion to its length. */
export function matchesPattern(pattern: Pattern, value: string): boolean {
  return pattern.some((alternative) => matchesAlternative(alternative, value));
}

function matchesAlternative(parts: Alternative, value: string): boolean {
  const first = parts[0] ?? "";
  if (parts.length === 1) return value === first;
  const last = parts.at(-1) ?? "";
  if (value.length < first.length + last.length || !value.startsWith(first) || !value.endsWith(last)) return false;
  const end = value.length - last.length;
  let at = first.length;
  // The earliest place for each part leaves the most room for the rest, so that nothing has to be tried twice.
  for (const part of parts.slice(1, -1)) {
    const found = value.indexOf(part, at);
    if (found === -1 || found + part.length > end) return false;
    at = found + part.length;
  }
  return true;
}
