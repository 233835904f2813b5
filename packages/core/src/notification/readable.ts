/**
 * Shows any JavaScript value as text for people: bounded in length, depth and breadth, and without ever throwing, because
 * values come straight from an application in trouble.
 *
 * Pure, as far as the value is: getters and `toJSON` of the value itself are run, under guard.
 */
import { bounded, MAX_VALUE_CHARS } from "./bounds.ts";

const MAX_DEPTH = 4;
const MAX_ENTRIES = 50;
const MAX_CAUSES = 3;
/** Larger integers take longer to print than a notification may cost. */
const LARGEST_BIGINT = 2n ** 512n;
const UNREADABLE = "[unreadable]";

/**
 * Text for a value: texts and numbers as they are, dates in ISO 8601, errors as `Name: message`, arrays and objects as
 * JSON up to four levels deep. Never throws; what cannot be read becomes `[unreadable]`.
 */
export function readable(value: unknown, maxChars: number = MAX_VALUE_CHARS): string {
  switch (typeof value) {
    case "string":
      return bounded(value, maxChars);
    case "number":
      return String(value);
    case "object":
      if (value === null) return "null";
      break;
    case "function":
    case "symbol":
    case "bigint":
      break;
    default:
      return String(value);
  }
  try {
    return bounded(describe(value), maxChars);
  } catch {
    return UNREADABLE;
  }
}

function describe(value: object | symbol | bigint): string {
  if (typeof value === "bigint") {
    return value > LARGEST_BIGINT || value < -LARGEST_BIGINT ? "[a very large integer]" : value.toString();
  }
  if (typeof value === "symbol") return value.toString();
  if (typeof value === "function") return `[function ${String(value.name)}]`;
  const scalar = scalarText(value);
  if (scalar !== null) return scalar;
  const writer: Writer = { text: "", path: [] };
  write(value, writer);
  return writer.text;
}

/** Text of the objects that people think of as one value; `null` for arrays and everything with parts. */
function scalarText(value: object): string | null {
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? "Invalid Date" : value.toISOString();
  if (value instanceof Error) return errorText(value, MAX_CAUSES);
  if (value instanceof URL) return value.href;
  if (value instanceof RegExp) return String(value);
  if (value instanceof ArrayBuffer || ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`;
  return null;
}

function errorText(error: Error, causesLeft: number): string {
  const text = `${readable(error.name)}: ${readable(error.message)}`;
  if (error.cause === undefined || causesLeft === 0) return text;
  const cause = error.cause instanceof Error ? errorText(error.cause, causesLeft - 1) : readable(error.cause);
  return `${text} (cause: ${cause})`;
}

interface Writer {
  text: string;
  /** The objects we are inside of, to recognise a cycle. */
  readonly path: object[];
}

function write(value: unknown, writer: Writer): void {
  if (writer.text.length > MAX_VALUE_CHARS) return;
  if (typeof value === "string") writer.text += JSON.stringify(bounded(value, MAX_VALUE_CHARS));
  else if (typeof value === "object" && value !== null) writeObject(value, writer);
  else writer.text += readable(value);
}

function writeObject(value: object, writer: Writer): void {
  if (writer.path.includes(value)) {
    writer.text += '"[circular]"';
    return;
  }
  const scalar = scalarText(value);
  if (scalar !== null) {
    writer.text += JSON.stringify(bounded(scalar, MAX_VALUE_CHARS));
    return;
  }
  if (writer.path.length === MAX_DEPTH) {
    writer.text += Array.isArray(value) ? "[…]" : "{…}";
    return;
  }
  writer.path.push(value);
  if (hasToJson(value)) write(value.toJSON(), writer);
  else if (Array.isArray(value)) writeItems(value, writer);
  else if (value instanceof Set) writeItems(firstOf(value), writer);
  else if (value instanceof Map) writeEntries(firstOf(value), writer);
  else writeEntries(ownEntries(value), writer);
  writer.path.pop();
}

function hasToJson(value: object): value is { toJSON(): unknown } {
  return "toJSON" in value && typeof value.toJSON === "function";
}

function writeItems(items: readonly unknown[], writer: Writer): void {
  writer.text += "[";
  for (let i = 0; i < items.length && i < MAX_ENTRIES; i++) {
    if (i > 0) writer.text += ", ";
    write(items[i], writer);
  }
  writer.text += items.length > MAX_ENTRIES ? ", …]" : "]";
}

function writeEntries(entries: readonly (readonly [unknown, unknown])[], writer: Writer): void {
  writer.text += "{";
  for (let i = 0; i < entries.length && i < MAX_ENTRIES; i++) {
    if (i > 0) writer.text += ", ";
    const [key, value] = entries[i]!;
    writer.text += `${JSON.stringify(readable(key))}: `;
    write(value, writer);
  }
  writer.text += entries.length > MAX_ENTRIES ? ", …}" : "}";
}

/** One more than is shown, so that the writer knows there was more. */
function firstOf<T>(parts: Iterable<T>): T[] {
  const first: T[] = [];
  for (const part of parts) {
    first.push(part);
    if (first.length > MAX_ENTRIES) break;
  }
  return first;
}

/** The first entries, each read under guard: one getter that throws must not hide the others. */
function ownEntries(value: object): [string, unknown][] {
  return Object.keys(value)
    .slice(0, MAX_ENTRIES + 1)
    .map((key) => [key, guardedGet(value, key)]);
}

/** A property's value, or `[unreadable]` when reading it throws. */
export function guardedGet(value: object, key: PropertyKey): unknown {
  try {
    return Reflect.get(value, key);
  } catch {
    return UNREADABLE;
  }
}
