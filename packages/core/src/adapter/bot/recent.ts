/** Remembers what has been seen lately: Discord may send the same event once more. */

const REMEMBERED = 1_000;

/** @returns a function that is true for an id the first time */
export function createRecent(): (id: string) => boolean {
  const seen = new Set<string>();
  return (id) => {
    if (seen.has(id)) return false;
    seen.add(id);
    if (seen.size > REMEMBERED) seen.delete(seen.values().next().value ?? "");
    return true;
  };
}
