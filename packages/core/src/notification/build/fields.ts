/** Fields of what is known, for the builders of this folder. Pure. */
import type { FieldInput, NotificationInput } from "../notification.ts";

/** Names and values; what is `undefined` or `null` was not given, and gets no field. */
export type Known = Readonly<Record<string, unknown>>;

/** A field for each value that was given, then the application's own. */
export function fieldsOf(known: Known, own: NotificationInput["fields"], inline = true): FieldInput[] {
  const given = Object.entries(known).filter(([, value]) => value !== undefined && value !== null && value !== "");
  return [...given.map(([name, value]) => ({ name, value, inline })), ...listOf(own)];
}

/** Fields in their other form, a list. */
export function listOf(fields: NotificationInput["fields"]): readonly FieldInput[] {
  if (fields === undefined || Array.isArray(fields)) return fields ?? [];
  return Object.entries(fields)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => ({ name, value }));
}
