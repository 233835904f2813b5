/**
 * Decides which links Discord takes. One that it does not take makes it refuse the whole message: no dot in the host
 * (`http://grafana:3000`, the most common way for self-hosted alerts to vanish), another scheme, an empty text, spaces.
 *
 * Pure. What Discord refuses is known from its answers (`URL_TYPE_INVALID_URL`, `URL_TYPE_INVALID_SCHEME`), not documented:
 * https://github.com/discord/discord-api-docs/issues/6263 and https://github.com/go-gitea/gitea/issues/14379
 */
import { DISCORD_LIMITS } from "./limits.ts";

/** Most links, recognised without parsing: a host name with a dot, and nothing that would need encoding. */
const ORDINARY = /^https?:\/\/[a-z0-9-]+(?:\.[a-z0-9-]+)*\.[a-z]{2,63}(?:\/[\w.~:/?#@!$&'()*+,;=%-]*)?$/i;
/** What RFC 3986 does not allow anywhere in a URI and WHATWG's parser leaves as it is. */
const UNENCODED = /[^\w.~:/?#[\]@!$&'()*+,;=%-]/g;
const ATTACHMENT = /^attachment:\/\/(.+)$/;
/** https://docs.discord.com/developers/reference, "Using Attachments within Embeds". */
const PICTURE_FILE = /\.(?:jpe?g|png|webp|gif)$/i;

/** The link as Discord takes it, encoded where need be, or `null` when it takes it in no form. */
export function usableLink(link: string): string | null {
  if (link.length <= DISCORD_LIMITS.urlChars && ORDINARY.test(link)) return link;
  const url = URL.parse(link.trim());
  if (url === null || !/^https?:$/.test(url.protocol) || !/[^.]\.[^.]/.test(url.hostname)) return null;
  const encoded = url.href.replace(UNENCODED, encodeURIComponent);
  return encoded.length <= DISCORD_LIMITS.urlChars ? encoded : null;
}

/** As {@link usableLink}; also takes `attachment://name` of a picture among the files of the message. */
export function usablePicture(link: string, fileNames: readonly string[]): string | null {
  const name = ATTACHMENT.exec(link)?.[1];
  if (name === undefined) return usableLink(link);
  return fileNames.includes(name) && PICTURE_FILE.test(name) ? link : null;
}
