/**
 * Takes secrets out of what an application in trouble tells: error messages, stacks and details. Adds to the secrets of channels
 * what is written as `name=value`, and what stands in headers and addresses.
 *
 * Upstream presets and adapters, with texts from applications. Pure.
 */
import { redactSecrets } from "../channel/redact-secrets.ts";
import { guardedGet, readable } from "../notification/readable.ts";

const NAMES =
  "pass(?:word|wd|phrase)?|pwd|secret|token|api[_-]?key|access[_-]?key|private[_-]?key|credentials?|authorization|cookie|session(?:[_-]?id)?";
const MASK = "***";
const MAX_DETAIL_CHARS = 4_096;
const MAX_DEPTH = 3;
const SECRET_NAME = new RegExp(`(?:${NAMES})$`, "i");
const FORMS: readonly (readonly [form: RegExp, safe: string])[] = [
  [/-----BEGIN [^-]*PRIVATE KEY-----[\s\S]*?(?:-----END [^-]*-----|$)/g, "***"],
  // scheme://user:password@host, where the password has characters in it that should have been percent-encoded; a port is none.
  [/(:\/\/[^\s"'<>/?#@:]*:)(?!\d{1,5}[/?#])[^\s"'<>]*@(?=[\w.[-])/g, "$1***@"],
  // scheme://token@host
  [/(:\/\/)[^\s"'<>/?#@:]+@(?=[\w.[-])/g, "$1***@"],
  // AccountKey=…;
  [/((?:account|shared\s?access)[\s_-]?key(?:name)?["']?\s*[=:]\s*)[^\s;,&"']+/gi, "$1***"],
  // JSON web tokens, and Discord's bot tokens.
  [/\b[\w-]{20,}\.[\w-]{6,}\.[\w-]{20,}/g, "***"],
  [/\b(?:gh[a-z]_|github_pat_|glpat-|xox[a-z]-|sk-|[sr]k_live_|AKIA|ASIA|AIza)[\w-]{12,}/g, "***"],
  // Authorization headers, with or without the header's name.
  [/\b(bearer|basic)\s+[\w.~+/=-]{6,}/gi, "$1 ***"],
  // Values of a query in an address.
  [/([?&][\w.~%[\]-]{1,64}=)[^\s&#"'<>)\]]+/g, "$1***"],
  // "password": "…", password=…, api-key: '…'
  [new RegExp(`((?:${NAMES})["']?\\s*[=:]\\s*)"(?:[^"\\\\]|\\\\.)*"?`, "gi"), '$1"***"'],
  [new RegExp(`((?:${NAMES})["']?\\s*[=:]\\s*)'(?:[^'\\\\]|\\\\.)*'?`, "gi"), "$1'***'"],
  [new RegExp(`((?:${NAMES})\\s*[=:]\\s*)(?!["'*]|bearer |basic )[^\\s,;&}]+`, "gi"), "$1***"],
];

/** The text with every secret that can be recognised in it replaced by `***`. */
export function redactText(text: string): string {
  let safe = redactSecrets(text);
  for (const [form, replacement] of FORMS) safe = safe.replace(form, replacement);
  return safe;
}

/** Any values by name, as texts that can be shown: those whose name speaks of a secret as `***`. */
export function redactDetails(details: Readonly<Record<string, unknown>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(details).map(([name, value]) => [
      name,
      isSecretDetail(name) ? MASK : redactText(readable(redactValue(value, isSecretDetail), MAX_DETAIL_CHARS)),
    ]),
  );
}

function isSecretDetail(name: string): boolean {
  return SECRET_NAME.test(name);
}

/**
 * The same value without secrets: for what is shown in one line, where quotes and line breaks would be escaped and the forms of secrets not be
 * recognised any more. Getters are run, under guard.
 */
export function redactValue(value: unknown, isSecret: (name: string, value: unknown) => boolean, depth = 0): unknown {
  if (typeof value === "string") return redactText(value);
  if (Array.isArray(value)) {
    return depth < MAX_DEPTH ? value.map((item) => redactValue(item, isSecret, depth + 1)) : "[…]";
  }
  if (!isGroup(value)) return value;
  if (depth >= MAX_DEPTH) return "{…}";
  const safe: Record<string, unknown> = Object.create(null);
  for (const key of Object.keys(value)) {
    const inner = guardedGet(value, key);
    safe[key] = isSecret(key, inner) ? MASK : redactValue(inner, isSecret, depth + 1);
  }
  return safe;
}

/** A plain object with something in it. */
export function isGroup(value: unknown): value is object {
  if (typeof value !== "object" || value === null) return false;
  const made = Object.getPrototypeOf(value);
  return (made === Object.prototype || made === null) && Object.keys(value).length > 0;
}
