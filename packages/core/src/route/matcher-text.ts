/**
 * The text form of matchers, for options, command line, configuration file and HTTP: that of Alertmanager, with comparisons of severity.
 *
 *   severity>=error, type=backup, device=~"gw-*", site!="lab"
 *
 * Values need quotes when they hold a comma, a brace, a quote or space at an end, or begin as an operator goes on; braces around the
 * whole are fine.
 * Pure. What is wrong is an answer that says what to write, never an exception.
 */
import { SEVERITIES } from "../notification/notification.ts";
import { MATCH_OPERATORS, type Matcher, type MatchOperator } from "./matcher.ts";
import { patternProblem } from "./pattern.ts";

/** One text with commas, or a list of texts and matchers as data. All have to hold. */
export type MatchersInput = string | readonly (string | Matcher)[];

export type ReadMatchers =
  | { readonly ok: true; readonly matchers: readonly Matcher[] }
  /** One sentence each, without a full stop. */
  | { readonly ok: false; readonly problems: readonly string[] };

/** More in one place are a mistake. */
const MAX_MATCHERS = 100;
const LONGEST_VALUE_CHARS = 1_000;
const LONGEST_TEXT_CHARS = 20_000;

const NAME = /\s*([\p{L}_][\p{L}\p{N}_.:/-]*)\s*/uy;
const OPERATOR = /(=~|!~|!=|>=|<=|=|>|<)\s*/y;
const QUOTED = /"((?:[^"\\]|\\.)*)"\s*/suy;
const BARE = /[^",{}]*/uy;
const ESCAPES: Readonly<Record<string, string>> = { n: "\n", t: "\t" };

/** Reads matchers in any of their forms. Never throws, whatever comes in. */
export function readMatchers(input: MatchersInput): ReadMatchers {
  const parts: readonly unknown[] = Array.isArray(input) ? input : [input];
  const matchers: Matcher[] = [];
  const problems: string[] = [];
  for (const part of parts) {
    const read = typeof part === "string" ? readText(part) : readData(part);
    if (read.ok) matchers.push(...read.matchers);
    else problems.push(...read.problems);
  }
  problems.push(...matchers.flatMap(problemsOf));
  if (matchers.length > MAX_MATCHERS) problems.push(`there may be at most ${MAX_MATCHERS} matchers`);
  return problems.length > 0 ? { ok: false, problems } : { ok: true, matchers: matchers.map(inOneSpelling) };
}

/** The text form that reads back as the same. */
export function formatMatchers(matchers: readonly Matcher[]): string {
  return matchers.map(formatMatcher).join(", ");
}

export function formatMatcher({ name, operator, value }: Matcher): string {
  // A value "~x" behind the operator "=" would read back as "x" behind "=~".
  const isPlain = value !== "" && !/^[=~]|[",{}\\\s]/.test(value);
  const quoted = `"${value.replace(/["\\]/g, "\\$&").replaceAll("\n", "\\n").replaceAll("\t", "\\t")}"`;
  return `${name}${operator}${isPlain ? value : quoted}`;
}

function readText(text: string): ReadMatchers {
  if (text.length > LONGEST_TEXT_CHARS)
    return { ok: false, problems: [`a text of matchers has at most ${LONGEST_TEXT_CHARS} characters`] };
  const inner = /^\s*\{(.*)\}\s*$/su.exec(text)?.[1] ?? text;
  const matchers: Matcher[] = [];
  let at = 0;
  while (inner.slice(at).trim() !== "") {
    const read = readOne(inner, at);
    if (read === null) return { ok: false, problems: [misread(inner.slice(at).trim())] };
    matchers.push(read.matcher);
    at = read.end;
  }
  return { ok: true, matchers };
}

/** One matcher and the comma behind it. */
function readOne(text: string, start: number): { readonly matcher: Matcher; readonly end: number } | null {
  const name = take(NAME, text, start);
  const operator = name && take(OPERATOR, text, name.end);
  if (name === null || operator === null) return null;
  const quoted = take(QUOTED, text, operator.end);
  const value = quoted ?? take(BARE, text, operator.end);
  if (value === null) return null;
  const isAtEnd = value.end === text.length;
  if (!isAtEnd && text[value.end] !== ",") return null;
  const told = quoted === null ? value.found.trim() : unescaped(quoted.found);
  // Nothing at all is more likely forgotten than meant; who means the empty text quotes it.
  if (quoted === null && told === "") return null;
  return {
    matcher: { name: name.found, operator: operator.found as MatchOperator, value: told },
    end: isAtEnd ? value.end : value.end + 1,
  };
}

function take(pattern: RegExp, text: string, start: number): { readonly found: string; readonly end: number } | null {
  const sticky = new RegExp(pattern.source, pattern.flags);
  sticky.lastIndex = start;
  const match = sticky.exec(text);
  return match === null ? null : { found: match[1] ?? match[0], end: sticky.lastIndex };
}

function unescaped(text: string): string {
  return text.replace(/\\(.)/gsu, (_whole, char: string) => ESCAPES[char] ?? char);
}

function misread(rest: string): string {
  const shown = rest.length > 60 ? `${rest.slice(0, 60)}…` : rest;
  return `cannot be read from ${JSON.stringify(shown)} on: write name, one of ${MATCH_OPERATORS.join(" ")}, and a value, e.g. severity>=error or device=~"gw-*"; quote values with commas`;
}

function readData(part: unknown): ReadMatchers {
  const { name, operator, value } = (part ?? {}) as Partial<Record<keyof Matcher, unknown>>;
  const isMatcher = typeof name === "string" && name !== "" && typeof value === "string";
  if (isMatcher && MATCH_OPERATORS.some((known) => known === operator))
    return { ok: true, matchers: [{ name, operator: operator as MatchOperator, value }] };
  return {
    ok: false,
    problems: [`a matcher is a text, or has name, operator (one of ${MATCH_OPERATORS.join(" ")}) and value`],
  };
}

function problemsOf(matcher: Matcher): string[] {
  const { name, operator, value } = matcher;
  const shown = formatMatcher({ ...matcher, value: value.slice(0, 60) });
  if (value.length > LONGEST_VALUE_CHARS) return [`${shown}: a value has at most ${LONGEST_VALUE_CHARS} characters`];
  const isPattern = operator === "=~" || operator === "!~";
  const strange = isPattern ? patternProblem(value) : null;
  if (strange !== null) return [`${shown}: the value ${strange}`];
  if (name !== "severity") {
    const compares = !isPattern && operator !== "=" && operator !== "!=";
    return compares ? [`${shown}: only severity can be compared with ${operator}; use =, !=, =~ or !~`] : [];
  }
  const named = isPattern ? value.split("|").filter((one) => !one.includes("*")) : [value];
  const isKnown = named.every((one) => SEVERITIES.some((severity) => severity === one.trim().toLowerCase()));
  return isKnown ? [] : [`${shown}: a severity is one of ${SEVERITIES.join(", ")}`];
}

/** Types and severities have no capitals, however they are written. */
function inOneSpelling(matcher: Matcher): Matcher {
  const isOwn = matcher.name === "type" || matcher.name === "severity";
  return isOwn ? { ...matcher, value: matcher.value.trim().toLowerCase() } : matcher;
}
