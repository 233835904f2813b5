/**
 * The last words of a notifier with a thread: nothing else runs in the program while the thread sends, so that they leave even when the process is
 * already on its way out.
 */
import { lossOf, type Speaker } from "../notifier/last-words.ts";
import type { Link } from "./link.ts";
import type { Posting } from "./posting.ts";

export interface FarewellParts {
  readonly link: Link;
  readonly posting: Posting;
  readonly timeoutMs: number;
  readonly hasStore: boolean;
}

export class Farewell implements Speaker {
  readonly #parts: FarewellParts;

  constructor(parts: FarewellParts) {
    this.#parts = parts;
  }

  isBusy(): boolean {
    return this.#parts.link.isBusy;
  }

  speak(): undefined {
    const { link, posting, timeoutMs } = this.#parts;
    // Whoever still tells something after this tells nobody.
    posting.end("closed");
    link.sayLastWords(timeoutMs);
  }

  leftover(): string | null {
    return lossOf(this.#parts.posting.ledger.volatile, this.#parts.hasStore);
  }
}
