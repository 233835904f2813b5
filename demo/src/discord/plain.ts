/** Takes the backslashes out of a text that keep Discord from reading it as markup. Pure. */
export function plainText(markdown: string): string {
  return markdown.replace(/\\([!-/:-@[-`{-~])/g, "$1");
}
