/**
 * The exit flush of a notifier with a thread: nothing else runs in the program while the thread sends, so that it works even when the process is
 * already on its way out.
 */
import { type ExitFlusher, lossMessage } from "../notifier/exit-flush.ts";
import type { Link } from "./link.ts";
import type { Posting } from "./posting.ts";

export interface ExitFlusherParts {
  readonly link: Link;
  readonly posting: Posting;
  readonly timeoutMs: number;
  readonly hasStore: boolean;
}

export class ThreadExitFlusher implements ExitFlusher {
  readonly #parts: ExitFlusherParts;

  constructor(parts: ExitFlusherParts) {
    this.#parts = parts;
  }

  isBusy(): boolean {
    return this.#parts.link.isBusy;
  }

  flush(): undefined {
    const { link, posting, timeoutMs } = this.#parts;
    // Whoever still tells something after this tells nobody.
    posting.end("closed");
    link.flushAtExit(timeoutMs);
  }

  loss(): string | null {
    return lossMessage(this.#parts.posting.ledger.volatile, this.#parts.hasStore);
  }
}
