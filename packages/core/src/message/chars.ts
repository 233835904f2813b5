/** Counting and cutting by Unicode code point, the unit in which channels state their limits. Pure. */

/** Number of code points; a lone surrogate counts as one. */
export function countChars(text: string): number {
  let count = text.length;
  for (let i = 0; i < text.length; i++) {
    if (isHighSurrogate(text.charCodeAt(i)) && isLowSurrogate(text.charCodeAt(i + 1))) {
      count--;
      i++;
    }
  }
  return count;
}

/** Whether a text has at most `maxChars` code points. Counts only when the UTF-16 length leaves it open. */
export function fits(text: string, maxChars: number): boolean {
  return text.length <= maxChars || (text.length <= maxChars * 2 && countChars(text) <= maxChars);
}

/** The UTF-16 index after `chars` code points, or the text's length when it has fewer. */
export function indexAfter(text: string, chars: number): number {
  let index = 0;
  for (let left = chars; left > 0 && index < text.length; left--) {
    index += isHighSurrogate(text.charCodeAt(index)) && isLowSurrogate(text.charCodeAt(index + 1)) ? 2 : 1;
  }
  return index;
}

function isHighSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdbff;
}

function isLowSurrogate(unit: number): boolean {
  return unit >= 0xdc00 && unit <= 0xdfff;
}
