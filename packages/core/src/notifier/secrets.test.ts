/** Whatever a program in trouble says, what would let its reader in is not in it: each form of secret, on each way out. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { summariseConfiguration } from "../health/redact-configuration.ts";
import { summariseError } from "../preset/error-summary.ts";
import { redactDetails, redactText } from "../preset/secrets.ts";

const LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
const chars = (length: number) =>
  fc.array(fc.constantFrom(...LETTERS), { minLength: length, maxLength: length }).map((all) => all.join(""));
const secret = fc.integer({ min: 16, max: 40 }).chain(chars);
const token = chars(68);
const number = fc.bigInt({ min: 10n ** 17n, max: 10n ** 18n }).map(String);

/** What a secret looks like in texts, with the part that nobody may read. */
const FORMS: Readonly<Record<string, fc.Arbitrary<readonly [text: string, secret: string]>>> = {
  "a webhook": fc
    .tuple(
      fc.constantFrom("discord.com", "ptb.discord.com", "discordapp.com"),
      fc.constantFrom("", "/v10"),
      number,
      token,
    )
    .map(([host, version, id, is]) => [`https://${host}/api${version}/webhooks/${id}/${is}`, is]),
  "a webhook as Apprise writes it": fc.tuple(number, token).map(([id, is]) => [`discord://${id}/${is}`, is]),
  "a signing secret": secret.map((is) => [`whsec_${is}`, is]),
  "a bearer header": secret.map((is) => [`Authorization: Bearer ${is}`, is]),
  "a basic header": secret.map((is) => [`authorization: Basic ${is}==`, is]),
  "an API key header": secret.map((is) => [`x-api-key: ${is}`, is]),
  "a cookie header": secret.map((is) => [`Cookie: sid=${is}`, is]),
  "a password": fc
    .tuple(fc.constantFrom("password=", "PASSWORD = ", "pwd=", "passwd: ", "db_password="), secret)
    .map(([name, is]) => [`${name}${is}`, is]),
  "a password in JSON": secret.map((is) => [`{"user":"ann","password":"${is}"}`, is]),
  "a password with blanks, in quotes": secret.map((is) => [`password="open ${is}"`, is]),
  "a token in a query": secret.map((is) => [`https://api.example.com/v1?access_token=${is}&page=2`, is]),
  "an environment variable": fc
    .tuple(fc.constantFrom("API_KEY", "AWS_SECRET_ACCESS_KEY", "GITHUB_TOKEN", "CLIENT_SECRET"), secret)
    .map(([name, is]) => [`${name}=${is}`, is]),
  "a connection string": fc
    .tuple(fc.constantFrom("postgres", "mysql", "redis", "amqp", "mongodb+srv", "https"), secret)
    .map(([scheme, is]) => [`${scheme}://ann:${is}@db.example.com:5432/app`, is]),
  "a connection string without a user": secret.map((is) => [`redis://:${is}@cache:6379/0`, is]),
  "a connection string whose password has special characters": fc
    .tuple(secret, fc.constantFrom("@", "/", "#", "?"))
    .map(([is, special]) => [`postgres://ann:x${special}${is}@db.example.com/app`, is]),
  "a token in place of user and password": secret.map((is) => [`https://${is}@git.example.com/app.git`, is]),
  "an ADO connection string": secret.map((is) => [`Server=db;User Id=ann;Password=${is};Encrypt=true`, is]),
  "a storage account": secret.map((is) => [`AccountName=app;AccountKey=${is}==;EndpointSuffix=core`, is]),
  "a mail server": secret.map((is) => [`smtp://ann:${is}@mail.example.com:587?from=a@example.com`, is]),
  "a JSON web token": fc.tuple(chars(36), chars(60), chars(43)).map(([a, b, c]) => [`eyJ${a}.${b}.${c}`, c]),
  "a bot's token": fc.tuple(chars(24), chars(6), chars(38)).map(([a, b, c]) => [`${a}.${b}.${c}`, c]),
  "a token with a name of its own": fc
    .tuple(fc.constantFrom("ghp_", "github_pat_", "glpat-", "xoxb-", "sk-", "sk_live_", "AKIA"), chars(36))
    .map(([prefix, is]) => [`${prefix}${is}`, is]),
  "a private key": chars(64).map((is) => [`-----BEGIN PRIVATE KEY-----\n${is}\n-----END PRIVATE KEY-----`, is]),
};

/** Ways on which texts of a program reach a channel, or a log. */
const WAYS: Readonly<Record<string, (text: string) => string>> = {
  "a message": redactText,
  "a stack": (text) => {
    const error = new Error(text);
    error.stack = `Error: ${text}\n    at connect (/app/db.js:1:1)\n    at ${text}`;
    return JSON.stringify(summariseError(error));
  },
  "a detail": (text) => JSON.stringify(redactDetails({ reason: text, nested: { list: [text] } })),
  "a setting": (text) => JSON.stringify(summariseConfiguration({ note: text, nested: { list: [text] } })),
};

describe.each(Object.entries(FORMS))("%s", (_, form) => {
  it.each(Object.entries(WAYS))("is not in %s, whatever is around it", (_way, way) => {
    const around = fc.constantFrom("", "could not connect: ", "(", "url is '", '"', "a, ", "\n", "→ ");
    const after = fc.constantFrom("", " (ECONNREFUSED)", ")", "'", '"', ", and b", "\n", " then");
    fc.assert(
      fc.property(form, around, after, ([text, is], before, behind) => {
        expect(way(`${before}${text}${behind}`)).not.toContain(is);
      }),
      { numRuns: 50 },
    );
  });
});

it("what is no secret stays readable", () => {
  for (const text of [
    "connect ECONNREFUSED 127.0.0.1:5432",
    "https://example.com/a/b?page=***",
    "The password is wrong for user ann.",
    "mail to ann@example.com failed",
    "at Object.<anonymous> (file:///app/node_modules/@scope/package/index.js:12:7)",
    "token expired; session ended",
    "npm:@tocsin/core@0.1.0",
  ]) {
    expect(redactText(text)).toBe(text);
  }
});
