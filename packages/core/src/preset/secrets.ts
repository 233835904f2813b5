/**
 * Takes secrets out of what an application in trouble tells: error messages, stacks and details. Adds to the secrets of channels
 * what is written as `name=value`, and what stands in headers and addresses.
 *
 * Upstream presets and adapters, with texts from applications. Pure.
 */
import { redactSecrets } from "../channel/redact-secrets.ts";
import { readable } from "../notification/readable.ts";

const NAMES =
  "pass(?:word|wd|phrase)?|pwd|secret|token|api[_-]?key|access[_-]?key|private[_-]?key|credentials?|authorization|cookie|session(?:[_-]?id)?";
const MAX_DETAIL_CHARS = 4_096;
const SECRET_NAME = new RegExp(`(?:${NAMES})$`, "i");
const FORMS: readonly (readonly [form: RegExp, safe: string])[] = [
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
      SECRET_NAME.test(name) ? "***" : redactText(readable(value, MAX_DETAIL_CHARS)),
    ]),
  );
}
