/**
 * Shortens a text that is ready to be sent, and says so: ` … (+1,234 characters)` at its end.
 *
 * Upstream   escaping, which must come first because its backslashes count. Downstream the message itself.
 *
 * The cut falls between words where there are any, never inside a grapheme (a family of emoji, a flag, a letter with its
 * accents), and never inside an escape, a link, a mention, a time, an emoji or inline code; a code fence that is cut is
 * closed. Only a grapheme longer than the whole room is cut inside, and then between code points. Pure.
 */
import { countChars, fits, indexAfter } from "./chars.ts";

/**
 * What is shown whole or not at all: an escaped character, a fence, inline code, a link under a text, a link in angle
 * brackets, mentions, times and emoji, a bare link, an underscore with the letter that makes it harmless.
 */
const ATOM =
  /\\[\s\S]|```[\s\S]*?(?:```|$)|(`{1,2})[^`][\s\S]*?\1|\[[^[\]\n]{0,512}\]\([^)\s]{0,2048}\)|<[^<>\s]{1,2048}>|https?:\/\/[^\s<]+|_(?=[0-9A-Za-z])./g;
const FENCE = "```";
const FENCE_END = `\n${FENCE}`;
/** A word longer than this share of the room is cut rather than left out. */
const LONGEST_WORD_SHARE = 0.25;
const ESCAPE = /\\([^0-9A-Za-z\s])/g;
const LONGEST_ATOM_UNITS = 4_096;
const GRAPHEMES = new Intl.Segmenter("en", { granularity: "grapheme" });
const COUNT = new Intl.NumberFormat("en");

/** Makes a text ready for a channel, e.g. escapes it. The result must not be shorter than the text. */
export type Write = (text: string) => string;

export interface Shortened {
  readonly text: string;
  readonly isWhole: boolean;
}

/**
 * A text written and shortened. Of a very long one only the part that can be shown is written at all.
 *
 * @param maxChars 0 or more; below 40 or so there is room for little but the mark, below its length only for `…`.
 */
export function writeWithin(text: string, write: Write, maxChars: number): Shortened {
  if (text.length <= maxChars) return cutTo(write(text), maxChars, 0);
  const head = text.slice(0, indexAfter(text, maxChars + LONGEST_ATOM_UNITS));
  return cutTo(write(head), maxChars, countChars(text) - countChars(head));
}

/** The text itself when it has at most `maxChars` code points, otherwise its beginning and how much is missing. */
export function shorten(text: string, maxChars: number): string {
  return cutTo(text, maxChars, 0).text;
}

/** @param alsoMissing code points that are missing already, behind the text. */
function cutTo(text: string, maxChars: number, alsoMissing: number): Shortened {
  if (fits(text, maxChars)) return { text, isWhole: true };
  const longestMark = countChars(markFor(countChars(text) + alsoMissing));
  if (longestMark >= maxChars) return { text: maxChars > 0 ? "…" : "", isWhole: false };
  const room = maxChars - longestMark;
  const { end, inFence } = cutAt(text, text.includes(FENCE) ? Math.max(0, room - FENCE_END.length) : room);
  const kept = text.slice(0, end).trimEnd();
  const missing = countChars(text.slice(end).trim().replace(ESCAPE, "$1")) + alsoMissing;
  return { text: `${kept}${inFence ? FENCE_END : ""}${markFor(missing)}`.trimStart(), isWhole: false };
}

/** Always plural: the mark itself takes the room of more than one. The space keeps the mark out of a link or an escape right before it. */
function markFor(missingChars: number): string {
  return ` … (+${COUNT.format(missingChars)} characters)`;
}

interface Cut {
  /** UTF-16 index of the first unit that is left out. */
  readonly end: number;
  readonly inFence: boolean;
}

function cutAt(text: string, roomChars: number): Cut {
  const hard = indexAfter(text, roomChars);
  // What lies far behind the cut cannot matter to it, and searching all of a long text would cost.
  return cutNear(text.slice(0, hard + LONGEST_ATOM_UNITS), hard);
}

function cutNear(text: string, hard: number): Cut {
  let cut: Cut = { end: wordEnd(text, hard), inFence: false };
  // Leaving an atom may land inside a grapheme and the other way round; each step only goes back, so this ends.
  for (;;) {
    const next = atomStart(text, graphemeStart(text, cut.end));
    if (next.end === cut.end) return next.end === 0 ? withinGrapheme(text, hard) : next;
    cut = next;
  }
}

/** The last place between two words that does not give away too much, or the given end. */
function wordEnd(text: string, hard: number): number {
  if (/\s/.test(text.charAt(hard))) return hard;
  const earliest = hard * (1 - LONGEST_WORD_SHARE);
  for (let end = hard; end > earliest; end--) {
    if (/\s/.test(text.charAt(end - 1))) return end - 1;
  }
  return hard;
}

function graphemeStart(text: string, end: number): number {
  return end >= text.length ? end : GRAPHEMES.segment(text).containing(end)!.index;
}

function atomStart(text: string, end: number): Cut {
  for (const atom of text.matchAll(ATOM)) {
    if (atom.index >= end) break;
    const after = atom.index + atom[0].length;
    if (after <= end) continue;
    const isFence = atom[0].startsWith(FENCE);
    // A fence is cut inside if something of its text is shown: past the line that opens it.
    const inFence = isFence && end > atom.index + firstLineLength(atom[0]);
    return inFence ? { end: Math.min(end, fenceTextEnd(atom)), inFence } : { end: atom.index, inFence };
  }
  return { end, inFence: false };
}

function firstLineLength(fence: string): number {
  const lineEnd = fence.indexOf("\n");
  return lineEnd === -1 ? FENCE.length : lineEnd + 1;
}

/** Before the backquotes that close it, so that none of them is left at the cut. */
function fenceTextEnd(atom: RegExpExecArray): number {
  const after = atom.index + atom[0].length;
  return atom[0].endsWith(FENCE) && atom[0].length > FENCE.length ? after - FENCE.length : after;
}

/** For a first grapheme larger than the room (a letter under a thousand accents): code points are all there is to keep whole. */
function withinGrapheme(text: string, hard: number): Cut {
  const first = GRAPHEMES.segment(text).containing(0)!.segment;
  return { end: first.length > hard ? hard : 0, inFence: false };
}
