/**
 * Makes a summary of a program's configuration that may be posted in a channel: one line per setting, without secrets.
 *
 * A setting is masked where its name looks secret, and every text is searched for what looks like one. Rather one harmless value
 * masked too many than one password posted.
 *
 * Pure, as far as the values are: getters are run, under guard.
 */
import { bounded } from "../notification/bounds.ts";
import type { FieldInput } from "../notification/notification.ts";
import { guardedGet, readable } from "../notification/readable.ts";
import { redactText } from "../preset/secrets.ts";

const MASK = "***";
const MAX_DEPTH = 3;
const MAX_SETTINGS = 100;
const MAX_ITEMS = 50;
const MAX_VALUE_CHARS = 1_000;

/** `dbPassword`, `API_KEY`, `webhook_url`, `connectionString`, `auth` (and no `author`). */
const SECRET_NAME =
  /pass|pwd|secret|token|credential|private|webhook|cookie|session|signature|salt|bearer|dsn|auth(?!or)|key$|(?:^|_)pin$|(?:connection|conn)[\s_-]*(?:string|str|url|uri)|(?:database|db|redis|mongo\w*|postgres\w*|amqp|mqtt|smtp)[\s_-]*(?:url|uri)$/i;

/** Beside the forms in which secrets stand in error messages, those in which they stand in settings. */
const FORMS: readonly (readonly [form: RegExp, safe: string])[] = [
  // scheme://anything@host: also a token instead of user and password, and passwords with @ and / in them.
  [/(:\/\/)[^\s"'<>]*@(?=[\w.[-])/g, `$1${MASK}@`],
  // AccountKey=…;
  [/((?:account|shared\s?access)[\s_-]?key(?:name)?["']?\s*[=:]\s*)[^\s;,&"']+/gi, `$1${MASK}`],
  // JSON web tokens, and Discord's bot tokens.
  [/\b[\w-]{20,}\.[\w-]{6,}\.[\w-]{20,}/g, MASK],
  [/\b(?:gh[a-z]_|github_pat_|glpat-|xox[a-z]-|sk-|sk_live_|rk_live_|AKIA|ASIA|AIza)[\w-]{12,}/g, MASK],
  [/-----BEGIN [^-]*PRIVATE KEY-----[\s\S]*?(?:-----END [^-]*-----|$)/g, MASK],
];

/** A text without what looks like a secret. */
function redactSetting(text: string): string {
  let safe = text;
  for (const [form, replacement] of FORMS) safe = safe.replace(form, replacement);
  return redactText(safe);
}

/** A field per setting, nested ones as `database.host`; at most 100. */
export function summariseConfiguration(config: unknown): FieldInput[] {
  const fields: FieldInput[] = [];
  try {
    if (typeof config === "object" && config !== null) addSettings(config, fields, []);
    else if (config !== undefined && config !== null) add(fields, "Configuration", config);
  } catch {
    add(fields, "Configuration", "[unreadable]");
  }
  return fields;
}

function addSettings(config: object, fields: FieldInput[], path: readonly string[]): void {
  for (const key of Object.keys(config)) {
    if (fields.length >= MAX_SETTINGS) return;
    const value = guardedGet(config, key);
    const name = [...path, key].join(".");
    if (isGroup(value) && !SECRET_NAME.test(key) && path.length + 1 < MAX_DEPTH) {
      addSettings(value, fields, [...path, key]);
    } else add(fields, name, isSecret(key, value) ? MASK : value);
  }
}

function isGroup(value: unknown): value is object {
  if (typeof value !== "object" || value === null) return false;
  const made = Object.getPrototypeOf(value);
  return (made === Object.prototype || made === null) && Object.keys(value).length > 0;
}

/** Whether something is switched on or not set at all is worth knowing, and no secret. */
function isSecret(key: string, value: unknown): boolean {
  return SECRET_NAME.test(key) && typeof value !== "boolean" && value !== null && value !== undefined && value !== "";
}

function add(fields: FieldInput[], name: string, value: unknown): void {
  fields.push({ name: redactSetting(name), value: textOf(value), inline: true });
}

function textOf(value: unknown): string {
  if (value === null || value === undefined || value === "") return "not set";
  const text = Array.isArray(value)
    ? value.slice(0, MAX_ITEMS).map((item) => readable(masked(item, 0), MAX_VALUE_CHARS))
    : [readable(masked(value, 0))];
  // Shortened last: of a secret that was cut, the rest would not be recognised.
  return bounded(redactSetting(text.join(", ")), MAX_VALUE_CHARS);
}

/** The same value, with what is under a secret name masked: for what is shown in one line. */
function masked(value: unknown, depth: number): unknown {
  if (Array.isArray(value)) return depth < MAX_DEPTH ? value.map((item) => masked(item, depth + 1)) : "[…]";
  // Before it stands in quotes among others, where its own quotes would be escaped.
  if (typeof value === "string") return redactSetting(value);
  if (!isGroup(value)) return value;
  if (depth >= MAX_DEPTH) return "{…}";
  const safe: Record<string, unknown> = Object.create(null);
  for (const key of Object.keys(value)) {
    const inner = guardedGet(value, key);
    safe[key] = isSecret(key, inner) ? MASK : masked(inner, depth + 1);
  }
  return safe;
}
