/**
 * The blocks that stand before the API, in the five shapes people have met them in. None carries `Via`: that is how a
 * client can tell them from an answer of the API itself.
 *
 * Shapes: discordjs/discord.js#8574 (1015 as text), discord/discord-api-docs#5810 (static JSON), #6473 (40333),
 * Suwayomi-Tsumiru#339 (1010 for a refused user agent).
 */
import { type Reply, withBody } from "../http/reply.ts";
import type { BanShape } from "../limit/ban-shape.ts";

const STATIC_TEXT =
  "You are being blocked from accessing our API temporarily due to exceeding our rate limits frequently. " +
  "Please read our docs at https://discord.com/developers/docs/topics/rate-limits to prevent this moving forward.";

const PAGE = `<!DOCTYPE html>
<html lang="en-US"><head><title>Access denied | discord.com used Cloudflare to restrict access</title></head>
<body><h1>Error 1015</h1><h2>You are being rate limited</h2>
<p>The owner of this website (discord.com) has banned you temporarily from accessing this website.</p></body></html>
`;

/** @param retryAfterSeconds - null leaves the header out; the shapes that never have it ignore it. */
export function toBanReply(shape: BanShape, retryAfterSeconds: number | null): Reply {
  return { ...wordsOf(shape, retryAfterSeconds), limitedBy: "edge" };
}

function wordsOf(shape: BanShape, retryAfterSeconds: number | null): Reply {
  const headers = ["Server", "cloudflare", "CF-RAY", "8f0c9a3b5d7e1f2a-FRA"];
  const retryAfter = retryAfterSeconds === null ? [] : ["Retry-After", String(Math.ceil(retryAfterSeconds))];
  switch (shape) {
    case "cloudflare-1015-text":
      return withBody({ status: 429, headers: [...headers, ...retryAfter], body: "error code: 1015" }, "text/plain");
    case "cloudflare-1015-html":
      return withBody({ status: 429, headers: [...headers, ...retryAfter], body: PAGE }, "text/html; charset=UTF-8");
    case "static-json":
      return withBody(
        { status: 429, headers, body: JSON.stringify({ code: 0, message: STATIC_TEXT }) },
        "application/json",
      );
    case "user-agent-1010":
      return withBody({ status: 403, headers, body: "error code: 1010" }, "text/plain");
    case "json-40333":
      return withBody(
        { status: 403, headers, body: JSON.stringify({ message: "internal network error", code: 40333 }) },
        "application/json",
      );
  }
}
