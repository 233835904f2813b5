/** What comes along when a URL is copied from a chat, a shell or a document. Pure. */

const WRAPPING = /^[\s"'`<>\u00ab\u00bb\u200b-\u200f\u2018-\u201f]+|[\s"'`<>\u00ab\u00bb\u200b-\u200f\u2018-\u201f]+$/g;

/** The text without blanks, quotation marks and angle brackets around it. */
export function unwrapped(text: string): string {
  return text.replace(WRAPPING, "");
}
