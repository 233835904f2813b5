/** First in, first out, with a way back in at the front. */
export interface Fifo<Item> {
  push(item: Item): void;
  unshift(item: Item): void;
  shift(): void;
  peek(): Item | null;
  /** From the front. */
  [Symbol.iterator](): Iterator<Item>;
}

export function createFifo<Item>(): Fifo<Item> {
  return new MovingStart();
}

/** A new array for each item that comes alone would cost more than the places of a few that have gone. */
const EMPTIED_AT = 16;

/** An array with a moving start: `Array.shift` on a long queue moves every element. A class, because a lane makes one for each burst. */
class MovingStart<Item> implements Fifo<Item> {
  #items: (Item | null)[] = [];
  #first = 0;

  push(item: Item): void {
    this.#items.push(item);
  }

  unshift(item: Item): void {
    if (this.#first > 0) this.#items[--this.#first] = item;
    else this.#items.unshift(item);
  }

  shift(): void {
    this.#items[this.#first++] = null;
    if (this.#first >= this.#items.length && this.#first >= EMPTIED_AT) {
      this.#items = [];
      this.#first = 0;
    } else if (this.#first > 1_024 && this.#first * 2 > this.#items.length) {
      this.#items = this.#items.slice(this.#first);
      this.#first = 0;
    }
  }

  peek(): Item | null {
    return this.#items[this.#first] ?? null;
  }

  *[Symbol.iterator](): Iterator<Item> {
    for (let place = this.#first; place < this.#items.length; place++) yield this.#items[place]!;
  }
}
