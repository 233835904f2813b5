/**
 * The parts of a notification that consist of several values: fields, labels, mentions, footer, author. Each is a copy,
 * bounded, of the right types. Pure but for getters of the input, which may throw through here.
 */
import { bounded, MAX_FIELDS, MAX_LABELS, MAX_MENTIONS, MAX_NAME_CHARS, MAX_TEXT_CHARS } from "./bounds.ts";
import type { Author, Field, Footer, Mention } from "./notification.ts";
import { readable } from "./readable.ts";
import { toMention, toUrl } from "./values.ts";

type Raw = Readonly<Record<string, unknown>>;

const NO_FIELDS: readonly Field[] = Object.freeze([]);
const NO_MENTIONS: readonly Mention[] = Object.freeze([]);

/** A text, or any other value as text; `null` when there is none. */
export function toText(value: unknown): string | null {
  if (value === undefined || value === null || value === "") return null;
  return typeof value === "string" ? bounded(value, MAX_TEXT_CHARS) : readable(value, MAX_TEXT_CHARS);
}

/** Fields out of a record, a `Map` or a list; a value alone becomes one field without a name. */
export function toFields(value: unknown): readonly Field[] {
  if (value === undefined || value === null) return NO_FIELDS;
  if (typeof value !== "object") return [{ name: "", value: readable(value), inline: true }];
  const fields = Array.isArray(value) ? listedFields(value) : recordFields(value);
  return fields.length === 0 ? NO_FIELDS : fields;
}

function recordFields(value: object): Field[] {
  const record = value instanceof Map ? Object.fromEntries(value) : (value as Raw);
  const names = Object.keys(record);
  const fields: Field[] = [];
  for (const name of names.length > MAX_FIELDS ? names.slice(0, MAX_FIELDS) : names) {
    const entry: unknown = record[name];
    if (entry !== undefined) fields.push({ name: bounded(name, MAX_NAME_CHARS), value: readable(entry), inline: true });
  }
  return withRest(fields, names.length);
}

function listedFields(list: readonly unknown[]): Field[] {
  const fields: Field[] = [];
  // By index, so that holes in the list are fields too.
  for (let index = 0; index < list.length && index < MAX_FIELDS; index++) fields.push(listedField(list[index]));
  return withRest(fields, list.length);
}

function listedField(item: unknown): Field {
  if (typeof item !== "object" || item === null) return { name: "", value: readable(item), inline: true };
  const { name, value, inline } = item as Raw;
  return {
    name: name === undefined || name === null ? "" : readable(name, MAX_NAME_CHARS),
    value: value === undefined ? "" : readable(value),
    inline: inline !== false,
  };
}

/** Tells of fields beyond the bound rather than dropping them in silence. */
function withRest(fields: Field[], given: number): Field[] {
  if (given > MAX_FIELDS) fields.push({ name: "…", value: `${given - MAX_FIELDS} more fields`, inline: false });
  return fields;
}

/** Labels as texts; `null` when there are none. */
export function toLabels(value: unknown): Readonly<Record<string, string>> | null {
  if (typeof value !== "object" || value === null) return null;
  const labels: Record<string, string> = {};
  const names = Object.keys(value).slice(0, MAX_LABELS);
  for (const name of names) {
    const label = (value as Raw)[name];
    if (label !== undefined) labels[bounded(name, MAX_NAME_CHARS)] = readable(label, MAX_NAME_CHARS);
  }
  return names.length === 0 ? null : labels;
}

/** The mentions that can be understood, each once. */
export function toMentions(value: unknown): readonly Mention[] {
  if (value === undefined || value === null) return NO_MENTIONS;
  const asked = Array.isArray(value) ? value.slice(0, MAX_MENTIONS) : [value];
  const mentions = new Set(asked.map(toMention).filter((mention) => mention !== null));
  return mentions.size === 0 ? NO_MENTIONS : [...mentions];
}

/** `undefined` asks for the template's footer; `null` and an empty text for none. */
export function toFooter(value: unknown): Footer | null | undefined {
  if (value === undefined || value === null) return value;
  if (value === "") return null;
  if (typeof value !== "object") return { text: readable(value, MAX_TEXT_CHARS), iconUrl: null };
  const { text, iconUrl, icon_url } = value as Raw;
  const shown = toText(text);
  return shown === null ? undefined : { text: shown, iconUrl: toUrl(iconUrl ?? icon_url) };
}

/** An author with a name, or `null`. */
export function toAuthor(value: unknown): Author | null {
  if (value === undefined || value === null || value === "") return null;
  if (typeof value !== "object") return { name: readable(value, MAX_NAME_CHARS), url: null, iconUrl: null };
  const { name, url, iconUrl, icon_url } = value as Raw;
  if (name === undefined || name === null || name === "") return null;
  return { name: readable(name, MAX_NAME_CHARS), url: toUrl(url), iconUrl: toUrl(iconUrl ?? icon_url) };
}
