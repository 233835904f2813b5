/** Mail addresses as people write them: `ops@example.org` or `Night watch <ops@example.org>`. Pure. */
import { domainToASCII } from "node:url";

export interface MailAddress {
  readonly name: string | null;
  readonly address: string;
}

/** Local part and domain without anything that would need quoting, or could end a line or an address. */
const ADDRESS = /^[^\s\p{Cc}<>()[\]\\,;:"@]+@[^\s\p{Cc}<>()[\]\\,;:"@]+$/u;
const NAMED = /^(?<name>[^<>\p{Cc}]*)<(?<address>[^<>]*)>$/u;
/** RFC 5321, section 4.5.3.1.3, without the angle brackets. */
const MAX_CHARS = 254;

/** `null` when it is no address. */
export function parseAddress(text: string): MailAddress | null {
  const trimmed = text.trim();
  const { name = "", address = trimmed } = NAMED.exec(trimmed)?.groups ?? {};
  if (address.length > MAX_CHARS || !ADDRESS.test(address)) return null;
  const unquoted = name.trim().replace(/^"(.*)"$/, "$1");
  return { name: unquoted === "" ? null : unquoted, address };
}

/** The addresses of a list with commas or semicolons between them. A name with a comma in it needs a list of its own. */
export function splitAddresses(text: string): string[] {
  return text.split(/[,;]/).filter((part) => part.trim() !== "");
}

/** What stands after the @, as machines write it. */
export function domainOf({ address }: MailAddress): string {
  const domain = address.slice(address.lastIndexOf("@") + 1);
  return domainToASCII(domain) || "localhost";
}
