/**
 * Rescues what can be read of an input that threw while it was being read: getters that fail, revoked proxies, objects
 * that lie about their type. The result is plain data, which can be read again without surprises.
 *
 * Slow, and only for such inputs; the fast path is normalise.ts without any guard.
 */
import { MAX_FIELDS } from "./bounds.ts";
import { guardedGet, readable } from "./readable.ts";

const MAX_DEPTH = 3;

/** A plain copy of the named properties, each read under guard. */
export function salvage(input: unknown, keys: readonly string[]): Record<string, unknown> {
  const copy: Record<string, unknown> = {};
  if (typeof input !== "object" || input === null) return copy;
  for (const key of keys) {
    try {
      copy[key] = plainCopy(Reflect.get(input, key), MAX_DEPTH);
    } catch {
      // Left out: it cannot be read, and the rest of the notification can.
    }
  }
  return copy;
}

function plainCopy(value: unknown, depth: number): unknown {
  if (typeof value !== "object" || value === null) return typeof value === "function" ? undefined : value;
  if (Array.isArray(value)) return itemsOf(value).map((item) => guardedCopy(item, depth));
  if (value instanceof Date) return new Date(value.getTime());
  if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) return value;
  if (value instanceof Error || depth === 0) return readable(value);
  const copy: Record<string, unknown> = {};
  for (const key of Object.keys(value).slice(0, MAX_FIELDS)) copy[key] = guardedCopy(guardedGet(value, key), depth);
  return copy;
}

function itemsOf(list: readonly unknown[]): unknown[] {
  return Array.from({ length: Math.min(list.length, MAX_FIELDS) }, (_, index) => guardedGet(list, index));
}

function guardedCopy(value: unknown, depth: number): unknown {
  try {
    return plainCopy(value, depth - 1);
  } catch {
    return readable(value);
  }
}
