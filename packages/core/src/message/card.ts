/**
 * What a notification looks like, in no channel's terms: which texts, in which order, in which colour. Texts are what is
 * meant to be read; a channel escapes and shortens them in its own way.
 */
import type { Author, Block, Field, Footer, Over } from "../notification/notification.ts";

/** How often it was reported, and since when (epoch milliseconds). */
export interface Repeats {
  readonly count: number;
  readonly since: number;
}

export interface Card {
  /** One line. */
  readonly title: string | null;
  /** Where the title leads; as the application wrote it. */
  readonly url: string | null;
  /** The matter is over, and how long it lasted: said before the text. */
  readonly over: Over | null;
  /** It stands for several; said before the text, so that no cut loses it. */
  readonly repeats: Repeats | null;
  readonly text: string | null;
  /** Code and links below the text; never markdown. */
  readonly blocks: readonly Block[];
  /** Names are one line each. A name or value may be empty. */
  readonly fields: readonly Field[];
  /** 0 to 0xffffff. */
  readonly color: number;
  readonly footer: Footer | null;
  readonly author: Author | null;
  /** Small picture. */
  readonly thumbnail: string | null;
  /** Large picture. */
  readonly image: string | null;
  /** Epoch milliseconds. */
  readonly timestamp: number | null;
  /** What to say when nothing of all this can be shown. */
  readonly emptyText: string;
  /** Whether `title`, `text` and the fields are markdown of the application's own. */
  readonly isMarkdown: boolean;
}
