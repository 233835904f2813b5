/** Lays text out for a terminal of any width. Pure; widths in characters, of which ours are all one wide. */

export interface Line {
  readonly time: string;
  readonly who: string;
  readonly text: string;
}

const WHO_CHARS = 15;
const GAP = "  ";
/** Below this width the text goes under the name instead of beside it. */
const NARROW_CHARS = 72;
const INDENT = "  ";
/** Narrower than this nothing is readable anyway. */
const LEAST_CHARS = 20;

/** Where a line's parts go: `head` (time and name) is coloured by the caller. */
export interface LaidOut {
  readonly head: string;
  readonly rest: string;
}

/** @param columns the terminal's width; `Infinity` for none */
export function layOutLine({ time, who, text }: Line, columns: number): LaidOut {
  if (columns < NARROW_CHARS) {
    return { head: `${time}${GAP}${who}`, rest: `\n${indented(text, INDENT, columns)}` };
  }
  const head = `${time}${GAP}${who.padEnd(WHO_CHARS)}`;
  const [first = "", ...more] = wrap(text, columns - head.length - GAP.length);
  const indent = " ".repeat(head.length + GAP.length);
  return { head, rest: [`${GAP}${first}`, ...more.map((line) => indent + line)].join("\n") };
}

/** Rows of a name and a text, the texts below each other. */
export function layOutTable(rows: readonly (readonly [name: string, text: string])[], columns: number): string {
  const nameChars = Math.max(...rows.map(([name]) => name.length));
  const hang = INDENT.length + nameChars + GAP.length;
  return rows
    .map(([name, text]) => {
      if (columns < NARROW_CHARS) return `${INDENT}${name}\n${indented(text, INDENT.repeat(2), columns)}`;
      const [first = "", ...more] = wrap(text, columns - hang);
      return [`${INDENT}${name.padEnd(nameChars)}${GAP}${first}`, ...more.map((line) => " ".repeat(hang) + line)].join(
        "\n",
      );
    })
    .join("\n");
}

function indented(text: string, indent: string, columns: number): string {
  return wrap(text, columns - indent.length)
    .map((line) => indent + line)
    .join("\n");
}

/** Breaks at spaces; a word that is longer than the width (an address) stays whole, so that it can still be clicked. */
export function wrap(text: string, chars: number): string[] {
  return text.split("\n").flatMap((line) => wrapLine(line, Math.max(LEAST_CHARS, chars)));
}

function wrapLine(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    const longer = line === "" ? word : `${line} ${word}`;
    if (longer.length <= width || line === "") line = longer;
    else {
      lines.push(line);
      line = word;
    }
  }
  return [...lines, line];
}
