/**
 * Whatever an application passes, Discord takes what comes out. The checker below is written from Discord's published
 * limits and known answers, not from limits.ts, so that a wrong number there does not pass here.
 */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { normaliseNotification } from "../../notification/normalise.ts";
import type { Notification } from "../../notification/notification.ts";
import { DEGRADE_STEPS } from "../degrade.ts";
import { type DiscordMessage, renderDiscord } from "./render.ts";
import { fitsInOneMessage, sizeOf } from "./size.ts";

const chars = (text: string): number => [...text.trim()].length;

/** Every reason for which Discord would refuse the message. */
function refusals({ body, files }: DiscordMessage): string[] {
  const found: string[] = [];
  const refuse = (when: boolean, why: string): void => {
    if (when) found.push(why);
  };
  const text = (value: string | undefined, limit: number, why: string): number => {
    if (value === undefined) return 0;
    refuse(chars(value) === 0, `${why} is empty`);
    refuse(chars(value) > limit, `${why} has ${chars(value)} of ${limit}`);
    refuse(!value.isWellFormed(), `${why} holds half a character`);
    return chars(value);
  };
  const url = (value: string | undefined, why: string, schemes = /^https?:$/): void => {
    if (value === undefined) return;
    const parsed = URL.canParse(value) ? new URL(value) : null;
    refuse(parsed === null || !schemes.test(parsed.protocol), `${why} is no link: ${value}`);
    refuse(chars(value) > 2048 || /[\s"<>\\^`{}|]|[^\0-\x7f]/.test(value), `${why} is no plain link: ${value}`);
    refuse(parsed?.protocol !== "attachment:" && !/\w\.\w/.test(parsed?.host ?? ""), `${why} has no dot: ${value}`);
  };

  text(body.content, 2000, "content");
  text(body.username, 80, "username");
  refuse(/clyde|discord|[@#:]|```|^(everyone|here)$/i.test(body.username ?? ""), `username ${body.username}`);
  url(body.avatar_url, "avatar_url");
  const embeds = body.embeds ?? [];
  refuse(body.embeds?.length === 0 || embeds.length > 10, `${embeds.length} embeds`);
  let total = 0;
  for (const embed of embeds) {
    refuse(
      !(embed.title || embed.description || embed.fields?.length || embed.author || embed.image || embed.thumbnail),
      "blank embed",
    );
    total += text(embed.title, 256, "title") + text(embed.description, 4096, "description");
    total += text(embed.footer?.text, 2048, "footer") + text(embed.author?.name, 256, "author");
    refuse((embed.fields ?? []).length > 25, "more than 25 fields");
    for (const field of embed.fields ?? []) {
      total += text(field.name, 256, "field name") + text(field.value, 1024, "field value");
      refuse(typeof field.inline !== "boolean", "inline");
    }
    refuse(!Number.isInteger(embed.color) || embed.color! < 0 || embed.color! > 16_777_215, `colour ${embed.color}`);
    refuse(
      embed.timestamp !== undefined && !/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/.test(embed.timestamp),
      "timestamp",
    );
    url(embed.url, "url");
    url(embed.author?.url, "author.url");
    for (const picture of [embed.author?.icon_url, embed.footer?.icon_url, embed.image?.url, embed.thumbnail?.url]) {
      url(picture, "picture", /^(https?|attachment):$/);
    }
  }
  refuse(total > 6000, `${total} characters over all embeds`);
  const links = embeds.flatMap(({ url: link }) => link ?? []);
  refuse(new Set(links).size < links.length, "two embeds with one link");
  refuse(body.content === undefined && embeds.length === 0 && files.length === 0, "an empty message");
  refuse(files.length > 10, "more than 10 files");
  refuse(
    files.some(({ data }) => data.byteLength > 10 * 2 ** 20),
    "a file over 10 MiB",
  );
  refuse(files.reduce((sum, { data }) => sum + data.byteLength, 0) > 25 * 2 ** 20, "more than 25 MiB");
  const { parse, users = [], roles = [], ...others } = body.allowed_mentions;
  refuse(!Array.isArray(parse) || parse.some((kind) => kind !== "everyone"), "allowed_mentions.parse");
  refuse(users.length > 100 || roles.length > 100 || Object.keys(others).length > 0, "allowed_mentions lists");
  refuse(
    [...users, ...roles].some((id) => !/^[1-9]\d*$/.test(id) || BigInt(id) > 2n ** 63n - 1n),
    "allowed_mentions ids",
  );
  return found;
}

const nasty = fc.oneof(
  fc.string({ unit: "binary", maxLength: 60 }),
  fc.constantFrom(
    "",
    " ",
    "\u0000",
    "\ud800",
    "👩‍👩‍👧‍👦".repeat(700),
    "**x** @everyone <@1> [a](b)",
    "مرحبا",
    "e\u0301".repeat(600),
  ),
  fc
    .tuple(
      fc.constantFrom("a", "word ", "*", "https://a.example/ ", "\ud83d\ude00", "```\n"),
      fc.integer({ min: 0, max: 7_000 }),
    )
    .map(([part, times]) => part.repeat(times)),
);
const link = fc.oneof(
  nasty,
  fc.webUrl({ withQueryParameters: true, withFragments: true }),
  fc.constantFrom(
    "http://grafana:3000",
    "javascript:alert(1)",
    "attachment://a.png",
    "https://a.example/b c",
    "http://[::1]/",
    "https://ü.example",
  ),
);
const mention = fc.oneof(
  fc.constantFrom("@here", "@everyone", "<@1>", "<@&2>", "user:99999999999999999999", "nobody", 5),
  fc.bigInt({ min: 1n, max: 2n ** 64n }).map((id) => `user:${id}`),
);
const value = fc.oneof(
  nasty,
  fc.anything({ withBigInt: true, withDate: true, withMap: true, withNullPrototype: true, withTypedArray: true }),
);
const orAnything = <T>(usual: fc.Arbitrary<T>): fc.Arbitrary<unknown> =>
  fc.oneof({ weight: 4, arbitrary: usual }, { weight: 1, arbitrary: value });

const input = fc.oneof(
  { weight: 1, arbitrary: value },
  {
    weight: 9,
    arbitrary: fc.record(
      {
        type: orAnything(fc.constantFrom("error", "critical", "My Type")),
        severity: value,
        title: orAnything(nasty),
        message: orAnything(nasty),
        fields: orAnything(
          fc.oneof(
            fc.dictionary(nasty, value, { maxKeys: 40 }),
            fc.array(fc.record({ name: value, value }), { maxLength: 40 }),
          ),
        ),
        blocks: orAnything(
          fc.array(
            fc.oneof(
              fc.record({ kind: fc.constant("code"), text: nasty, language: fc.constantFrom("sh", null, "a b") }),
              fc.record({ kind: fc.constant("link"), text: nasty, url: link }),
            ),
            { maxLength: 6 },
          ),
        ),
        labels: value,
        mentions: orAnything(
          fc.oneof(fc.array(mention, { maxLength: 10 }), fc.array(mention, { minLength: 150, maxLength: 250 })),
        ),
        content: orAnything(nasty),
        url: orAnything(link),
        color: orAnything(fc.oneof(fc.integer(), fc.constantFrom("#ff0000", "0xff", "12"))),
        footer: orAnything(fc.oneof(nasty, fc.record({ text: nasty, iconUrl: link }))),
        author: orAnything(fc.record({ name: nasty, url: link, iconUrl: link })),
        thumbnail: orAnything(link),
        image: orAnything(link),
        timestamp: orAnything(fc.oneof(fc.date({ noInvalidDate: false }), fc.integer(), fc.constant(null))),
        files: orAnything(
          fc.array(fc.record({ name: nasty, data: fc.oneof(nasty, fc.uint8Array()) }), { maxLength: 14 }),
        ),
        format: fc.constantFrom("text", "markdown"),
      },
      { requiredKeys: [] },
    ),
  },
);
const notification = input.map((any) => normaliseNotification(any, { id: "ntf_1", now: 1_700_000_000_000 }));
const small = fc
  .record({
    title: fc.string({ maxLength: 200 }),
    message: fc.string({ unit: "grapheme", maxLength: 900 }),
    content: fc.string({ maxLength: 300 }),
    fields: fc.dictionary(fc.string(), fc.string(), { maxKeys: 3 }),
    mentions: fc.array(mention, { maxLength: 3 }),
  })
  .map((any) => normaliseNotification(any, { id: "ntf_1", now: 1_700_000_000_000 }));
const degrade = fc.subarray([...DEGRADE_STEPS]);
const style = fc.record({
  service: nasty,
  username: fc.oneof(fc.constant(null), nasty, fc.constantFrom("Tocsin", "discord bot", "here", "a@b")),
  avatarUrl: fc.oneof(fc.constant(null), link),
});
const SLOW = 60_000;

describe("whatever the application passes", () => {
  it("Discord takes the message", { timeout: SLOW }, () => {
    fc.assert(
      fc.property(notification, degrade, style, (one, steps, dressed) => {
        expect(refusals(renderDiscord({ notifications: [one], degrade: steps }, dressed))).toEqual([]);
      }),
      { numRuns: 600 },
    );
  });

  it("Discord takes several in one message, even more than fit", { timeout: SLOW }, () => {
    fc.assert(
      fc.property(
        fc.array(notification, { minLength: 1, maxLength: 13 }),
        degrade,
        style,
        (several, steps, dressed) => {
          const notifications = several as [Notification, ...Notification[]];
          expect(refusals(renderDiscord({ notifications, degrade: steps }, dressed))).toEqual([]);
        },
      ),
      { numRuns: 100 },
    );
  });

  it("what is said to fit is shown whole", { timeout: SLOW }, () => {
    const lost = [
      "shortened",
      "fields-folded",
      "fields-left-out",
      "left-out",
      "notifications-folded",
      "mention-left-out",
    ];
    const alone = (one: Notification): string[] => codes(renderDiscord({ notifications: [one], degrade: [] }, PLAIN));
    const codes = ({ notes }: DiscordMessage): string[] =>
      notes.map(({ code }) => code).filter((code) => lost.includes(code));
    fc.assert(
      fc.property(fc.array(small, { minLength: 2, maxLength: 12 }), (several) => {
        const notifications = several as [Notification, ...Notification[]];
        fc.pre(fitsInOneMessage(several.map((one) => sizeOf(one, PLAIN.service))));
        const together = codes(renderDiscord({ notifications, degrade: [] }, PLAIN));
        expect(together.sort()).toEqual(several.flatMap(alone).sort());
      }),
      { numRuns: 100 },
    );
  });

  it("nobody is pinged whom the notification did not ask for", () => {
    fc.assert(
      fc.property(notification, (one) => {
        const { body } = renderDiscord({ notifications: [one], degrade: [] }, PLAIN);
        const asked = new Set<string>(one.mentions);
        const everybody = body.allowed_mentions.parse.length > 0;
        expect(everybody).toBe(asked.has("@here") || asked.has("@everyone"));
        if (!asked.has("@everyone")) expect(body.content ?? "").not.toContain("@everyone");
        if (!asked.has("@here")) expect(body.content ?? "").not.toContain("@here");
        for (const id of body.allowed_mentions.users ?? []) expect(asked).toContain(`user:${id}`);
        for (const id of body.allowed_mentions.roles ?? []) expect(asked).toContain(`role:${id}`);
      }),
    );
  });
});

const PLAIN = { service: "Tocsin", username: null, avatarUrl: null };
