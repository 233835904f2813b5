import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { read } from "../../testing/read-form.ts";
import { readExecuteForm } from "./payload.ts";
import { codePoints } from "./reader.ts";
import { createReport, toErrorTree } from "./report.ts";

const BELL = "🔔";

function embed(fields: object) {
  return { embeds: [fields] };
}

const MAX = "BASE_TYPE_MAX_LENGTH Must be";
const field = { name: "n", value: "v" };

describe("what is refused", () => {
  it.each([
    { payload: { content: "x".repeat(2001) }, error: `content ${MAX} 2000 or fewer in length.` },
    { payload: { content: BELL.repeat(2001) }, error: `content ${MAX} 2000 or fewer in length.` },
    { payload: { content: [] }, error: 'content STRING_TYPE_CONVERT Could not interpret "[]" as string.' },
    { payload: { username: "" }, error: "username BASE_TYPE_BAD_LENGTH Must be between 1 and 80 in length." },
    {
      payload: { username: "x".repeat(81) },
      error: "username BASE_TYPE_BAD_LENGTH Must be between 1 and 80 in length.",
    },
    {
      payload: { username: "My DisCord bell" },
      error: 'username USERNAME_INVALID_CONTAINS Username cannot contain "discord"',
    },
    { payload: { username: "Clyde" }, error: 'username USERNAME_INVALID_CONTAINS Username cannot contain "clyde"' },
    { payload: { username: "a@b" }, error: 'username USERNAME_INVALID_CONTAINS Username cannot contain "@"' },
    { payload: { username: "Here" }, error: 'username USERNAME_INVALID Username cannot be "here"' },
    {
      payload: { avatar_url: "" },
      error: `avatar_url URL_TYPE_INVALID_SCHEME Scheme "" is not supported. Scheme must be one of ('http', 'https').`,
    },
    { payload: { tts: "perhaps" }, error: "tts BOOLEAN_TYPE_CONVERT Must be either true or false." },
    { payload: { embeds: "x" }, error: "embeds LIST_TYPE_CONVERT Only iterables may be used in a ListType" },
    { payload: { embeds: { title: "x" } }, error: "embeds.0 MODEL_TYPE_CONVERT Expected an object/dictionary." },
    {
      payload: { embeds: [{}] },
      error: "embeds.0 LIST_ITEM_VALUE_REQUIRED List item values of ModelType are required",
    },
    { payload: { embeds: Array(11).fill({ title: "x" }) }, error: `embeds ${MAX} 10 or fewer in length.` },
    { payload: embed({ title: "x".repeat(257) }), error: `embeds.0.title ${MAX} 256 or fewer in length.` },
    {
      payload: embed({ description: "x".repeat(4097) }),
      error: `embeds.0.description ${MAX} 4096 or fewer in length.`,
    },
    { payload: embed({ fields: Array(26).fill(field) }), error: `embeds.0.fields ${MAX} 25 or fewer in length.` },
    {
      payload: embed({ fields: [{ name: "x".repeat(257), value: "v" }] }),
      error: `embeds.0.fields.0.name ${MAX} 256 or fewer in length.`,
    },
    {
      payload: embed({ fields: [{ name: "n", value: "x".repeat(1025) }] }),
      error: `embeds.0.fields.0.value ${MAX} 1024 or fewer in length.`,
    },
    {
      payload: embed({ fields: [{ name: "n" }] }),
      error: "embeds.0.fields.0.value BASE_TYPE_REQUIRED This field is required",
    },
    {
      payload: embed({ fields: [{ name: null, value: "v" }] }),
      error: "embeds.0.fields.0.name BASE_TYPE_REQUIRED This field is required",
    },
    {
      payload: embed({ footer: { text: "x".repeat(2049) } }),
      error: `embeds.0.footer.text ${MAX} 2048 or fewer in length.`,
    },
    {
      payload: embed({ author: { name: "x".repeat(257) } }),
      error: `embeds.0.author.name ${MAX} 256 or fewer in length.`,
    },
    { payload: embed({ color: "#ffae35" }), error: 'embeds.0.color NUMBER_TYPE_COERCE Value "#ffae35" is not int.' },
    { payload: embed({ color: 1.5 }), error: "embeds.0.color NUMBER_TYPE_COERCE Value 1.5 is not int." },
    {
      payload: embed({ color: 16777216 }),
      error: "embeds.0.color NUMBER_TYPE_MAX int value should be less than or equal to 16777215.",
    },
    {
      payload: embed({ color: -1 }),
      error: "embeds.0.color NUMBER_TYPE_MIN int value should be greater than or equal to 0.",
    },
    {
      payload: embed({ timestamp: 1767225600 }),
      error: "embeds.0.timestamp DATE_TIME_TYPE_PARSE Could not parse 1767225600. Should be ISO8601.",
    },
    {
      payload: embed({ timestamp: "yesterday" }),
      error: "embeds.0.timestamp DATE_TIME_TYPE_PARSE Could not parse yesterday. Should be ISO8601.",
    },
    {
      payload: embed({ url: "http://grafana:3000/d/1" }),
      error: "embeds.0.url URL_TYPE_INVALID_URL Not a well formed URL.",
    },
    {
      payload: embed({ url: "https://a.example/with space" }),
      error: "embeds.0.url URL_TYPE_INVALID_URL Not a well formed URL.",
    },
    {
      payload: embed({ url: "" }),
      error: `embeds.0.url URL_TYPE_INVALID_SCHEME Scheme "" is not supported. Scheme must be one of ('http', 'https').`,
    },
    {
      payload: embed({ url: "ftp://a.example" }),
      error: `embeds.0.url URL_TYPE_INVALID_SCHEME Scheme "ftp" is not supported. Scheme must be one of ('http', 'https').`,
    },
    {
      payload: embed({ url: `https://a.example/${"x".repeat(2048)}` }),
      error: `embeds.0.url ${MAX} 2048 or fewer in length.`,
    },
    {
      payload: embed({ url: "attachment://a.png" }),
      error: `embeds.0.url URL_TYPE_INVALID_SCHEME Scheme "attachment" is not supported. Scheme must be one of ('http', 'https').`,
    },
    {
      payload: embed({ image: { url: "attachment://a.exe" } }),
      error: "embeds.0.image.url URL_TYPE_INVALID_URL Not a well formed URL.",
    },
    {
      payload: { allowed_mentions: { parse: ["all"] } },
      error: "allowed_mentions.parse.0 BASE_TYPE_CHOICES Value must be one of {'users', 'roles', 'everyone'}.",
    },
    {
      payload: { allowed_mentions: { users: ["x"] } },
      error: 'allowed_mentions.users.0 NUMBER_TYPE_COERCE Value "x" is not snowflake.',
    },
    {
      payload: { allowed_mentions: { users: ["9223372036854775808"] } },
      error:
        "allowed_mentions.users.0 NUMBER_TYPE_MAX snowflake value should be less than or equal to 9223372036854775807.",
    },
    {
      payload: { allowed_mentions: { users: Array(101).fill("1") } },
      error: `allowed_mentions.users ${MAX} 100 or fewer in length.`,
    },
    {
      payload: { allowed_mentions: { parse: ["roles"], roles: ["1"] } },
      error:
        'allowed_mentions MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE parse:["roles"] and roles: [ids...] are mutually exclusive.',
    },
    { payload: { thread_name: "x".repeat(101) }, error: `thread_name ${MAX} 100 or fewer in length.` },
    { payload: { applied_tags: Array(6).fill("1") }, error: `applied_tags ${MAX} 5 or fewer in length.` },
    { payload: { attachments: Array(11).fill({ id: "1" }) }, error: `attachments ${MAX} 10 or fewer in length.` },
    {
      payload: { attachments: [{ id: "0", description: "x".repeat(1025) }] },
      error: `attachments.0.description ${MAX} 1024 or fewer in length.`,
    },
    { payload: { poll: { question: { text: "?" } } }, error: "poll.answers BASE_TYPE_REQUIRED This field is required" },
    { payload: ["content"], error: " DICT_TYPE_CONVERT Only dictionaries may be used in a DictType" },
  ])("$error", ({ payload, error }) => {
    expect(read(payload).errors).toEqual([error]);
  });

  it("is told all at once", () => {
    const { errors } = read({ content: "x".repeat(2001), embeds: [{ title: "x".repeat(257), url: "" }, {}] });
    expect(errors.map((error) => error.split(" ", 2).join(" "))).toEqual([
      "content BASE_TYPE_MAX_LENGTH",
      "embeds.0.title BASE_TYPE_MAX_LENGTH",
      "embeds.0.url URL_TYPE_INVALID_SCHEME",
      "embeds.1 LIST_ITEM_VALUE_REQUIRED",
    ]);
  });
});

describe("what is taken", () => {
  it.each([
    { name: "2,000 code points in 4,000 UTF-16 units", payload: { content: BELL.repeat(2000) } },
    { name: "blanks beyond the limit, which are trimmed first", payload: { content: `  ${"x".repeat(2000)}\n` } },
    { name: "empty field names and values", payload: embed({ fields: [{ name: "", value: "" }] }) },
    { name: "a colour written as a number in text", payload: embed({ color: "10233776" }) },
    { name: "a host that is an IPv4 address", payload: embed({ url: "http://10.0.0.5:3000/" }) },
    { name: "an uploaded picture", payload: embed({ image: { url: "attachment://plot.png" } }) },
    { name: "a timestamp with an offset", payload: embed({ timestamp: "2026-01-01T01:00:00.5+01:00" }) },
    { name: "unknown keys", payload: { content: "x", nonce: "y", colour: 1 } },
    { name: "parse and an empty list side by side", payload: { allowed_mentions: { parse: ["users"], users: [] } } },
    {
      name: "null wherever something may be left out",
      payload: { content: null, embeds: null, username: null, allowed_mentions: null },
    },
    { name: "a name that merely contains here", payload: { username: "groundsphere" } },
  ])("$name", ({ payload }) => {
    expect(read(payload).errors).toEqual([]);
  });

  it("is kept trimmed, coerced and in UTC", () => {
    const { form } = read({
      content: "  text ",
      embeds: [
        { title: 7, color: "255", timestamp: "2026-01-01T01:00:00+01:00", fields: [{ ...field, inline: "True" }] },
      ],
    });
    expect(form).toMatchObject({
      content: "text",
      embeds: [{ title: "7", color: 255, timestamp: "2026-01-01T00:00:00.000000+00:00", fields: [{ inline: true }] }],
    });
  });

  it("loses what is no Unicode", () => {
    expect(read({ content: "a\ud83db" }).form?.content).toBe("ab");
  });
});

describe("the 6,000 over all embeds", () => {
  const text = (characters: number) => ({ description: BELL.repeat(characters) });

  it("are counted in code points, over titles, texts, fields, footers and authors", () => {
    const parts = { title: "x", footer: { text: "x" }, author: { name: "x" }, fields: [{ name: "x", value: "xx" }] };
    expect(read({ embeds: [text(4_000), text(1_994), parts] }).errors).toEqual([]);
    expect(read({ embeds: [text(4_000), text(1_995), parts] }).errors).toEqual([
      "embeds MAX_EMBED_SIZE_EXCEEDED Embed size exceeds maximum size of 6000",
    ]);
  });

  it("are complained about at errors.embeds._errors", () => {
    const report = createReport();
    readExecuteForm({ embeds: [text(4_000), text(2_001)] }, { withComponents: false, hasFiles: false }, report);
    expect(toErrorTree(report.errors)).toMatchObject({ embeds: { _errors: [{ code: "MAX_EMBED_SIZE_EXCEEDED" }] } });
  });
});

it("counts code points as an iteration over the text does", () => {
  const codeUnits = fc.array(fc.integer({ min: 0, max: 0xffff })).map((units) => String.fromCharCode(...units));
  fc.assert(
    fc.property(fc.oneof(codeUnits, fc.string({ unit: "binary" })), (text) => {
      expect(codePoints(text)).toBe([...text].length);
    }),
  );
});

it("has an answer for anything that is JSON", () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.boolean(), (payload, withComponents) => {
      const keys = ["content", "embeds", "allowed_mentions", "components", "poll", "flags", "attachments"];
      read(payload, { withComponents });
      for (const key of keys) read({ [key]: payload, flags: 32768 }, { withComponents });
      read({ embeds: [payload] });
    }),
  );
});
