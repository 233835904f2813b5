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
import { isGroup, redactText, redactValue } from "../preset/secrets.ts";

const MASK = "***";
const MAX_DEPTH = 3;
const MAX_SETTINGS = 100;
const MAX_ITEMS = 50;
const MAX_VALUE_CHARS = 1_000;

/** `dbPassword`, `API_KEY`, `webhook_url`, `connectionString`, `auth` (and no `author`). */
const SECRET_NAME =
  /pass|pwd|secret|token|credential|private|webhook|cookie|session|signature|salt|bearer|dsn|auth(?!or)|key$|(?:^|_)pin$|(?:connection|conn)[\s_-]*(?:string|str|url|uri)|(?:database|db|redis|mongo\w*|postgres\w*|amqp|mqtt|smtp)[\s_-]*(?:url|uri)$/i;

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

/** Whether something is switched on or not set at all is worth knowing, and no secret. */
function isSecret(key: string, value: unknown): boolean {
  return SECRET_NAME.test(key) && typeof value !== "boolean" && value !== null && value !== undefined && value !== "";
}

function add(fields: FieldInput[], name: string, value: unknown): void {
  fields.push({ name: redactText(name), value: textOf(value), inline: true });
}

function textOf(value: unknown): string {
  if (value === null || value === undefined || value === "") return "not set";
  const text = Array.isArray(value)
    ? value.slice(0, MAX_ITEMS).map((item) => readable(redactValue(item, isSecret), MAX_VALUE_CHARS))
    : [readable(redactValue(value, isSecret))];
  // Shortened last: of a secret that was cut, the rest would not be recognised.
  return bounded(redactText(text.join(", ")), MAX_VALUE_CHARS);
}
