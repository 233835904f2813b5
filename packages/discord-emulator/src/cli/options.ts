/** Reads the command line. Pure. */
import { parseArgs } from "node:util";
import type { NewBot } from "../people.ts";
import type { NewChannel } from "../remote.ts";
import type { ChannelKind } from "../world/places.ts";

export type Command =
  | { readonly kind: "help" }
  | { readonly kind: "version" }
  | { readonly kind: "mistake"; readonly message: string }
  | ({ readonly kind: "run" } & RunOptions);

export interface RunOptions {
  readonly port: number;
  readonly host: string;
  readonly channels: readonly NewChannel[];
  readonly bots: readonly NewBot[];
  readonly guildName: string | undefined;
  readonly isStrict: boolean;
  readonly limits: "discord" | "punish" | "none";
  /** Paths of PEM files. */
  readonly tls: { readonly key: string; readonly cert: string } | undefined;
}

const DEFAULT_PORT = 8090;
const DEFAULT_CHANNELS = "general,alerts,critical,plants:forum";

export const HELP = `Usage: discord-emulator [options]

A local Discord: webhooks and bots are answered as by Discord, and a page shows what arrives.

  --port PORT       where to listen; 0 takes a free one (${DEFAULT_PORT})
  --host ADDRESS    address to listen on (127.0.0.1); any other lets others in, and there are no passwords
  --channels LIST   channels, each with a webhook; NAME, NAME:forum or NAME:media, with commas between
                    (${DEFAULT_CHANNELS})
  --bots LIST       bots, NAME or NAME=TOKEN, with commas between; a token is made up where none is given
  --name NAME       name of the server on the page
  --strict          refuse messages that do not say with allowed_mentions whom they may ping
  --punish          each request made while limited makes the wait longer
  --no-limits       no rate limits and no bans
  --tls-key FILE    speak HTTPS with this key and ...
  --tls-cert FILE   ... this certificate (PEM)
  --help            this text
  --version         the version

Everything is kept in memory and gone when it ends.
`;

export function readCommand(args: readonly string[]): Command {
  try {
    return interpret(args);
  } catch (error) {
    return { kind: "mistake", message: error instanceof Error ? error.message : String(error) };
  }
}

function interpret(args: readonly string[]): Command {
  const { values } = parseArgs({
    args: [...args],
    options: {
      port: { type: "string", default: String(DEFAULT_PORT) },
      host: { type: "string", default: "127.0.0.1" },
      channels: { type: "string", default: DEFAULT_CHANNELS },
      bots: { type: "string", default: "" },
      name: { type: "string" },
      strict: { type: "boolean", default: false },
      punish: { type: "boolean", default: false },
      "no-limits": { type: "boolean", default: false },
      "tls-key": { type: "string" },
      "tls-cert": { type: "string" },
      help: { type: "boolean", short: "h", default: false },
      version: { type: "boolean", short: "v", default: false },
    },
  });
  if (values.help) return { kind: "help" };
  if (values.version) return { kind: "version" };
  if (values.punish && values["no-limits"])
    throw new Error("--punish and --no-limits contradict each other: choose one.");
  return {
    kind: "run",
    port: readPort(values.port),
    host: values.host,
    channels: readChannels(values.channels),
    bots: readBots(values.bots),
    guildName: values.name,
    isStrict: values.strict,
    limits: readLimits(values.punish, values["no-limits"]),
    tls: readTls(values["tls-key"], values["tls-cert"]),
  };
}

function readPort(text: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  if (port <= 65_535) return port;
  throw new Error(`--port must be a number from 0 to 65535, not "${text}".`);
}

function readLimits(isPunishing: boolean, isUnlimited: boolean): RunOptions["limits"] {
  if (isPunishing) return "punish";
  return isUnlimited ? "none" : "discord";
}

function readTls(key: string | undefined, cert: string | undefined): RunOptions["tls"] {
  if (key !== undefined && cert !== undefined) return { key, cert };
  if (key === undefined && cert === undefined) return undefined;
  throw new Error("HTTPS needs both --tls-key and --tls-cert.");
}

const KINDS: readonly ChannelKind[] = ["text", "forum", "media"];

function readChannels(list: string): NewChannel[] {
  const channels = list
    .split(",")
    .map((entry) => entry.trim())
    .filter((entry) => entry !== "")
    .map(readChannel);
  if (channels.length > 0) return channels;
  throw new Error("--channels names no channel; give at least one, as in --channels general,alerts.");
}

function readChannel(entry: string): NewChannel {
  const [name = "", kindText = "text"] = entry.split(":", 2);
  const kind = KINDS.find((one) => one === kindText);
  if (kind === undefined)
    throw new Error(`A channel is text, forum or media, not "${kindText}" (in --channels, "${entry}").`);
  if (name === "") throw new Error(`A channel needs a name (in --channels, "${entry}").`);
  return { name, kind };
}

function readBots(list: string): NewBot[] {
  const entries = list.split(",").map((entry) => entry.trim());
  return entries.filter((entry) => entry !== "").map(readBot);
}

function readBot(entry: string): NewBot {
  const [, name = "", token] = /^([^=]*)(?:=(.*))?$/.exec(entry) ?? [];
  if (name === "") throw new Error(`A bot needs a name (in --bots, "${entry}").`);
  if (token === undefined) return { name };
  if (/^[\w.-]+$/.test(token)) return { name, token };
  throw new Error(`A token is made of letters, digits, dots, dashes and underscores (in --bots, for "${name}").`);
}
