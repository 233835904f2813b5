import { describe, expect, it } from "vitest";
import { normaliseNotification } from "../../notification/normalise.ts";
import type { Notification } from "../../notification/notification.ts";
import { deviceOfflineNotification, plantThresholdNotification } from "../../notification/plant.ts";
import type { DegradeStep } from "../degrade.ts";
import { type DiscordMessage, renderDiscord } from "./render.ts";

const NOW = Date.UTC(2026, 0, 2, 3, 4, 5);
const STYLE = { service: "Tocsin", username: null, avatarUrl: null };
const accept = (input: unknown): Notification => normaliseNotification(input, { id: "ntf_1", now: NOW });

function render(input: unknown, degrade: readonly DegradeStep[] = []): DiscordMessage {
  return renderDiscord({ notifications: [accept(input)], degrade }, STYLE);
}

function renderAll(inputs: readonly [unknown, ...unknown[]], degrade: readonly DegradeStep[] = []): DiscordMessage {
  const [first, ...others] = inputs;
  return renderDiscord({ notifications: [accept(first), ...others.map(accept)], degrade }, STYLE);
}

const embedOf = (input: unknown) => render(input).body.embeds![0]!;
const codesOf = ({ notes }: DiscordMessage): string[] => notes.map(({ code, path }) => `${code} ${path}`);

describe("exact shapes", () => {
  it("A1: a threshold alert", () => {
    const input = plantThresholdNotification({
      plantName: "Monstera",
      metric: "soil_moisture",
      value: 15.2,
      direction: "min",
      limit: 20,
      measuredAt: NOW,
    });
    expect(render(input)).toEqual({
      body: {
        allowed_mentions: { parse: [] },
        embeds: [
          {
            title: "Plant Alert: Monstera",
            description: "Soil Moisture is 15.2, threshold min 20.0",
            color: 15158332,
            fields: [
              { name: "Metric", value: "soil_moisture", inline: true },
              { name: "Current", value: "15.2", inline: true },
              { name: "Threshold", value: "min 20.0", inline: true },
            ],
            timestamp: "2026-01-02T03:04:05.000Z",
          },
        ],
      },
      files: [],
      notes: [],
    });
  });

  it("A2: a device that went offline", () => {
    const input = deviceOfflineNotification({
      deviceId: "device-abc",
      plantName: null,
      lastSeenAt: NOW - 5 * 60_000,
      now: NOW,
    });
    expect(render(input).body).toEqual({
      allowed_mentions: { parse: [] },
      embeds: [
        {
          title: "Device Offline",
          description: "Device device-abc has gone offline",
          color: 16776960,
          fields: [
            { name: "Device ID", value: "device-abc", inline: true },
            { name: "Plant", value: "Unassigned", inline: true },
            { name: "Last Seen", value: "5 minutes ago", inline: true },
          ],
          timestamp: "2026-01-02T03:04:05.000Z",
        },
      ],
    });
  });

  it("a plant's name can neither ping nor format nor lead elsewhere", () => {
    const violation = { metric: "t", value: 1, direction: "max", limit: 0, measuredAt: NOW } as const;
    const { body } = render(
      plantThresholdNotification({ ...violation, plantName: "**@everyone** [x](https://evil.example)" }),
    );
    expect(body.allowed_mentions).toEqual({ parse: [] });
    expect(body.content).toBeUndefined();
    expect(body.embeds![0]!.title).toBe("Plant Alert: \\*\\*@\u200beveryone\\*\\* [x]\\(https://evil.example)");
  });
});

describe("templates (B6)", () => {
  it.each([
    { type: "general", color: 0x3498db, footer: "Tocsin General Alert" },
    { type: "error", color: 0xe67e22, footer: "Tocsin Error Alert" },
    { type: "critical", color: 0xe74c3c, footer: "Tocsin Critical Alert" },
    { type: "tracklist", color: 0x2ecc71, footer: "Tocsin Tracklist Alert" },
    { type: "monitoring", color: 0x9b59b6, footer: "Tocsin Monitoring Alert" },
    { type: "security", color: 0xf39c12, footer: "Tocsin Security Alert" },
    { type: "door-bell", color: 0x95a5a6, footer: "Tocsin Door Bell Alert" },
    { type: "constructor", color: 0x95a5a6, footer: "Tocsin Constructor Alert" },
  ])("$type", ({ type, color, footer }) => {
    expect(embedOf({ type, title: "x" })).toMatchObject({ color, footer: { text: footer } });
  });

  it("give way to what the notification says itself", () => {
    expect(embedOf({ title: "x", color: 0, footer: "mine", timestamp: 0 })).toEqual({
      title: "x",
      color: 0,
      footer: { text: "mine" },
      timestamp: "1970-01-01T00:00:00.000Z",
    });
    expect(embedOf({ title: "x", footer: null, timestamp: null })).toEqual({ title: "x", color: 0x3498db });
  });

  it("tell how many notifications one stands for, since when in the time zone of whoever reads it", () => {
    const one = { ...accept({ title: "Import failed", message: "disk full" }), count: 37, firstAt: NOW - 60_000 };
    const { body } = renderDiscord({ notifications: [one], degrade: [] }, STYLE);
    expect(body.embeds![0]).toMatchObject({
      title: "Import failed (×37)",
      description: `37 times since <t:${(NOW - 60_000) / 1_000}:f>\ndisk full`,
    });
    const text = { ...accept({ content: "disk full" }), count: 2 };
    expect(renderDiscord({ notifications: [text], degrade: [] }, STYLE).body).toMatchObject({
      content: "disk full",
      embeds: [{ title: "The same (×2)" }],
    });
  });
});

describe("pings", () => {
  it("go above the embed, where alone they ring, and are allowed one by one", () => {
    const { body } = render({ title: "x", content: "look", mentions: ["@here", "user:1", "user:2", "role:3"] });
    expect(body.content).toBe("@here <@1> <@2> <@&3> look");
    expect(body.allowed_mentions).toEqual({ parse: ["everyone"], users: ["1", "2"], roles: ["3"] });
  });

  it("of several notifications come once each", () => {
    const { body } = renderAll([
      { title: "a", mentions: ["user:1"] },
      { title: "b", mentions: ["user:1", "role:2"] },
    ]);
    expect(body.content).toBe("<@1> <@&2>");
  });

  it("beyond what a message takes are left out with a note, and no list passes 100", () => {
    const ids = Array.from({ length: 150 }, (_, i) => `user:${i + 1}`);
    const message = render({ title: "x", mentions: ids });
    expect(message.body.allowed_mentions.users).toHaveLength(100);
    expect(codesOf(message)[0]).toBe("mention-left-out user:101");
    const long = render({ title: "x", mentions: ids.map((_, i) => `user:1234567890123456${100 + i}`) });
    // 2,000 = 83 × "<@1234567890123456100>" + 82 spaces + 92: at 23 characters each there is no room for all 100.
    expect(long.body.allowed_mentions.users!.length).toBeLessThan(100);
    expect(long.body.content!.length).toBeLessThanOrEqual(2_000);
  });

  it("never come from texts, not even from markdown of one's own", () => {
    const content = "@everyone <@5>";
    expect(render({ content, mentions: ["user:1"] }).body).toEqual({
      allowed_mentions: { parse: [], users: ["1"] },
      content: "<@1> @\u200beveryone \\<@5>",
    });
    expect(render({ content, mentions: ["@here"], format: "markdown" }).body).toEqual({
      allowed_mentions: { parse: ["everyone"] },
      content: "@here @\u200beveryone <@5>",
    });
  });
});

describe("what would make Discord refuse the message", () => {
  it("a link without a dot in its host moves into the text", () => {
    const message = render({ title: "x", message: "disk full", url: "http://grafana:3000/d/a_b" });
    expect(message.body.embeds![0]).toMatchObject({ description: "disk full\nhttp://grafana:3000/d/a_b" });
    expect(message.body.embeds![0]!.url).toBeUndefined();
    expect(codesOf(message)).toEqual(["link-moved-to-text notifications[0].url"]);
  });

  it("a link stays with a long text that is shortened", () => {
    const { description } = embedOf({ title: "x", message: "word ".repeat(2_000), url: "http://grafana:3000" });
    expect(description).toMatch(/^word .* … \(\+[\d,]+ characters\)\nhttp:\/\/grafana:3000$/);
    expect(description!.length).toBeLessThanOrEqual(4_096);
  });

  it("a link without a title is shown as text, because Discord would hide it", () => {
    expect(embedOf({ message: "x", url: "https://a.example/" })).toMatchObject({
      description: "x\nhttps://a.example/",
    });
  });

  it("pictures and lesser links that it would refuse are left out", () => {
    const message = render({
      title: "x",
      author: { name: "me", url: "http://me", iconUrl: "" },
      footer: { text: "f", iconUrl: "ftp://a.example/b" },
      thumbnail: "attachment://a.png",
      image: "not a link",
    });
    expect(message.body.embeds![0]).toMatchObject({ author: { name: "me" }, footer: { text: "f" } });
    expect(codesOf(message)).toEqual([
      "link-left-out notifications[0].author.url",
      "picture-left-out notifications[0].footer.iconUrl",
      "picture-left-out notifications[0].thumbnail",
      "picture-left-out notifications[0].image",
    ]);
  });

  it("pictures among the files are shown", () => {
    const { body, files } = render({ title: "x", image: "attachment://a.png", files: [{ name: "a.png", data: "x" }] });
    expect(body.embeds![0]!.image).toEqual({ url: "attachment://a.png" });
    expect(files.map(({ name }) => name)).toEqual(["a.png"]);
  });

  it("a forbidden name of the sender is left out", () => {
    const style = { service: "x", username: "Discord Watch", avatarUrl: "http://a/b.png" };
    const message = renderDiscord({ notifications: [accept({ title: "x" })], degrade: [] }, style);
    expect(Object.keys(message.body)).toEqual(["allowed_mentions", "embeds"]);
    expect(codesOf(message)).toEqual(["username-left-out style.username", "avatar-left-out style.avatarUrl"]);
  });

  it("an empty notification says so", () => {
    const message = render({ title: "  ", message: "", fields: {}, url: " " });
    expect(message.body.embeds![0]!.description).toBe("This alert (general) came without any text.");
    expect(codesOf(message)).toEqual(["empty notifications[0]"]);
  });

  it("white space instead of a text says so too", () => {
    expect(render({ content: " \n " }).body.content).toBe("This alert (general) came without any text.");
  });

  it("names and values of fields that are empty are filled with nothing visible", () => {
    expect(embedOf({ fields: [{ name: "", value: " " }] }).fields).toEqual([
      { name: "\u200b", value: "\u200b", inline: true },
    ]);
  });

  it("a text alone needs no embed", () => {
    expect(render({ content: "see https://a.example/x" }).body).toEqual({
      allowed_mentions: { parse: [] },
      content: "see <https://a.example/x>",
    });
  });
});

describe("what is too long", () => {
  it("is cut at a word, says so, and comes whole in a file", () => {
    const title = "word ".repeat(2_000).trim();
    const message = render({ title });
    // 256 - 22 for " … (+9,999 characters)" leaves room for 47 words of 4 and 46 spaces.
    expect(message.body.embeds![0]!.title).toBe(`${"word ".repeat(47).trim()} … (+9,764 characters)`);
    expect(codesOf(message)).toEqual(["shortened notifications[0].title", "details-attached files"]);
    expect(message.files.map(({ name }) => name)).toEqual(["details.txt"]);
    expect(Buffer.from(message.files[0]!.data).toString()).toBe(`2026-01-02T03:04:05.000Z [info] general: ${title}`);
  });

  it("counts escapes, and never splits one", () => {
    const { title } = embedOf({ title: "*".repeat(300) });
    expect(title).toMatch(/^(?:\\\*)+ … \(\+\d+ characters\)$/);
    expect(title!.length).toBeLessThanOrEqual(256);
  });

  it("fields beyond 25 are summed up in the last", () => {
    const message = render({ fields: Object.fromEntries(Array.from({ length: 30 }, (_, i) => [`f${i}`, `v${i}`])) });
    const { fields } = message.body.embeds![0]!;
    expect(fields).toHaveLength(25);
    expect(fields![24]).toEqual({
      name: "… 6 more",
      value: "f24: v24\nf25: v25\nf26: v26\nf27: v27\nf28: v28\nf29: v29",
      inline: false,
    });
    expect(codesOf(message)).toContain("fields-folded notifications[0].fields");
  });

  it("together: the description gives way first", () => {
    const message = render({
      title: "t",
      message: "word ".repeat(819),
      fields: { a: "x".repeat(1_024), b: "y".repeat(1_024), c: "z".repeat(1_000) },
    });
    const { description, fields } = message.body.embeds![0]!;
    expect(fields!.map(({ value }) => value.length)).toEqual([1_024, 1_024, 1_000]);
    expect(description!.length).toBeLessThan(3_000);
    expect(codesOf(message)).toContain("shortened notifications[0].message");
  });

  it("together: then fields from the end", () => {
    const message = render({
      message: "word ".repeat(200),
      fields: Array.from({ length: 10 }, (_, i) => ({ name: `f${i}`, value: "x".repeat(1_024) })),
    });
    const { description, fields } = message.body.embeds![0]!;
    expect(description!.length).toBeLessThanOrEqual(300);
    expect(fields!.map(({ name }) => name)).toEqual(["f0", "f1", "f2", "f3", "f4", "… 5 more"]);
    expect(codesOf(message)).toContain("fields-left-out notifications[0].fields");
  });

  it("together: and tell of all that are not shown, folded ones too", () => {
    const { fields } = embedOf({
      fields: Array.from({ length: 30 }, (_, i) => ({ name: `f${i}`, value: "x".repeat(1_024) })),
    });
    expect(fields!.map(({ name }) => name)).toEqual(["f0", "f1", "f2", "f3", "f4", "… 25 more"]);
  });

  it("content leaves the pings whole", () => {
    const message = render({ content: "word ".repeat(1_000), mentions: ["@here"] });
    const { body } = message;
    expect(codesOf(message)).toEqual(["shortened content", "details-attached files"]);
    expect(body.content).toMatch(/^@here word .* … \(\+[\d,]+ characters\)$/);
    expect(body.content!.length).toBeLessThanOrEqual(2_000);
  });

  it("files that do not fit are named instead", () => {
    const message = render({
      title: "x",
      files: [
        { name: "big.bin", data: new Uint8Array(10_485_761) },
        { name: "b", data: "x" },
      ],
    });
    expect(message.files.map(({ name }) => name)).toEqual(["b"]);
    expect(message.body.content).toBe("Not attached: big.bin (10,485,761 bytes)");
    expect(codesOf(message)).toEqual(["file-left-out notifications[0].files[0]"]);
  });

  it("files together stay within one request", () => {
    const files = ["a", "b", "c"].map((name) => ({ name, data: new Uint8Array(9 * 2 ** 20) }));
    const message = render({ title: "x", files });
    expect(message.files.map(({ name }) => name)).toEqual(["a", "b"]);
    expect(message.body.content).toBe("Not attached: c (9,437,184 bytes)");
  });

  it("hostile text of a megabyte costs no more than a moment", { timeout: 10_000 }, () => {
    for (const part of [" ", "[", "https://a/", "<a", "\n- ", "`", "e\u0301"]) {
      const big = part.repeat(1_000_000 / part.length);
      for (const format of ["text", "markdown"])
        render({ title: big, message: big, content: big, footer: big, fields: [{ name: big, value: big }], format });
    }
  });
});

describe("several notifications in one message", () => {
  it("are embeds in order, of which only the first has a link they share", () => {
    const url = "https://a.example/";
    const message = renderAll([
      { title: "a", url },
      { title: "b", url },
      { title: "c", url: "https://a.example/c" },
    ]);
    expect(message.body.embeds!.map(({ title, url: link }) => [title, link])).toEqual([
      ["a", url],
      ["b", undefined],
      ["c", "https://a.example/c"],
    ]);
    expect(codesOf(message)).toEqual(["link-shared notifications[1].url"]);
  });

  it("share 6,000 characters, the longest giving way first", () => {
    const { body } = renderAll([
      { title: "a", message: "short" },
      { title: "b", message: "word ".repeat(800) },
      { title: "c", message: "word ".repeat(800) },
    ]);
    const unequal = renderAll([
      { title: "a", message: "x".repeat(4_000) },
      { title: "b", message: "y".repeat(3_000) },
    ]);
    expect(unequal.body.embeds![1]!.description).toBe("y".repeat(3_000));
    const [first, second, third] = body.embeds!.map(({ description }) => description!.length);
    expect(first).toBe(5);
    expect(second! + third!).toBeGreaterThan(5_800);
  });

  it("beyond ten are listed in the last embed", () => {
    const message = renderAll([
      { title: "n0" },
      ...Array.from({ length: 11 }, (_, i) => ({ title: `n${i + 1}`, mentions: ["user:1"] })),
    ]);
    expect(message.body.embeds).toHaveLength(10);
    expect(message.body.embeds![9]).toMatchObject({ title: "… 3 more", description: "\\- n9\n\\- n10\n\\- n11" });
    expect(codesOf(message)).toContain("notifications-folded notifications[9]");
  });
});

describe("degrading", () => {
  const input = {
    title: "**Import**",
    message: "disk full",
    url: "https://a.example/x",
    image: "https://a.example/i.png",
    fields: { file: "a.csv" },
    files: [{ name: "a.csv", data: "x" }],
  };
  const style = { service: "Tocsin", username: "Ops", avatarUrl: "https://a.example/a.png" };
  const degraded = (...degrade: DegradeStep[]) => renderDiscord({ notifications: [accept(input)], degrade }, style);

  it("without-username leaves out name and picture of the sender", () => {
    expect(degraded().body).toMatchObject({ username: "Ops", avatar_url: "https://a.example/a.png" });
    expect(Object.keys(degraded("without-username").body)).toEqual(["allowed_mentions", "embeds"]);
  });

  it("without-links keeps the link as text", () => {
    const [embed] = degraded("without-links").body.embeds!;
    expect(embed).toMatchObject({ description: "disk full\nhttps://a.example/x" });
    expect(JSON.stringify(embed)).not.toMatch(/"url"/);
  });

  it("without-files names them", () => {
    const { files, body } = degraded("without-files");
    expect(files).toEqual([]);
    expect(body.content).toBe("Not attached: a.csv (1 byte)");
    expect(render({ title: "x".repeat(500) }, ["without-files"]).files).toEqual([]);
  });

  it("text-only says everything in one text", () => {
    const { body } = degraded("without-username", "without-links", "without-files", "text-only");
    expect(body).toEqual({
      allowed_mentions: { parse: [] },
      content:
        "\\*\\*Import\\*\\*\ndisk full\nfile: a.csv\n<https://a.example/x>\nTocsin General Alert\nNot attached: a.csv (1 byte)",
    });
  });

  it("text-only gives each of several a fair share", () => {
    const { body } = renderAll([{ title: "long", message: "word ".repeat(1_000) }, { title: "short" }], ["text-only"]);
    expect(body.content).toMatch(/^long\nword .*characters\)\nshort\nTocsin General Alert$/);
    expect(body.content!.length).toBeLessThanOrEqual(2_000);
  });
});

describe("markdown of one's own", () => {
  it("is sent as it is, within the limits, with fences closed", () => {
    const message = `**bold**\n\`\`\`js\n${"x();\n".repeat(2_000)}\`\`\``;
    const { title, description } = embedOf({ title: "a **b**", message, format: "markdown" });
    expect(title).toBe("a **b**");
    expect(description).toMatch(/^\*\*bold\*\*\n```js\n(?:x\(\);\n)+.*\n``` … \(\+[\d,]+ characters\)$/s);
    expect(description!.length).toBeLessThanOrEqual(4_096);
  });
});
