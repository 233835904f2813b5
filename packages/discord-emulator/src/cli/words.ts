/** What the command says. Pure. */
import { isIP } from "node:net";
import type { Emulator } from "../remote.ts";
import type { RunOptions } from "./options.ts";

const LIMITS: Readonly<Record<RunOptions["limits"], string>> = Object.freeze({
  discord:
    "Limits as at Discord: 5 messages in 2 s per webhook, 30 in 60 s per channel, 50 requests in 1 s per address.",
  punish: "Limits as at Discord, and every request made while limited makes the wait longer.",
  none: "No limits.",
});

export function greeting(emulator: Emulator, version: string, { limits, isStrict }: RunOptions): string {
  const channels = new Map(emulator.channels().map(({ id, name }) => [id, name]));
  const rows = emulator.webhooks().map(({ channelId, url }) => [`#${channels.get(channelId) ?? ""}`, url] as const);
  const width = Math.max(...rows.map(([name]) => name.length));
  const hooks = rows.map(([name, url]) => `    ${name.padEnd(width)}  ${url}`).join("\n");
  return `Discord emulator ${version}

  Page: ${emulator.url}

  Webhooks, as Discord's "Copy Webhook URL" gives them:

${hooks}

${botLines(emulator)}  Try: curl -H 'Content-Type: application/json' -d '{"content":"Hello"}' '${rows[0]?.[1]}'

  ${LIMITS[limits]}${isStrict ? "\n  Strict: messages without allowed_mentions are refused." : ""}
  Everything is in memory. Ctrl-C ends it.
`;
}

/** Nothing when there are no bots. */
function botLines(emulator: Emulator): string {
  const bots = emulator.bots();
  if (bots.length === 0) return "";
  const width = Math.max(...bots.map(({ name }) => name.length));
  const lines = bots.map(({ name, token }) => `    ${name.padEnd(width)}  ${token}`).join("\n");
  return `  Bots and their tokens; the API is at ${emulator.url}/api (discord.js: rest.api):

${lines}

`;
}

export function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || (isIP(host) === 4 && host.startsWith("127."));
}

export function openDoorWarning(host: string): string {
  return `Warning: listening on ${host}, so everybody who reaches this machine can post, read and ban here. There are no passwords.`;
}

/** What to do about a start that failed. */
export function startProblem(error: NodeJS.ErrnoException, { port, host }: RunOptions): string {
  switch (error.code) {
    case "EADDRINUSE":
      return `Port ${port} is taken by another program. Choose another with --port, or --port 0 for any that is free.`;
    case "EACCES":
      return `This user may not listen on port ${port}. Choose one above 1023 with --port.`;
    case "EADDRNOTAVAIL":
    case "ENOTFOUND":
      return `This machine has no address ${host}. Use --host 127.0.0.1 for this machine alone, or --host 0.0.0.0 for all.`;
    default:
      return `The emulator could not start: ${error.message}`;
  }
}
