/**
 * Decides whether a notification is one of those that somebody means: of a route, a silence, an inhibition, a maintenance window.
 *
 * Upstream   a complete notification, and matchers as texts (matcher-text.ts) or as data.
 * Downstream everything in this folder that selects.
 *
 * Pure. As in Alertmanager, a label that is missing equals the empty text: `device!=""` asks whether there is one.
 */
import { type Notification, SEVERITIES, type Severity } from "../notification/notification.ts";
import { matchesPattern, readPattern } from "./pattern.ts";

/** `=~` and `!~`: `*` for any text, `|` between alternatives. The last four compare severities. */
export const MATCH_OPERATORS = ["=", "!=", "=~", "!~", ">=", "<=", ">", "<"] as const;
export type MatchOperator = (typeof MATCH_OPERATORS)[number];

/** What is compared with what. */
export interface Matcher {
  /** `type`, `severity`, `key`, or the name of a label; `label.type` for a label that has one of those three names. */
  readonly name: string;
  readonly operator: MatchOperator;
  readonly value: string;
}

/** What matchers look at. */
export type Matched = Pick<Notification, "type" | "severity" | "key" | "labels">;

export interface CompiledMatchers {
  readonly matchers: readonly Matcher[];
  /** Whether all of them hold; of none, always. */
  matches(notification: Matched): boolean;
  /** The first that does not hold; `null` when all do. */
  mismatch(notification: Matched): Matcher | null;
}

type Test = (notification: Matched) => boolean;

/** Prepares matchers for use on many notifications. */
export function compileMatchers(matchers: readonly Matcher[]): CompiledMatchers {
  const tests = matchers.map(testOf);
  return {
    matchers,
    matches: (notification) => tests.every((test) => test(notification)),
    mismatch: (notification) => matchers[tests.findIndex((test) => !test(notification))] ?? null,
  };
}

/** Whether a notification without any label or key could match: then they are likely to mean more than was intended. */
export function isSelective(matchers: readonly Matcher[]): boolean {
  return matchers.some(({ name, operator, value }) =>
    name === "severity" ? excludesSome(operator, value) : !testOfText(operator, value)(""),
  );
}

/** How severe, for comparing: 0 for `info`. */
export function rankOf(severity: Severity): number {
  return SEVERITIES.indexOf(severity);
}

function testOf({ name, operator, value }: Matcher): Test {
  const read = readerOf(name);
  if (name === "severity" && isComparison(operator)) {
    const holds = testOfRank(operator, rankOf(value as Severity));
    return ({ severity }) => holds(rankOf(severity));
  }
  const holds = testOfText(operator, value);
  return (notification) => holds(read(notification));
}

function readerOf(name: string): (notification: Matched) => string {
  switch (name) {
    case "type":
      return ({ type }) => type;
    case "severity":
      return ({ severity }) => severity;
    case "key":
      return ({ key }) => key ?? "";
    default: {
      const label = name.startsWith(LABEL_PREFIX) ? name.slice(LABEL_PREFIX.length) : name;
      return ({ labels }) => (labels !== null && Object.hasOwn(labels, label) ? (labels[label] ?? "") : "");
    }
  }
}

const LABEL_PREFIX = "label.";

function testOfText(operator: MatchOperator, value: string): (text: string) => boolean {
  switch (operator) {
    case "=":
      return (text) => text === value;
    case "!=":
      return (text) => text !== value;
    case "=~":
    case "!~": {
      const pattern = readPattern(value);
      return operator === "=~" ? (text) => matchesPattern(pattern, text) : (text) => !matchesPattern(pattern, text);
    }
    // Comparisons are of severities alone: what reads a matcher from outside refuses the others, and as data they match nothing.
    case ">=":
    case "<=":
    case ">":
    case "<":
      return () => false;
  }
}

type Comparison = Extract<MatchOperator, ">=" | "<=" | ">" | "<">;

function isComparison(operator: MatchOperator): operator is Comparison {
  return operator === ">=" || operator === "<=" || operator === ">" || operator === "<";
}

function testOfRank(operator: Comparison, bound: number): (rank: number) => boolean {
  switch (operator) {
    case ">=":
      return (rank) => rank >= bound;
    case "<=":
      return (rank) => rank <= bound;
    case ">":
      return (rank) => rank > bound;
    case "<":
      return (rank) => rank < bound;
  }
}

function excludesSome(operator: MatchOperator, value: string): boolean {
  const test = testOf({ name: "severity", operator, value });
  return SEVERITIES.some((severity) => !test({ type: "", severity, key: null, labels: null }));
}
