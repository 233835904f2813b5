/** Blocks of a notification: code and links, copied and bounded. Pure but for getters of the input, which may throw through here. */
import { bounded, MAX_BLOCKS, MAX_NAME_CHARS, MAX_TEXT_CHARS } from "./bounds.ts";
import type { Block } from "./notification.ts";
import { readable } from "./readable.ts";
import { toUrl } from "./values.ts";

/** Names of languages are this short; anything else is none. */
const LANGUAGE = /^[a-z0-9_+\-.#]{1,20}$/i;

/** The blocks that have something to show; `null` when there are none. */
export function toBlocks(value: unknown): readonly Block[] | null {
  if (value === undefined || value === null) return null;
  const given = Array.isArray(value) ? value : [value];
  const blocks = given
    .slice(0, MAX_BLOCKS)
    .map(toBlock)
    .filter((block) => block !== null);
  return blocks.length === 0 ? null : blocks;
}

function toBlock(value: unknown): Block | null {
  if (typeof value !== "object" || value === null) return codeOf(value, null);
  const { kind, text, language, url } = value as Readonly<Record<string, unknown>>;
  return kind === "link" || url !== undefined ? linkOf(url, text) : codeOf(text, language);
}

function codeOf(text: unknown, language: unknown): Block | null {
  const shown = text === undefined || text === null ? "" : readable(text, MAX_TEXT_CHARS);
  if (shown.trim() === "") return null;
  return {
    kind: "code",
    text: bounded(shown, MAX_TEXT_CHARS),
    language: typeof language === "string" && LANGUAGE.test(language) ? language : null,
  };
}

function linkOf(url: unknown, text: unknown): Block | null {
  const to = toUrl(url);
  if (to === null) return null;
  const shown = text === undefined || text === null ? "" : readable(text, MAX_NAME_CHARS).trim();
  return { kind: "link", text: shown === "" ? to : shown, url: to };
}
