/** A binary heap: the smallest by `before` is always on top. */
export interface Heap<Item> {
  readonly size: number;
  peek(): Item | undefined;
  pop(): Item | undefined;
  push(item: Item): void;
}

export function createHeap<Item>(before: (a: Item, b: Item) => boolean): Heap<Item> {
  const items: Item[] = [];

  function up(from: number): void {
    let place = from;
    while (place > 0) {
      const parent = (place - 1) >> 1;
      if (!before(items[place]!, items[parent]!)) return;
      swap(place, parent);
      place = parent;
    }
  }

  function down(from: number): void {
    let place = from;
    for (;;) {
      const left = 2 * place + 1;
      const right = left + 1;
      let first = place;
      if (left < items.length && before(items[left]!, items[first]!)) first = left;
      if (right < items.length && before(items[right]!, items[first]!)) first = right;
      if (first === place) return;
      swap(place, first);
      place = first;
    }
  }

  function swap(a: number, b: number): void {
    const held = items[a]!;
    items[a] = items[b]!;
    items[b] = held;
  }

  return {
    get size() {
      return items.length;
    },
    peek: () => items[0],
    pop() {
      const top = items[0];
      const last = items.pop();
      if (items.length > 0 && last !== undefined) {
        items[0] = last;
        down(0);
      }
      return top;
    },
    push(item) {
      items.push(item);
      up(items.length - 1);
    },
  };
}
