import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { renderMarkdown } from "./markdown.ts";

/** The template as text: its own markup as it is, and every value that came from outside in guillemets. */
function flat(piece: unknown): string {
  if (Array.isArray(piece)) return piece.map(flat).join("");
  if (typeof piece === "string") return `«${piece}»`;
  if (typeof piece !== "object" || piece === null) return "";
  const { strings, values } = piece as { strings: readonly string[]; values: readonly unknown[] };
  return strings.map((markup, at) => markup + (at < values.length ? flat(values[at]) : "")).join("");
}

const names = {
  channel: (id: string) => (id === "111111111111111111" ? "alerts" : undefined),
  user: (id: string) => (id === "222222222222222222" ? "ada" : undefined),
  role: () => undefined,
};
const show = (source: string) => flat(renderMarkdown(source, names));

describe("renderMarkdown", () => {
  it.each([
    { source: "**b**", shown: "<strong>«b»</strong>" },
    { source: "*i* __u__ ~~s~~", shown: "<em>«i»</em>« »<u>«u»</u>« »<s>«s»</s>" },
    { source: "`a*b*`", shown: '<code class="md">«a*b*»</code>' },
    { source: "```js\nlet x\n```", shown: '<pre class="md"><code>«let x»</code></pre>' },
    { source: "||x||", shown: "<discord-spoiler>«x»</discord-spoiler>" },
    { source: "# T\nx", shown: '<h1 class="md">«T»</h1>«x»' },
    { source: "\\*x\\*", shown: "«*»«x»«*»" },
    { source: "@everyone", shown: '<discord-mention type="user">«everyone»</discord-mention>' },
    { source: "<#111111111111111111>", shown: '<discord-mention type="channel">«alerts»</discord-mention>' },
    { source: "<@222222222222222222>", shown: '<discord-mention type="user">«ada»</discord-mention>' },
    { source: "<@&123456789012345678>", shown: '<discord-mention type="role">«role-5678»</discord-mention>' },
  ])("$source", ({ source, shown }) => {
    expect(show(source)).toBe(shown);
  });

  it("draws lists, without an empty line after them", () => {
    expect(show("- a\n  - b\n1. c\nd")).toBe(
      '<span class="md-item «»"><b>«•»</b><span>«a»</span></span>' +
        '<span class="md-item «nested»"><b>«•»</b><span>«b»</span></span>' +
        '<span class="md-item «»"><b>«1.»</b><span>«c»</span></span>«d»',
    );
  });

  it("links to the web and to nothing else", () => {
    expect(show("[x](https://a.example/y)")).toContain(
      'href=«https://a.example/y» target="_blank" rel="noopener noreferrer"',
    );
    for (const source of ["[x](javascript:alert(1))", "<javascript:/alert(1)>", "[x](data:text/html,hi)"]) {
      expect(show(source)).not.toContain("href");
    }
    expect(show("[x](javascript:alert(1))")).toBe("[«x»](«javascript:alert(1)»)");
  });

  it("never puts text from outside into markup, whatever the text", () => {
    const hostile = fc.array(
      fc.constantFrom(
        "<script>",
        "</b>",
        "<img onerror=x>",
        "**",
        "`",
        "```",
        "> ",
        "[",
        "](",
        ")",
        "||",
        "\n",
        "- ",
        "&lt;",
        "a",
      ),
    );
    fc.assert(
      fc.property(hostile, (parts) => {
        const markup = show(parts.join("")).replace(/«[^»]*»/g, "");
        expect(markup).not.toMatch(/<script|<img|onerror|&lt;/);
      }),
    );
  });

  it("shows as plain text what the parser cannot master", () => {
    expect(show("> ".repeat(20_000))).not.toBe("");
  });
});
