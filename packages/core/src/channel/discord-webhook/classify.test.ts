import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { SendFailure, SendOutcome } from "../../delivery/channel.ts";
import type { Reply } from "../http/exchange.ts";
import { classifySend, type SentMessage } from "./classify.ts";

const TOKEN = "s3cret-Token_value";
const target = {
  id: "42",
  token: TOKEN,
  threadId: null,
  origin: "https://discord.com",
  path: `/api/v10/webhooks/42/${TOKEN}`,
  label: "Discord webhook 42",
};
const sent: SentMessage = { target, degrade: [], hasFiles: false };
const foreign: SentMessage = { ...sent, target: { ...target, origin: "http://relay:8090" } };
const VIA = { via: "1.1 google" };

function answer(status: number, body: unknown = "", headers: Record<string, string> = VIA): Reply {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  return { kind: "answer", status, headers, body: Buffer.from(text), complete: true };
}

function failure(reply: Reply, about: Partial<SentMessage> = {}): SendFailure {
  const outcome = classifySend(reply, { ...sent, ...about });
  if (outcome.kind === "delivered") throw new Error("expected a failure");
  return outcome;
}

const limited = { message: "You are being rate limited.", retry_after: 0.3, global: false };

describe("success", () => {
  const message = { id: "900", channel_id: "7", author: { id: "42" } };

  it("takes the message's id and the channel, whose hidden limit is shared", () => {
    const headers = {
      ...VIA,
      "x-ratelimit-limit": "5",
      "x-ratelimit-remaining": "4",
      "x-ratelimit-reset-after": "1.999",
      "x-ratelimit-bucket": "80c17d2f203122d936070c88c8d10f33",
    };
    expect(classifySend(answer(200, message, headers), sent)).toEqual({
      kind: "delivered",
      messageId: "900",
      address: { id: "900", channelId: "7", threadId: null },
      status: 200,
      limits: {
        limit: 5,
        remaining: 4,
        resetAfterMs: 1_999,
        bucket: "80c17d2f203122d936070c88c8d10f33",
        poolKey: "channel:7",
      },
    });
  });

  it("finds the ids wherever they stand, and not in the text of the message", () => {
    const text = { content: '"id":"1","channel_id":"2"', embeds: [{ title: '{"id":"3","channel_id":"4"}' }] };
    const spread = { ...text, channel_id: "7", attachments: [{ id: "8" }], id: "900" };
    const apart = {
      id: "900",
      type: 0,
      content: 'a "quote" and \\',
      tts: false,
      edited_timestamp: null,
      channel_id: "7",
    };
    const nested = { attachments: [{ id: "8", size: 1 }], reference: { id: "5" }, ...apart };
    for (const body of [
      spread,
      apart,
      nested,
      { ...text, ...message },
      JSON.stringify({ ...text, ...message }, null, 1),
    ]) {
      expect(classifySend(answer(200, body), sent)).toMatchObject({
        messageId: "900",
        limits: { poolKey: "channel:7" },
      });
    }
  });

  it("does not take a thread for the channel", () => {
    const outcome = classifySend(answer(200, message), { ...sent, target: { ...target, threadId: "7" } });
    expect(outcome).toMatchObject({ messageId: "900", limits: null });
  });

  it.each([
    ["204", answer(204)],
    ["200 with nothing", answer(200)],
    ["a body that is not JSON", answer(200, "ok")],
    ["a list", answer(200, [])],
    ["an id that is no text", answer(200, { id: 5, channel_id: null })],
    ["a body that broke off", { ...answer(200, '{"id": "90'), complete: false } as Reply],
  ])("counts as delivered without an id: %s", (_, reply) => {
    expect(classifySend(reply, sent)).toMatchObject({ kind: "delivered", messageId: null, limits: null });
  });

  it("is in doubt when a web page comes back as if from Discord, but not when a listed host confirms with one", () => {
    const page = answer(200, "<html>Please log in</html>", { "content-type": "text/html; charset=utf-8" });
    expect(failure(page)).toMatchObject({ kind: "ambiguous", error: { code: "not-discord" } });
    expect(classifySend(page, foreign)).toMatchObject({ kind: "delivered", messageId: null });
  });
});

describe("limits", () => {
  it.each<[string, Record<string, string>, unknown, number | null]>([
    ["header and body, header longer", { "retry-after": "3" }, { ...limited, retry_after: 2.4 }, 3_000],
    ["header and body, body longer", { "retry-after": "1" }, { ...limited, retry_after: 2.4001 }, 2_401],
    ["a fraction that binary numbers cannot hold", {}, { ...limited, retry_after: 2.007 }, 2_007],
    ["header alone", { "retry-after": "65" }, { message: "x" }, 65_000],
    ["body alone", {}, { ...limited, retry_after: 0.3 }, 300],
    ["body alone, not JSON", { "retry-after": "2" }, "slow down", 2_000],
    [
      "neither, bucket used up",
      { "x-ratelimit-remaining": "0", "x-ratelimit-reset-after": "1.25" },
      { message: "x" },
      1_250,
    ],
    [
      "neither, bucket not used up",
      { "x-ratelimit-remaining": "2", "x-ratelimit-reset-after": "1.25" },
      { message: "x" },
      null,
    ],
    [
      "a header that is longer than the bucket's reset",
      { "retry-after": "1337", "x-ratelimit-remaining": "0", "x-ratelimit-reset-after": "64.57" },
      limited,
      1_337_000,
    ],
    ["a header that is no number", { "retry-after": "soon" }, limited, 300],
    ["a negative header", { "retry-after": "-5" }, limited, 300],
    ["an empty header", { "retry-after": "" }, limited, 300],
    ["a wait past all bounds", { "retry-after": "1e300" }, limited, 604_800_000],
  ])("waits as long as told: %s", (_, ...[headers, body, waitMs]) => {
    expect(failure(answer(429, body, { ...VIA, ...headers }))).toMatchObject({
      kind: "rate-limited",
      retryAfterMs: waitMs,
    });
  });

  it.each<[string, Record<string, string>, object, string, boolean]>([
    ["the webhook's own", { "x-ratelimit-scope": "user" }, {}, "bucket", true],
    ["none named", {}, {}, "bucket", true],
    ["shared with the channel", { "x-ratelimit-scope": "shared", "x-ratelimit-remaining": "4" }, {}, "pool", false],
    ["global by scope", { "x-ratelimit-scope": "global" }, {}, "global", true],
    ["global by header", { "x-ratelimit-global": "true" }, {}, "global", true],
    ["global by body", {}, { global: true }, "global", true],
  ])(
    "tells whose limit it is, and whether it counts against the address: %s",
    (_, ...[headers, body, scope, countsAsInvalid]) => {
      const outcome = failure(answer(429, { ...limited, ...body }, { ...VIA, ...headers }));
      expect(outcome).toMatchObject({ kind: "rate-limited", scope, countsAsInvalid });
    },
  );

  it.each([20016, 20022, 20028, 20029, 30046, 40062])("takes code %i for a limit", (code) => {
    const outcome = failure(answer(429, { code, message: "x", retry_after: 3 }));
    expect(outcome).toMatchObject({ kind: "rate-limited", retryAfterMs: 3_000, error: { code: `discord-${code}` } });
  });

  it.each([
    [
      "nonsense limits",
      { "x-ratelimit-limit": "50000", "x-ratelimit-remaining": "49999", "x-ratelimit-reset-after": "1" },
      { limit: null, remaining: null, resetAfterMs: null },
    ],
    [
      "no number",
      { "x-ratelimit-limit": "NaN", "x-ratelimit-remaining": "4" },
      { limit: null, remaining: 4, resetAfterMs: null },
    ],
    [
      "a negative number",
      { "x-ratelimit-limit": "5", "x-ratelimit-remaining": "-1" },
      { limit: 5, remaining: null, resetAfterMs: null },
    ],
    [
      "half a request",
      { "x-ratelimit-limit": "5", "x-ratelimit-remaining": "1.5" },
      { limit: 5, remaining: null, resetAfterMs: null },
    ],
    ["one alone", { "x-ratelimit-reset-after": "0.3" }, { limit: null, remaining: null, resetAfterMs: 300 }],
  ])("reports of the headers only what can be true: %s", (_, headers, report) => {
    const outcome = classifySend(answer(204, "", { ...VIA, ...headers }), sent);
    if (outcome.limits === null) expect(report).toEqual({ limit: null, remaining: null, resetAfterMs: null });
    else expect(outcome.limits).toEqual({ ...report, bucket: null, poolKey: null });
  });

  it.each([
    { name: "a hash", header: "abcd_1234-Z", bucket: "abcd_1234-Z" },
    { name: "the first of two", header: ["abcd", "efgh"] as never, bucket: "abcd" },
    { name: "nothing", header: "", bucket: null },
    { name: "what is no hash", header: "a b<script>", bucket: null },
    { name: "what is too long for one", header: "a".repeat(65), bucket: null },
  ])("takes the bucket's name only as a hash: $name", ({ header, bucket }) => {
    const headers = { ...VIA, "x-ratelimit-remaining": "4", "x-ratelimit-bucket": header };
    expect(classifySend(answer(204, "", headers), sent).limits?.bucket).toBe(bucket);
  });

  describe("in milliseconds, as version 6 counts", () => {
    const v6 = { "retry-after": "1500", "x-ratelimit-remaining": "0", "x-ratelimit-reset-after": "1.5" };

    it("is recognised on another host by the bucket's reset, which is in seconds in every version", () => {
      expect(failure(answer(429, { ...limited, retry_after: 1500 }, v6), foreign)).toMatchObject({
        retryAfterMs: 1_500,
      });
    });

    it("is recognised on another host when it would be more than an hour", () => {
      expect(failure(answer(429, { ...limited, retry_after: 40_000 }), foreign)).toMatchObject({
        retryAfterMs: 40_000,
      });
    });

    it("is not suspected in a shared limit, whose wait has nothing to do with the bucket's", () => {
      const shared = { "retry-after": "1337", "x-ratelimit-remaining": "9", "x-ratelimit-reset-after": "64.57" };
      expect(failure(answer(429, limited, shared), foreign)).toMatchObject({ retryAfterMs: 1_337_000 });
    });

    it("is never suspected of Discord itself, which is always asked in version 10", () => {
      expect(failure(answer(429, { ...limited, retry_after: 1500 }, { ...VIA, ...v6 }))).toMatchObject({
        retryAfterMs: 1_500_000,
      });
    });
  });
});

describe("bans", () => {
  const blocked = { code: 0, message: "You are being blocked from accessing our API temporarily" };

  it.each([
    [
      "429 in plain text",
      answer(429, "error code: 1015", { server: "cloudflare", "retry-after": "66271" }),
      "banned-1015",
      66_271_000,
    ],
    ["429 as a page", answer(429, "<html><h1>Error 1015</h1>Ray ID: 8f</html>", {}), "banned-1015", null],
    ["429 of the edge without any reason", answer(429, "", {}), "banned-edge", null],
    ["429 in JSON without any figure", answer(429, blocked, {}), "banned-blocked", null],
    [
      "403 for the User-Agent, text",
      answer(403, "error code: 1010", { server: "cloudflare" }),
      "banned-user-agent",
      null,
    ],
    [
      "403 for the User-Agent, JSON",
      answer(403, { message: "internal network error", code: 40333 }),
      "banned-user-agent",
      null,
    ],
    ["403 for the address", answer(403, '<span class="cf-error-code">1006</span>', {}), "banned-1006", null],
    [
      "403 of the edge without a number",
      answer(403, "<html>Sorry, you have been blocked</html>", { "cf-ray": "8f" }),
      "banned-edge",
      null,
    ],
  ])("are told from limits and wrong webhooks: %s", (_, reply, ...[code, retryAfterMs]) => {
    expect(failure(reply)).toMatchObject({ kind: "banned", retryAfterMs, countsAsInvalid: true, error: { code } });
  });

  it.each([
    ["the API's JSON with a wait", answer(429, limited, {})],
    ["the API's headers without a wait", answer(429, { message: "x" }, { "x-ratelimit-scope": "user" })],
    ["an empty answer of the API", answer(429, "", { ...VIA, "retry-after": "1" })],
    ["a code of the API's own", answer(429, { code: 20028, message: "x" }, {})],
  ])("are not seen in ordinary limits: %s", (_, reply) => {
    expect(failure(reply).kind).toBe("rate-limited");
  });

  it("are not seen in another host's own plain 429 and 403", () => {
    expect(failure(answer(429, "<h1>429 Too Many Requests</h1>nginx", {}), foreign).kind).toBe("rate-limited");
    expect(failure(answer(403, "<h1>403 Forbidden</h1>nginx", {}), foreign).kind).toBe("misconfigured");
  });

  it("are not seen in a message that quotes one", () => {
    const quoted = {
      code: 50035,
      message: "Invalid Form Body",
      errors: { content: { _errors: [{ message: "error code: 1015" }] } },
    };
    expect(failure(answer(400, quoted)).kind).toBe("rejected");
  });
});

describe("codes", () => {
  it.each([
    [404, 10015],
    [404, 10003],
    [404, 10004],
    [401, 50027],
    [401, 40001],
    [403, 50001],
    [403, 50013],
    [400, 220002],
    [400, 220003],
    [400, 220004],
    [400, 40067],
    [400, 40058],
    [400, 50083],
    [400, 160005],
  ])("HTTP %i with code %i is the destination's fault", (status, code) => {
    const outcome = failure(answer(status, { message: "x", code }));
    expect(outcome).toMatchObject({ kind: "misconfigured", error: { code: `discord-${code}`, status } });
    expect(outcome.countsAsInvalid).toBe(status === 401 || status === 403);
    expect(outcome.error.message).toMatch(/^[A-Z].*: .*\.$|^[A-Z].*\.$/);
  });

  it.each([
    [403, 40004],
    [403, 40006],
    [503, 130000],
    [500, 130000],
  ])("HTTP %i with code %i passes", (status, code) => {
    expect(failure(answer(status, { message: "x", code })).kind).toBe("unavailable");
  });

  it("passes on when the service says it will be back", () => {
    const outcome = failure(answer(503, "", { ...VIA, "retry-after": "120" }));
    expect(outcome.limits).toEqual({ limit: null, remaining: 0, resetAfterMs: 120_000, bucket: null, poolKey: null });
  });

  it("blames the URL when Discord objects to a part of it", () => {
    const errors = { thread_id: { _errors: [{ code: "NUMBER_TYPE_COERCE", message: 'Value "x" is not snowflake.' }] } };
    const outcome = failure(answer(400, { code: 50035, message: "Invalid Form Body", errors }));
    expect(outcome).toMatchObject({ kind: "misconfigured", error: { code: "discord-50035" } });
  });

  it("never calls a 500 a refusal, because the message may have arrived", () => {
    const body = { message: "500: Internal Server Error", code: 0 };
    expect(failure(answer(500, body)).kind).toBe("ambiguous");
    expect(failure(answer(500, body), { degrade: ["text-only"] }).kind).toBe("ambiguous");
  });

  it("does not decide on a refusal of which only a part arrived, because asking again is safe", () => {
    const cut = { ...answer(404, '{"message": "Unknown W'), complete: false } as Reply;
    expect(failure(cut)).toMatchObject({ kind: "unavailable", error: { code: "answer-incomplete" } });
    expect(failure({ ...answer(429, "", { "retry-after": "2", ...VIA }), complete: false } as Reply).kind).toBe(
      "rate-limited",
    );
  });
});

describe("every outcome", () => {
  const anyBody = fc.oneof(
    fc.json(),
    fc.string(),
    fc.constantFrom(
      TOKEN,
      `{"message":"no ${TOKEN}","code":50035}`,
      `{"code":50035,"errors":{"${TOKEN}":{"_errors":[{"message":"/webhooks/1/${TOKEN}"}]}}}`,
    ),
  );
  const headerValue = fc.oneof(
    fc.string({ maxLength: 8 }),
    fc.constantFrom("5", "0", "-1", "1e9", "NaN", "50000", "0.3"),
  );
  const anyHeaders = fc.dictionary(
    fc.constantFrom(
      "retry-after",
      "via",
      "server",
      "cf-ray",
      "content-type",
      "x-ratelimit-limit",
      "x-ratelimit-remaining",
      "x-ratelimit-reset-after",
      "x-ratelimit-scope",
      "x-ratelimit-global",
    ),
    headerValue,
  );

  it("is one sentence without the token, with finite figures, whatever comes back", () => {
    fc.assert(
      fc.property(
        fc.record({
          status: fc.integer({ min: 200, max: 999 }),
          body: anyBody,
          headers: anyHeaders,
          complete: fc.boolean(),
        }),
        ({ status, body, headers, complete }) => {
          const reply: Reply = { kind: "answer", status, headers, body: Buffer.from(body), complete };
          const outcome: SendOutcome = classifySend(reply, sent);
          expect(JSON.stringify(outcome)).not.toContain(TOKEN);
          for (const ms of [outcome.limits?.resetAfterMs, "retryAfterMs" in outcome ? outcome.retryAfterMs : null]) {
            if (ms != null) expect(Number.isSafeInteger(ms) && ms >= 0).toBe(true);
          }
          if (outcome.kind !== "delivered") expect(outcome.error.message).toMatch(/^\S.*\.$/);
          if (outcome.kind === "delivered") expect(status).toBeLessThan(300);
        },
      ),
      { numRuns: 2_000 },
    );
  });
});
