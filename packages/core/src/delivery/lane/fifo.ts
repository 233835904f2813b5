/** First in, first out, with a way back in at the front. */
export interface Fifo<Item> {
  push(item: Item): void;
  unshift(item: Item): void;
  shift(): void;
  peek(): Item | null;
  /** From the front. */
  [Symbol.iterator](): Iterator<Item>;
}

/** An array with a moving start: `Array.shift` on a long queue moves every element. */
export function createFifo<Item>(): Fifo<Item> {
  let items: (Item | null)[] = [];
  let first = 0;
  return {
    push(item) {
      items.push(item);
    },
    unshift(item) {
      if (first > 0) items[--first] = item;
      else items.unshift(item);
    },
    shift() {
      items[first++] = null;
      if (first >= items.length) {
        items = [];
        first = 0;
      } else if (first > 1_024 && first * 2 > items.length) {
        items = items.slice(first);
        first = 0;
      }
    },
    peek: () => items[first] ?? null,
    *[Symbol.iterator]() {
      for (let place = first; place < items.length; place++) yield items[place]!;
    },
  };
}
