/**
 * Reads the URLs of a form. The rule that surprises people: a host without a dot (`http://grafana:3000`) is refused,
 * an IPv4 address passes.
 */

import { URL_MAX } from "./limits.ts";
import type { Reader } from "./reader.ts";
import { codePoints } from "./reader.ts";

const ATTACHMENT_NAME = /^attachment:\/\/[^/]+\.(?:jpe?g|png|webp|gif)$/i;

/** A link that people may follow: http or https. */
export const webUrl: Reader<string> = urlReader(["http", "https"]);

/** A picture: http, https, or `attachment://name` of a file sent along. */
export const mediaUrl: Reader<string> = urlReader(["http", "https", "attachment"]);

function urlReader(schemes: readonly string[]): Reader<string> {
  const listed = schemes.map((scheme) => `'${scheme}'`).join(", ");
  return (input, report) => {
    if (input === null || input === undefined) return undefined;
    if (typeof input !== "string") {
      report.complain("URL_TYPE_INVALID_URL", "Not a well formed URL.");
      return undefined;
    }
    const url = input.trim();
    const scheme = /^([a-z][a-z0-9+.-]*):/i.exec(url)?.[1]?.toLowerCase() ?? "";
    if (!schemes.includes(scheme)) {
      report.complain(
        "URL_TYPE_INVALID_SCHEME",
        `Scheme "${scheme}" is not supported. Scheme must be one of (${listed}).`,
      );
      return undefined;
    }
    if (url.length > URL_MAX && codePoints(url) > URL_MAX) {
      report.complain("BASE_TYPE_MAX_LENGTH", `Must be ${URL_MAX} or fewer in length.`);
      return undefined;
    }
    if (scheme === "attachment" ? ATTACHMENT_NAME.test(url) : isWellFormed(url)) return url;
    report.complain("URL_TYPE_INVALID_URL", "Not a well formed URL.");
    return undefined;
  };
}

function isWellFormed(url: string): boolean {
  // The parser of Node mends what Discord refuses: spaces, and a missing slash after the scheme.
  if (/\s/.test(url) || !/^https?:\/\/[^/?#]/i.test(url)) return false;
  const host = URL.parse(url)?.hostname;
  return host !== undefined && (host.startsWith("[") || /[^.]\.[^.]/.test(host));
}
