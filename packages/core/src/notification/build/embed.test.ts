import { describe, expect, it } from "vitest";
import { HOSTILE_TEXTS } from "../../../testing/hostile-texts.ts";
import { embed } from "./embed.ts";
import { inline, payloadOf } from "./payload.fixture.ts";

// D2
describe("embed", () => {
  it("has everything that an embed can have", () => {
    const input = embed()
      .title("Deployed")
      .description("By *hand*")
      .url("https://a.example/d/1")
      .color(0x123456)
      .field("Version", "1.4.2")
      .field("Notes", "none", false)
      .fields({ Host: "web-1" })
      .thumbnail("https://a.example/t.png")
      .image("https://a.example/i.png")
      .author("CI", { url: "https://a.example/ci", iconUrl: "https://a.example/ci.png" })
      .footer("night shift", "https://a.example/n.png")
      .timestamp("2026-02-03T04:05:06Z")
      .link("Changes", "https://a.example/c")
      .codeBlock("sh", "npm i shop@1.4.2")
      .mention("@here", "role:12")
      .build();
    expect(payloadOf(input)).toEqual({
      content: "@here <@&12>",
      allowed_mentions: { parse: ["everyone"], roles: ["12"] },
      embeds: [
        {
          title: "Deployed",
          description: "By \\*hand\\*\n[Changes](https://a.example/c)\n```sh\nnpm i shop@1.4.2\n```",
          url: "https://a.example/d/1",
          color: 0x123456,
          fields: [
            inline("Version", "1.4.2"),
            { name: "Notes", value: "none", inline: false },
            inline("Host", "web-1"),
          ],
          thumbnail: { url: "https://a.example/t.png" },
          image: { url: "https://a.example/i.png" },
          author: { name: "CI", url: "https://a.example/ci", icon_url: "https://a.example/ci.png" },
          footer: { text: "night shift", icon_url: "https://a.example/n.png" },
          timestamp: "2026-02-03T04:05:06.000Z",
        },
      ],
    });
  });

  it("can be shared: no call changes what it was called on", () => {
    const base = embed().field("Host", "web-1").mention("user:1");
    const one = base.title("one").field("A", 1).mention("user:2").codeBlock(null, "x");
    expect(base.build()).toEqual({ fields: [{ name: "Host", value: "web-1", inline: true }], mentions: ["user:1"] });
    expect(one.build().fields).toHaveLength(2);
  });

  it("becomes a notification of any type, severity and key at its end", () => {
    expect(embed().title("x").footer(null).build({ type: "deploy", severity: "warning", key: "k" })).toEqual({
      ...{ title: "x", footer: null },
      ...{ type: "deploy", severity: "warning", key: "k" },
    });
  });

  it.each(HOSTILE_TEXTS)("lets no text ping or break out: %s", (_, text) => {
    const input = embed()
      .title(text)
      .description(text)
      .field(text, text)
      .codeBlock("sh", text)
      .link(text, text)
      .build();
    const { allowed_mentions, embeds } = payloadOf(input);
    expect(allowed_mentions).toEqual({ parse: [] });
    expect(JSON.stringify([embeds![0]!.title ?? "", embeds![0]!.fields])).not.toMatch(/@(everyone|here)/);
  });
});
