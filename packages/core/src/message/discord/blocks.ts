/**
 * Code and links below a text, in Discord's markdown. Pure.
 *
 * In a fence Discord shows everything as it is, so nothing is escaped there; only a fence within it has to be taken apart.
 */
import type { Block } from "../../notification/notification.ts";
import { plainBlock } from "../blocks.ts";
import { countChars } from "../chars.ts";
import { type Shortened, writeWithin } from "../shorten.ts";
import { escapeDiscord } from "./escape.ts";
import { usableLink } from "./link.ts";

/** Between backquotes it keeps them from closing a fence, and shows as nothing. */
const ZERO_WIDTH_SPACE = "\u200b";
/** Longer words, brackets among them, and words that look like an address are not taken as those of a link. */
const LINK_WORDS = /^(?!.*:\/\/)[^[\]\n]{1,256}$/;

/**
 * All blocks, one below the other, as far as there is room.
 *
 * @param withoutLinks links are shown in full, as addresses
 */
export function writeBlocks(
  blocks: readonly Block[],
  { maxChars, withoutLinks }: { readonly maxChars: number; readonly withoutLinks: boolean },
): Shortened {
  const parts: string[] = [];
  let isWhole = true;
  let room = maxChars;
  for (const block of blocks) {
    const link = block.kind === "link" && !withoutLinks ? maskedLink(block) : null;
    const shown =
      block.kind === "code"
        ? fenced(block, room)
        : writeWithin(link ?? plainBlock(block), link === null ? escapeDiscord : asIs, room);
    isWhole &&= shown.isWhole;
    if (shown.text === "") continue;
    parts.push(shown.text);
    room = Math.max(0, room - countChars(shown.text) - 1);
  }
  return { text: parts.join("\n"), isWhole };
}

function fenced({ text, language }: Extract<Block, { kind: "code" }>, maxChars: number): Shortened {
  const open = `\`\`\`${language ?? ""}\n`;
  return writeWithin(text, (code) => `${open}${code.replace(/`(?=`)/g, `\`${ZERO_WIDTH_SPACE}`)}\n\`\`\``, maxChars);
}

/** `[words](address)`, or `null` when Discord would not show it as a link under those words. */
function maskedLink({ text, url }: Extract<Block, { kind: "link" }>): string | null {
  const usable = usableLink(url);
  if (usable === null || !LINK_WORDS.test(text)) return null;
  return `[${escapeDiscord(text)}](${usable.replace(/[()]/g, (found) => (found === "(" ? "%28" : "%29"))})`;
}

function asIs(text: string): string {
  return text;
}
