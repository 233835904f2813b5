/**
 * An embed in the words of Discord's own API, as a notification.
 *
 * Upstream applications that have such embeds already. Downstream notification. Pure.
 */
import type { FieldInput, NotificationInput } from "../notification/notification.ts";

/** A link as a text, or wrapped as in Discord's API. */
type Picture = string | { readonly url: string };

/** All parts may be left out. Texts are markdown, as in Discord's API; nobody is pinged by them. */
export interface Embed {
  readonly title?: string | undefined;
  readonly description?: string | undefined;
  /** Link of the title. */
  readonly url?: string | undefined;
  /** 0 to 0xffffff. */
  readonly color?: number | undefined;
  /** `inline` is false unless it says otherwise, as in Discord's API. */
  readonly fields?: readonly FieldInput[] | undefined;
  readonly footer?: string | { readonly text: string; readonly icon_url?: string | undefined } | undefined;
  readonly author?:
    | string
    | { readonly name: string; readonly url?: string | undefined; readonly icon_url?: string | undefined }
    | undefined;
  readonly thumbnail?: Picture | undefined;
  readonly image?: Picture | undefined;
  /** A Date, ISO 8601 text, or epoch milliseconds. @defaultValue none */
  readonly timestamp?: Date | string | number | undefined;
}

/** The embed and nothing else: no template adds to it but its colour. */
export function embedNotification(embed: Embed): NotificationInput {
  const { title, description, url, color, fields = [], footer, author, timestamp = null } = embed;
  return {
    format: "markdown",
    title,
    message: description,
    url,
    color,
    timestamp,
    fields: fields.map(({ name, value, inline = false }) => ({ name, value, inline })),
    footer: typeof footer === "object" ? { text: footer.text, iconUrl: footer.icon_url } : (footer ?? null),
    author: typeof author === "string" ? { name: author } : author && { ...author, iconUrl: author.icon_url },
    thumbnail: urlOf(embed.thumbnail),
    image: urlOf(embed.image),
  };
}

function urlOf(picture: Picture | undefined): string | undefined {
  return typeof picture === "object" ? picture.url : picture;
}
