/**
 * What an HTTP status means for a message when the body says nothing more. The question behind it is whether the message
 * may have been carried out: what may have been is `ambiguous`, and only what certainly was not is `unavailable`. Pure.
 */

export type StatusClass = "delivered" | "rate-limited" | "unavailable" | "ambiguous" | "rejected" | "misconfigured";

/** Answers of something in front that did not pass the request on: gateway, maintenance, network log-in page, Cloudflare. */
const NOT_CARRIED_OUT: ReadonlySet<number> = new Set([408, 421, 425, 502, 503, 511, 521, 523, 525, 526, 529, 530]);
/** The address or the credentials: 401 and 403, and whatever says that there is nothing to post to. */
const WRONG_DESTINATION: ReadonlySet<number> = new Set([301, 308, 401, 403, 404, 405, 407, 410]);

export function classOfStatus(status: number): StatusClass {
  if (status >= 200 && status < 300) return "delivered";
  if (status === 429) return "rate-limited";
  if (WRONG_DESTINATION.has(status)) return "misconfigured";
  // Other redirects lead elsewhere for a while: maintenance, or a network's log-in page.
  if (NOT_CARRIED_OUT.has(status) || status < 400) return "unavailable";
  return status < 500 ? "rejected" : "ambiguous";
}

const ELSEWHERE = "this address redirects to another one, which is not followed: check the URL if that goes on";
const SENTENCES: ReadonlyMap<number, string> = new Map([
  [301, "this address has moved: use the one it redirects to"],
  [302, ELSEWHERE],
  [303, ELSEWHERE],
  [307, ELSEWHERE],
  [308, "this address has moved: use the one it redirects to"],
  [401, "the credentials are not accepted"],
  [403, "access is denied"],
  [405, "this address takes no messages"],
  [407, "a proxy in between asks for credentials"],
  [410, "this address takes messages no more"],
  [413, "the message is too large"],
  [511, "the network asks to log in first"],
]);

/** The sentence to follow `HTTP <status>: `. */
export function sentenceOfStatus(status: number): string {
  const known = SENTENCES.get(status);
  if (known !== undefined) return known;
  switch (classOfStatus(status)) {
    case "delivered":
      return "the message was taken";
    case "rate-limited":
      return "too many requests";
    case "unavailable":
      return "the service cannot take the message for now";
    case "ambiguous":
      return "the service failed, and may have taken the message all the same";
    case "rejected":
      return "the message was refused";
    case "misconfigured":
      return "there is nothing at this address that takes messages";
  }
}
