/**
 * Words: of what is searched for, and of what is searched. Case and accents do not matter; a word is a run of letters and
 * digits. In scripts that are written without blanks each letter is one, so that any part of such a text is a phrase that can be
 * found; pictures are words as well.
 *
 * Pure. A store indexes the words that `wordsOf` gives, so that every store finds the same.
 */
import type { Notification } from "../notification/notification.ts";

/** Words that stand next to each other; the last may be the beginning of one. */
export interface TextTerm {
  readonly words: readonly string[];
  readonly isPrefix: boolean;
}

/** What can be searched of a notification, and nothing of what it looks like. */
export type Searchable = Pick<
  Notification,
  "title" | "message" | "blocks" | "content" | "fields" | "blocks" | "labels" | "author" | "footer"
> & {
  readonly files: readonly { readonly name: string }[];
};

const WORD = /[\p{L}\p{M}\p{N}\p{Co}]+/gu;
/** The first of the scripts and pictures below is further on than all letters of Europe, and texts of these alone take the short way. */
const MAY_HAVE_NO_BLANKS = /[\u0e00-\u{10ffff}]/u;
const UNBROKEN = String.raw`[\p{scx=Han}\p{scx=Hira}\p{scx=Kana}\p{scx=Thai}\p{scx=Laoo}\p{scx=Khmr}\p{scx=Mymr}]&&[\p{L}\p{N}]`;
const PICTURE = String.raw`\p{Extended_Pictographic}--[©®]`;
const LETTER_OR_WORD = new RegExp(
  String.raw`[${UNBROKEN}]\p{M}*|[${PICTURE}]|[[\p{L}\p{M}\p{N}\p{Co}]--[${UNBROKEN}]]+`,
  "gv",
);
/** What accents become when letters are taken apart. */
const ACCENTS = /[\u0300-\u036f]/g;
/** A phrase in quotes, or what stands between blanks; with a star, a beginning. */
const TERM = /"([^"]*)"?(\*?)|([^\s"*]+)(\*?)/g;

/**
 * Reads what somebody typed: terms that must all be found. `disk full` finds both words, `"disk full"` finds them next to each
 * other, `disk*` finds what begins so. A term of several words (`api.example.com`) is a phrase. Signs alone are no term.
 *
 * @returns `null` when nothing is searched for; no terms at all match nothing
 */
export function parseText(text: string): readonly TextTerm[] | null {
  if (text.trim() === "") return null;
  return [...text.matchAll(TERM)]
    .map(([, quoted, quotedStar, bare, bareStar]) => ({
      words: wordsOf(quoted ?? bare ?? ""),
      isPrefix: (quotedStar || bareStar) === "*",
    }))
    .filter(({ words }) => words.length > 0);
}

export function wordsOf(text: string): readonly string[] {
  const word = MAY_HAVE_NO_BLANKS.test(text) ? LETTER_OR_WORD : WORD;
  return text.normalize("NFD").replace(ACCENTS, "").toLowerCase().match(word) ?? [];
}

/** All texts of a notification. Those of different places are apart, so that no phrase spans them. */
export function textsOf(notification: Searchable): string[] {
  const { title, message, blocks, content, fields, labels, author, footer, files } = notification;
  const texts = [title, message, content, author?.name, footer?.text];
  for (const { text } of blocks ?? []) texts.push(text);
  for (const { name, value } of fields) texts.push(name, value);
  if (labels !== null) texts.push(...Object.values(labels));
  for (const { name } of files) texts.push(name);
  return texts.filter((text) => text !== null && text !== undefined && text !== "") as string[];
}

export function textMatches(notification: Searchable, terms: readonly TextTerm[]): boolean {
  const places = textsOf(notification).map(wordsOf);
  return terms.length > 0 && terms.every((term) => places.some((words) => hasTerm(words, term)));
}

function hasTerm(words: readonly string[], { words: wanted, isPrefix }: TextTerm): boolean {
  const last = wanted.length - 1;
  const fits = (word: string, index: number): boolean =>
    index === last && isPrefix ? word.startsWith(wanted[index]!) : word === wanted[index];
  return words.some(
    (_, start) => start + last < words.length && wanted.every((_word, at) => fits(words[start + at]!, at)),
  );
}
