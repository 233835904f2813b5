import { parse, type parse as parseMarkdown } from "discord-markdown-parser";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { visible } from "../visible.ts";
import { defusePings, escapeDiscord } from "./escape.ts";

type Node = ReturnType<typeof parseMarkdown>[number];

/** What an independent parser of Discord's markdown would show, or the markup it found. */
function shown(markdown: string): string {
  return parse(markdown, "extended").map(textOf).join("").replaceAll("\u200b", "");
}

function textOf(node: Node): string {
  if (node.type === "text") return node["content"];
  if (node.type === "br" || node.type === "newline") return "\n";
  if (node.type === "twemoji") return node["name"];
  if (node.type === "url" || node.type === "autolink") return node["target"];
  return `[${node.type}!]`;
}

/** Links are the only place where characters are written differently. */
function decoded(text: string): string {
  return text.replace(/%(5F|28|40|3E)/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}

describe("escapeDiscord leaves alone what does not bite", () => {
  it.each([
    "soil_moisture",
    "co2_ppm_max",
    "device-abc",
    "15.2",
    "min 20.0",
    "a.csv is empty",
    "~5 minutes, a|b, 3 < 4, x <= 5",
    "12:30:45 #3 @team C:\\Users\\me",
    "see https://a.example/b_c?d=e-f#g.",
    "connect ECONNREFUSED 127.0.0.1:5432",
    "a - b > c + d 1. e # f",
  ])("%s", (text) => {
    expect(escapeDiscord(text)).toBe(text);
  });
});

describe("escapeDiscord defuses what bites", () => {
  it.each([
    { name: "bold and italics", text: "**a** *b* _c_ __d__", escaped: "\\*\\*a\\*\\* \\*b\\* \\_c\\_ \\_\\_d\\_\\_" },
    { name: "underline inside a word", text: "a__b__c", escaped: "a\\_\\_b\\_\\_c" },
    { name: "italics that end after a word", text: "foo_bar_ baz", escaped: "foo_bar\\_ baz" },
    { name: "strike and spoiler", text: "~~a~~ ||b||", escaped: "\\~\\~a\\~\\~ \\|\\|b\\|\\|" },
    { name: "code", text: "`a` ```b```", escaped: "\\`a\\` \\`\\`\\`b\\`\\`\\`" },
    { name: "a masked link", text: "[bank](https://evil.example)", escaped: "[bank]\\(https://evil.example)" },
    { name: "backslashes before punctuation", text: "\\*a \\_b", escaped: "\\\\\\*a \\\\\\_b" },
    { name: "the shrug", text: "¯\\_(ツ)_/¯", escaped: "¯\\\\\\_(ツ)\\_/¯" },
    { name: "a backslash at the end", text: "C:\\", escaped: "C:\\\\" },
    { name: "mentions", text: "<@1> <@!1> <@&2> <#3>", escaped: "\\<@1> \\<@!1> \\<@&2> \\<#3>" },
    { name: "times, emoji, commands", text: "<t:1:R> <:e:1> </a:1>", escaped: "\\<t:1:R> \\<\\:e:1> \\</a:1>" },
    { name: "navigation", text: "<id:browse> <1:customize>", escaped: "\\<id:browse> \\<1:customize>" },
    { name: "links and addresses in angle brackets", text: "<me@a.example>", escaped: "\\<me@a.example>" },
    { name: "pings of everybody", text: "@everyone @here", escaped: "@\u200beveryone @\u200bhere" },
    { name: "emoji by name, also in addresses", text: ":smile: 2a14:c::1", escaped: "\\:smile: 2a14\\:c::1" },
    { name: "emoji whose names are numbers", text: "1:100:2", escaped: "1\\:100:2" },
    { name: "headings and subtext", text: "# a\n### b\n-# c", escaped: "\\# a\n\\### b\n\\-# c" },
    { name: "quotes", text: "> a\n>>> b", escaped: "\\> a\n\\>>> b" },
    { name: "lists", text: "- a\n  + b\n1. c\n* d", escaped: "\\- a\n  \\+ b\n1\\. c\n\\* d" },
  ])("$name", ({ text, escaped }) => {
    expect(escapeDiscord(text)).toBe(escaped);
    expect(shown(escaped)).toBe(text);
  });
});

describe("links", () => {
  it("stay whole, however much markup they seem to hold", () => {
    const link = "https://a.example/x_y__z*?a=~~b~~";
    expect(escapeDiscord(`**${link}`)).toBe(`\\*\\*${link}`);
  });

  it("cannot end markup that was begun before them", () => {
    expect(escapeDiscord("a_b https://a.example/c_")).toBe("a_b https://a.example/c%5F");
    expect(escapeDiscord("[a https://b.example/](c)")).toBe("[a https://b.example/]%28c)");
  });

  it("cannot ping", () => {
    expect(escapeDiscord("https://a.example/@everyone")).toBe("https://a.example/%40everyone");
  });

  it("get no preview where one could appear", () => {
    expect(escapeDiscord("see https://a.example.", { previews: false })).toBe("see <https://a.example>.");
  });

  it("keep their distance from an underscore or a backslash before them", () => {
    const text = "a_b c_https://d.example \\https://e.example";
    expect(escapeDiscord(text, { previews: false })).toBe("a_b c\\_<https://d.example> \\\\<https://e.example>");
  });

  it("are text when no client would take them for links", () => {
    expect(escapeDiscord("http://**a**")).toBe("http\\://\\*\\*a\\*\\*");
  });
});

const FRAGMENTS = [
  ...["*", "**", "***", "_", "__", "~~", "||", "|", "`", "```", "```js\n", "\\", "[", "]", "](", "(", ")", "<", ">"],
  ...["@", "@everyone", "@here", "<@123456789012345678>", "<@&123456789012345678>", "<#123456789012345678>", "<t:1:R>"],
  ...[
    "<:ab:123456789012345678>",
    "</a:123456789012345678>",
    "<123456789012345678:customize>",
    "# ",
    "-# ",
    "> ",
    ">>> ",
  ],
  ...[
    "\n",
    " ",
    "a",
    "b1",
    "é",
    "1. ",
    "- ",
    "+ ",
    ":",
    ":x:",
    "https://a.example/",
    "http://a",
    "https://",
    "x_y",
    "👩‍👩‍👧",
    "¯\\_(ツ)_/¯",
  ],
];
const hostile = fc.oneof(
  fc.array(fc.constantFrom(...FRAGMENTS), { maxLength: 14 }).map((parts) => parts.join("")),
  // Control characters are made visible before; that parser turns tabs into spaces.
  fc.string({ unit: "binary", maxLength: 40 }).map((text) => visible(text).replaceAll("\t", " ")),
);

describe("whatever the text", () => {
  it("an independent parser finds nothing but that text", () => {
    fc.assert(
      fc.property(hostile, (text) => {
        expect(decoded(shown(escapeDiscord(text)))).toBe(decoded(text.replaceAll("\u200b", "")));
      }),
      { numRuns: 5_000 },
    );
  });

  it("what the short cut for quiet lines lets pass is what the long way makes of it", () => {
    fc.assert(
      fc.property(hostile, (text) => {
        // A line that needs escaping keeps the whole text from taking the short cut.
        expect(escapeDiscord(`*\n${text}`)).toBe(`\\*\n${escapeDiscord(text)}`);
      }),
      { numRuns: 2_000 },
    );
  });

  it("and also where previews are prevented, or other text follows", () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const markdown = `${escapeDiscord(text, { previews: false })} … (+5 characters)`;
        expect(decoded(shown(markdown))).toBe(decoded(`${text.replaceAll("\u200b", "")} … (+5 characters)`));
      }),
      { numRuns: 5_000 },
    );
  });

  it("nobody is pinged, with our escaping or with markdown of the sender's own", () => {
    fc.assert(
      fc.property(hostile, (text) => {
        expect(`${escapeDiscord(text)}${defusePings(text)}`).not.toMatch(/@(?:everyone|here)/);
      }),
    );
  });
});
