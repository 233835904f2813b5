/** Instants as Discord's API prints them. */

/** With microseconds and an explicit offset, as a Python back end does. */
export function toApiTime(at: number): string {
  return new Date(at).toISOString().replace("Z", "000+00:00");
}
