/** The five forms in which people have met a ban; edge/ban.ts has the words. */
export type BanShape =
  /** 429, `error code: 1015`, with Retry-After. */
  | "cloudflare-1015-text"
  /** 429, a page that mentions 1015. */
  | "cloudflare-1015-html"
  /** 429, fixed JSON without any word on when to come back. */
  | "static-json"
  /** 403, `error code: 1010`: the user agent is not wanted. */
  | "user-agent-1010"
  /** 403, JSON with code 40333. */
  | "json-40333";

export const BAN_SHAPES: readonly BanShape[] = Object.freeze([
  "cloudflare-1015-text",
  "cloudflare-1015-html",
  "static-json",
  "user-agent-1010",
  "json-40333",
] as const);
