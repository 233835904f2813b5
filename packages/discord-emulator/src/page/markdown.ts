/**
 * Turns Discord's markdown into templates. The text is hostile: it only ever ends up in text nodes and in links whose
 * scheme has been looked at, never in markup.
 */
import { rulesExtended, SimpleMarkdown } from "discord-markdown-parser";
import { html, nothing, type TemplateResult } from "lit";
import { fromUnix } from "./time.ts";

export interface Names {
  /** The name of a person or bot; undefined when it is nobody here. */
  readonly user: (id: string) => string | undefined;
  readonly role: (id: string) => string | undefined;
  /** The name of a channel or thread; undefined when it is not one of ours. */
  readonly channel: (id: string) => string | undefined;
}

type Piece = TemplateResult | string | typeof nothing;

interface Node {
  readonly type: string;
  readonly [key: string]: unknown;
}

/** Lists, which the parser leaves alone: a line that starts with a dash, a star or a number. */
const listItem = {
  order: rulesExtended["heading"]!.order,
  match: (source: string, _state: unknown, before: string) =>
    before === "" || before.endsWith("\n") ? /^( *)([-*]|\d{1,10}\.) +([^\n]+)(?:\n|$)/.exec(source) : null,
  parse: (capture: string[], parse: (source: string, state: unknown) => unknown, state: unknown) => ({
    isNested: capture[1] !== "",
    marker: /\d/.test(capture[2]!) ? capture[2] : "•",
    content: parse(capture[3]!, state),
  }),
};

const parse = SimpleMarkdown.parserFor({ ...rulesExtended, listItem } as typeof rulesExtended);

export function renderMarkdown(source: string, names: Names): Piece[] {
  try {
    return renderAll(parse(source, { inline: true }) as Node[], names);
  } catch {
    // Text that the parser cannot master must not take the page down with it.
    return [source];
  }
}

function renderAll(content: unknown, names: Names): Piece[] {
  if (typeof content === "string") return [content];
  if (!Array.isArray(content)) return [];
  return content.map((node: Node, at) => (endsBlock(content[at - 1], node) ? nothing : renderNode(node, names)));
}

const BLOCKS = ["codeBlock", "blockQuote", "heading", "listItem", "subtext"];

/** A block ends its line itself: the line break after it would be an empty line. */
function endsBlock(before: Node | undefined, { type }: Node): boolean {
  return before !== undefined && BLOCKS.includes(before.type) && (type === "br" || type === "newline");
}

const HEADINGS = {
  1: (inner: Piece[]) => html`<h1 class="md">${inner}</h1>`,
  2: (inner: Piece[]) => html`<h2 class="md">${inner}</h2>`,
  3: (inner: Piece[]) => html`<h3 class="md">${inner}</h3>`,
} as const;

function renderNode(node: Node, names: Names): Piece {
  const inner = () => renderAll(node["content"], names);
  switch (node.type) {
    case "text":
      return String(node["content"]);
    case "br":
    case "newline":
      return html`<br />`;
    case "strong":
      return html`<strong>${inner()}</strong>`;
    case "em":
      return html`<em>${inner()}</em>`;
    case "underline":
      return html`<u>${inner()}</u>`;
    case "strikethrough":
      return html`<s>${inner()}</s>`;
    case "spoiler":
      return html`<discord-spoiler>${inner()}</discord-spoiler>`;
    case "inlineCode":
      return html`<code class="md">${String(node["content"])}</code>`;
    case "codeBlock":
      return html`<pre class="md"><code>${String(node["content"])}</code></pre>`;
    case "blockQuote":
      return html`<blockquote class="md">${inner()}</blockquote>`;
    case "heading":
      return HEADINGS[Math.min(Number(node["level"]), 3) as 1 | 2 | 3](inner());
    case "subtext":
      return html`<small class="md">${inner()}</small>`;
    case "listItem":
      return html`<span class="md-item ${node["isNested"] ? "nested" : ""}"><b>${node["marker"]}</b><span>${inner()}</span></span>`;
    case "link":
      return renderLink(String(node["target"]), inner(), (target) => html`[${inner()}](${target})`);
    case "url":
    case "autolink":
      return renderLink(String(node["target"]), inner(), () => html`${inner()}`);
    default:
      return renderDiscord(node, names);
  }
}

/** What only Discord has: mentions, emoji, instants. */
function renderDiscord(node: Node, names: Names): Piece {
  const id = String(node["id"]);
  switch (node.type) {
    case "user":
      return html`<discord-mention type="user">${names.user(id) ?? `user-${id.slice(-4)}`}</discord-mention>`;
    case "role":
      return html`<discord-mention type="role">${names.role(id) ?? `role-${id.slice(-4)}`}</discord-mention>`;
    case "channel":
      return html`<discord-mention type="channel">${names.channel(id) ?? "unknown"}</discord-mention>`;
    case "everyone":
    case "here":
      return html`<discord-mention type="user">${node.type}</discord-mention>`;
    case "slashCommand":
      return html`<discord-mention type="slash">${String(node["fullName"] ?? node["name"])}</discord-mention>`;
    case "timestamp":
      return html`<discord-time>${fromUnix(Number(node["timestamp"]), String(node["format"] ?? "f"))}</discord-time>`;
    case "emoji":
      return `:${String(node["name"])}:`;
    case "twemoji":
      return String(node["name"]);
    default:
      return typeof node["content"] === "string" ? node["content"] : "";
  }
}

/** A link to anything but the web is none: as at Discord, it is shown as it was written. */
function renderLink(target: string, inner: Piece[], asWritten: (target: string) => TemplateResult): Piece {
  if (!isWebUrl(target)) return asWritten(target);
  return html`<a class="md" href=${target} target="_blank" rel="noopener noreferrer" title=${target}>${inner}</a>`;
}

export function isWebUrl(url: string): boolean {
  return /^https?:\/\//i.test(url) && URL.canParse(url);
}
