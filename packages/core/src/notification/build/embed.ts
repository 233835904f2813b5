/** A card put together piece by piece (D2). Each call returns a new one, so that a common beginning can be shared. Pure. */
import type { BlockInput, FieldInput, Mention, NotificationInput } from "../notification.ts";
import { listOf } from "./fields.ts";

/** What has been put together so far. Texts are shown as they are, as everywhere. */
export class EmbedBuilder {
  readonly #input: NotificationInput;

  constructor(input: NotificationInput = {}) {
    this.#input = input;
  }

  title(title: string): EmbedBuilder {
    return this.#with({ title });
  }

  description(message: string): EmbedBuilder {
    return this.#with({ message });
  }

  /** Where the title leads. */
  url(url: string): EmbedBuilder {
    return this.#with({ url });
  }

  /** 0 to 0xffffff. */
  color(color: number): EmbedBuilder {
    return this.#with({ color });
  }

  /** One more field. */
  field(name: string, value: unknown, inline = true): EmbedBuilder {
    return this.fields([{ name, value, inline }]);
  }

  /** More fields. */
  fields(more: Readonly<Record<string, unknown>> | readonly FieldInput[]): EmbedBuilder {
    return this.#with({ fields: [...listOf(this.#input.fields), ...listOf(more)] });
  }

  /** Small picture, by its URL. */
  thumbnail(thumbnail: string): EmbedBuilder {
    return this.#with({ thumbnail });
  }

  /** Large picture, by its URL. */
  image(image: string): EmbedBuilder {
    return this.#with({ image });
  }

  author(name: string, more: { readonly url?: string; readonly iconUrl?: string } = {}): EmbedBuilder {
    return this.#with({ author: { name, ...more } });
  }

  /** `null` for none. */
  footer(text: string | null, iconUrl?: string): EmbedBuilder {
    return this.#with({ footer: text === null ? null : { text, iconUrl } });
  }

  /** `null` for none; without a call it is now. */
  timestamp(timestamp: Date | string | number | null): EmbedBuilder {
    return this.#with({ timestamp });
  }

  /** One more link below the text, under words of its own. */
  link(text: string, url: string): EmbedBuilder {
    return this.#block({ kind: "link", text, url });
  }

  /** One more piece of code below the text; `null` for no language. */
  codeBlock(language: string | null, text: string): EmbedBuilder {
    return this.#block({ kind: "code", text, language });
  }

  /** Pings these as well. */
  mention(...mentions: readonly Mention[]): EmbedBuilder {
    return this.#with({ mentions: [...(this.#input.mentions ?? []), ...mentions] });
  }

  /**
   * The notification.
   *
   * @param more what else it is to have, e.g. its type, severity or key; goes before what was put together
   */
  build(more: NotificationInput = {}): NotificationInput {
    return { ...this.#input, ...more };
  }

  #block(block: BlockInput): EmbedBuilder {
    return this.#with({ blocks: [...(this.#input.blocks ?? []), block] });
  }

  #with(part: NotificationInput): EmbedBuilder {
    return new EmbedBuilder({ ...this.#input, ...part });
  }
}

/**
 * Begins a card.
 *
 * @example
 * const card = embed().title("Deployed").field("Version", "1.4.2").link("Changes", url).codeBlock("sh", "npm i shop@1.4.2");
 * notifier.notify(card.build({ type: "general" }));
 */
export function embed(): EmbedBuilder {
  return new EmbedBuilder();
}
