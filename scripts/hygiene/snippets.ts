/** The TypeScript in our documents. Pure: texts are passed in. */

export interface Snippet {
  /** The document, and which of its snippets: `docs/bot.md#2`. */
  readonly name: string;
  readonly code: string;
}

/** Every block that is fenced as `ts`, indented ones in lists as well. */
export function snippetsOf(document: string, markdown: string): Snippet[] {
  return [...markdown.matchAll(/^( *)```ts\n([\s\S]*?)^\1```/gm)].map(([, , code = ""], at) => ({
    name: `${document}#${at + 1}`,
    code,
  }));
}

/** What stands in documents for the reader's own program. Everything else has to be imported where it is used. */
export const READERS_OWN = `
import type { Notifier, HealthTracker } from "@tocsin/core";
import type { Bot } from "@tocsin/core/bot";
import type { Emulator, Channel } from "@tocsin/discord-emulator";
import type { Client } from "discord.js";

declare global {
  const notifier: Notifier;
  const bot: Bot;
  const client: Client;
  const emulator: Emulator;
  const channel: Channel;
  const yourProgram: { send(url: string, text: string): Promise<void> };
  function run(...what: unknown[]): Promise<void>;
  const url: string;
  const error: Error;
  const lastSeen: Date;
  const request: { readonly rawBody: string; readonly headers: Record<string, string> };
  const transporter: { sendMail(mail: object): Promise<void> };
}
`;
