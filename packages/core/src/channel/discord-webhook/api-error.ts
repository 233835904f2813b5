/**
 * Reads Discord's error body, of version 10 and of version 6, whatever the content type claims: at its edge answers in
 * HTML and plain text are mixed in. Pure.
 */

export interface ApiError {
  /** Discord's own code; `null` where there is none (version 6, most 429s). */
  readonly code: number | null;
  readonly message: unknown;
  readonly retryAfter: number | null;
  readonly global: boolean;
  /** What is wrong in the message, in the order given. */
  readonly fields: readonly FieldError[];
}

export interface FieldError {
  /** E.g. `["embeds", "0", "url"]`. */
  readonly path: readonly string[];
  readonly message: string;
}

const FIELDS_MAX = 50;
/** Discord's own trees are 7 deep; a hostile one must not exhaust the stack. */
const DEPTH_MAX = 16;
const KNOWN_KEYS: ReadonlySet<string> = new Set(["code", "message", "retry_after", "global", "errors"]);

/** `null` when the body is not a JSON object. */
export function parseApiError(body: Buffer): ApiError | null {
  const json = parseObject(body);
  if (json === null) return null;
  const fields: FieldError[] = [];
  if (isObject(json["errors"])) collect(json["errors"], [], fields);
  else for (const [key, value] of Object.entries(json)) if (!KNOWN_KEYS.has(key)) collect(value, [key], fields);
  const { code, retry_after: retryAfter } = json;
  return {
    code: typeof code === "number" ? code : null,
    message: json["message"],
    retryAfter: typeof retryAfter === "number" ? retryAfter : null,
    global: json["global"] === true,
    fields,
  };
}

/** The body as a JSON object, or `null`. */
export function parseObject(body: Buffer): Record<string, unknown> | null {
  try {
    const json: unknown = JSON.parse(body.toString());
    return isObject(json) ? json : null;
  } catch {
    return null;
  }
}

function collect(node: unknown, path: readonly string[], into: FieldError[]): void {
  if (into.length >= FIELDS_MAX || path.length > DEPTH_MAX) return;
  if (Array.isArray(node)) {
    for (const leaf of node.slice(0, FIELDS_MAX)) into.push({ path, message: textOf(leaf) });
  } else if (isObject(node)) {
    for (const [key, value] of Object.entries(node)) collect(value, key === "_errors" ? path : [...path, key], into);
  } else {
    into.push({ path, message: textOf(node) });
  }
}

/** A leaf of version 10 is `{code, message}`, one of version 6 is text. */
function textOf(leaf: unknown): string {
  const text = isObject(leaf) ? leaf["message"] : leaf;
  return typeof text === "string" ? text : "";
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
