import { parse, type parse as parseMarkdown } from "discord-markdown-parser";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { HOSTILE_TEXTS } from "../../../testing/hostile-texts.ts";
import { aNotification } from "../../../testing/notifications.ts";
import type { Block, Notification } from "../../notification/notification.ts";
import { visible } from "../visible.ts";
import { renderDiscord } from "./render.ts";

const STYLE = { service: "Tocsin", username: null, avatarUrl: null };
const code = (text: string, language: string | null = null): Block => ({ kind: "code", text, language });
const link = (text: string, url: string): Block => ({ kind: "link", text, url });

function render(overrides: Partial<Notification>, degrade: readonly "text-only"[] | readonly "without-links"[] = []) {
  return renderDiscord({ notifications: [aNotification({ title: "T", ...overrides })], degrade }, STYLE);
}

const descriptionOf = (blocks: readonly Block[], message: string | null = null) =>
  render({ message, blocks }).body.embeds![0]!.description!;

type Node = ReturnType<typeof parseMarkdown>[number];
/** What an independent parser of Discord's markdown sees. */
const seen = (markdown: string): Node[] => parse(markdown, "extended");
const withoutMarks = (text: string): string => text.replaceAll("\u200b", "");

// D2
describe("code", () => {
  it("stands in a fence below the text, with its language", () => {
    expect(descriptionOf([code("  at f (a.ts:1)\n  at g", "ts")], "It *failed*")).toBe(
      "It \\*failed\\*\n```ts\n  at f (a.ts:1)\n  at g\n```",
    );
    expect(descriptionOf([code("x")])).toBe("```\nx\n```");
  });

  it("loses the blank lines around it and no blank within", () => {
    expect(descriptionOf([code("\n \n  a\n\n  b  \n\n")])).toBe("```\n  a\n\n  b\n```");
  });

  it("cannot end its fence, whatever is in it", () => {
    const text = "```\n**bold** @everyone [a](https://evil.example)\n``` `` ```````";
    const nodes = seen(descriptionOf([code(text)]));
    expect(nodes.map(({ type }) => type)).toEqual(["codeBlock"]);
    expect(withoutMarks(nodes[0]!["content"])).toBe(text);
  });

  it.each(HOSTILE_TEXTS)("is shown as it is: %s", (_, hostile) => {
    // The parser shows a tab as blanks.
    const text = visible(`x${[...hostile].slice(0, 1_000).join("")}x`).replaceAll("\t", " ");
    const [node, ...others] = seen(descriptionOf([code(text, "sh")]));
    expect(others).toEqual([]);
    expect(withoutMarks(node!["content"])).toBe(withoutMarks(text));
  });

  it("is whatever it is: every text comes back from an independent parser", () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom("`", "a", "*", "\n", " ", "\\", "_"), maxLength: 60 }), (text) => {
        const [node, ...others] = seen(descriptionOf([code(`|${text}|`)]));
        expect(others).toEqual([]);
        expect(withoutMarks(node!["content"])).toBe(`|${text}|`);
      }),
    );
  });
});

// D2
describe("links", () => {
  it("stand under their words, which stay text", () => {
    expect(descriptionOf([link("Run *book*", "https://a.example/r_b?x=(1)")])).toBe(
      "[Run \\*book\\*](https://a.example/r_b?x=%281%29)",
    );
  });

  it.each([
    { name: "words with brackets", text: "a] (b) [c", url: "https://a.example", shown: "a] (b) [c: https://a.example" },
    {
      name: "words that promise another address",
      text: "https://bank.example",
      url: "https://evil.example",
      shown: "https://bank.example: https://evil.example",
    },
    {
      name: "an address that Discord does not take",
      text: "Grafana",
      url: "http://grafana:3000/d",
      shown: "Grafana: http://grafana:3000/d",
    },
    {
      name: "an address of another kind",
      text: "Click",
      url: "javascript:alert(1)",
      shown: "Click: javascript:alert(1)",
    },
    { name: "no words", text: "https://a.example/x", url: "https://a.example/x", shown: "https://a.example/x" },
  ])("show the address where Discord would not take it under words: $name", ({ text, url, shown }) => {
    expect(descriptionOf([link(text, url)])).toBe(shown);
  });

  it("show the address when links were refused", () => {
    const { body } = render({ blocks: [link("Runbook", "https://a.example/r")] }, ["without-links"]);
    expect(body.embeds![0]!.description).toBe("Runbook: https://a.example/r");
  });

  it.each(HOSTILE_TEXTS)("have words that do nothing: %s", (_, text) => {
    const nodes = seen(descriptionOf([link(`x${text}x`.replace(/\s+/g, " "), "https://a.example/r")]));
    const links = nodes.filter(
      ({ type }) => type !== "text" && type !== "br" && type !== "twemoji" && type !== "newline",
    );
    for (const { type, target } of links) {
      expect(["link", "url", "autolink"]).toContain(type);
      if (type === "link") expect(target).toBe("https://a.example/r");
    }
  });
});

describe("blocks", () => {
  it("come in order, after the text and before the card's own link", () => {
    const blocks = [code("a"), link("B", "https://a.example/b"), code("c")];
    const { body } = render({ title: null, message: "first", url: "https://a.example", blocks });
    expect(body.embeds![0]!.description).toBe(
      "first\n```\na\n```\n[B](https://a.example/b)\n```\nc\n```\nhttps://a.example",
    );
  });

  it("alone make a card, beside a text above it", () => {
    const { body } = render({ title: null, content: "Look", blocks: [code("x")] });
    expect(body).toMatchObject({ content: "Look", embeds: [{ description: "```\nx\n```" }] });
  });

  it("are never markdown, even where the text is", () => {
    const { body } = render({ message: "**a**", format: "markdown", blocks: [link("*b*", "https://a.example/b")] });
    expect(body.embeds![0]!.description).toBe("**a**\n[\\*b\\*](https://a.example/b)");
    const plain = render({ message: "**a**", format: "markdown", blocks: [code("*b*")] }, ["text-only"]);
    expect(plain.body.content).toBe("T\n**a**\n\\*b\\*\nTocsin General Alert");
  });

  it("are cut inside a fence that is closed, and are told to be longer, with the whole in a file", () => {
    const trace = Array.from({ length: 400 }, (_, n) => `at frame${n} (file.ts:${n})`).join("\n");
    const { body, notes, files } = render({ message: "m".repeat(100), blocks: [code(trace, "ts")] });
    const description = body.embeds![0]!.description!;
    expect([...description].length).toBeLessThanOrEqual(4_096);
    expect([...description].length).toBeGreaterThan(4_000);
    expect(description).toMatch(/^m{100}\n```ts\nat frame0 [\s\S]*\n``` … \(\+[\d,]+ characters\)$/);
    expect(notes.map(({ code: what, path }) => `${what} ${path}`)).toContain("shortened notifications[0].blocks");
    expect(new TextDecoder().decode(files[0]!.data)).toContain("at frame399");
  });

  it("leave a long text half of the room, and it them", () => {
    const description = descriptionOf([code("c".repeat(9_000))], "m ".repeat(4_500));
    const [text, fence] = description.split("\n```\n");
    expect([...text!].length).toBeGreaterThan(1_900);
    expect([...fence!].length).toBeGreaterThan(1_900);
    expect([...description].length).toBeLessThanOrEqual(4_096);
  });
});
