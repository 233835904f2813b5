/**
 * What a schema finds wrong, in words for people who have never heard of schemas. Only the validator's own sentences are put
 * differently; one that a schema brings itself stays as it is. Pure.
 */

/** The part of a Zod issue that is of use. */
export interface Finding {
  readonly code?: string | undefined;
  readonly message: string;
  readonly expected?: unknown;
  readonly origin?: unknown;
  readonly minimum?: unknown;
  readonly maximum?: unknown;
  readonly keys?: unknown;
  readonly values?: unknown;
  readonly issues?: unknown;
}

/** How every sentence of Zod's own begins. */
const OF_ZOD = /^(Invalid|Too|Unrecognized) /;

const KINDS: Readonly<Record<string, string>> = {
  string: "a text",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
  object: "an object",
  record: "an object",
  array: "a list",
};

/** Goes on after the name of what is wrong, without a full stop. */
export function inPlainWords(finding: Finding): string {
  const { code, message } = finding;
  if (!OF_ZOD.test(message)) return message;
  switch (code) {
    case "invalid_type":
      return message.endsWith("received undefined") ? "is missing" : `must be ${kindOf(finding.expected)}`;
    case "too_small":
      return bounded(finding, "at least", Number(finding.minimum));
    case "too_big":
      return bounded(finding, "at most", Number(finding.maximum));
    case "unrecognized_keys":
      return `has what is not known here: ${listOf(finding.keys)}`;
    case "invalid_value":
      return `must be one of ${listOf(finding.values)}`;
    case "invalid_key":
      return innerOf(finding);
    default:
      return message;
  }
}

function kindOf(expected: unknown): string {
  return KINDS[String(expected)] ?? String(expected);
}

function bounded({ origin }: Finding, which: string, bound: number): string {
  const plural = bound === 1 ? "" : "s";
  if (origin === "string") return `must have ${which} ${bound} character${plural}`;
  if (origin === "array") return `must have ${which} ${bound} item${plural}`;
  return `must be ${which} ${bound}`;
}

function listOf(values: unknown): string {
  return Array.isArray(values) ? values.map(String).join(", ") : String(values);
}

/** What is wrong with the name of an entry: the first thing that its own schema says. */
function innerOf({ message, issues }: Finding): string {
  const [first] = Array.isArray(issues) ? (issues as readonly Finding[]) : [];
  return first === undefined ? message : inPlainWords(first);
}
