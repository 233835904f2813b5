/** Drawing with a seed. */
export const MINUTE_MS = 60_000;

export function pick<Item>(random: () => number, items: readonly Item[]): Item {
  return items[Math.floor(random() * items.length)]!;
}
