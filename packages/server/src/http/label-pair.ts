/**
 * A name and a value in one text, `name=value`, as the query of history and the flags of commands have it. The value is all behind the first `=`; in a name
 * `\=` stands for `=` and `\\` for `\`, so that every name can be written. Pure.
 */

/** `null` for what has no name, or no value. */
export function readPair(text: string): readonly [name: string, value: string] | null {
  const [, written, value] = /^((?:\\[\\=]|(?!\\[\\=])[^=])+)=(.*)$/s.exec(text) ?? [];
  if (written === undefined || value === undefined) return null;
  return [written.replaceAll(/\\([\\=])/g, "$1"), value];
}

/** So that {@link readPair} reads the same again. */
export function writePair(name: string, value: string): string {
  return `${name.replaceAll(/[\\=]/g, "\\$&")}=${value}`;
}
