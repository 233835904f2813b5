/** The options of a bot, joined with the environment and checked in one place. */
import type { KeyObject } from "node:crypto";
import type { AlertDesk } from "../../alert/desk.ts";
import { type BotApi, DISCORD_API, isSnowflake, readBotApi } from "../../channel/discord-bot/target.ts";
import type { Clock } from "../../clock/clock.ts";
import { createSystemClock } from "../../clock/system-clock.ts";
import { type Environment, readEnvironment } from "../../config/environment.ts";
import { createConsoleLogger, createDiscreetLogger, type Logger } from "../../config/logger.ts";
import type { GatewayClient } from "./gateway.ts";
import { readPublicKey } from "./signature.ts";
import type { ShownComponent } from "./status.ts";

/** What a bot tells of, e.g. `notifier.health()`. */
export interface BotSubject {
  /** Its name, for the title of the status. */
  readonly program: string;
  status(): readonly ShownComponent[] | Promise<readonly ShownComponent[]>;
  /** Where its alerts are acted on. @defaultValue nowhere */
  desk?(): AlertDesk;
}

export interface BotOptions {
  /** With notifications off (`DISCORD_NOTIFICATIONS_ENABLED`) there is no bot either. */
  readonly notifier?: { readonly enabled: boolean };
  /** Whose status is told and whose alerts are acted on; several are shown as one. */
  readonly health?: BotSubject | readonly BotSubject[];
  /** Further alerts that people may act on. */
  readonly desks?: readonly AlertDesk[];
  /** A discord.js client of your own: one token, one connection. You log it in, and you end it. @defaultValue one of ours */
  readonly client?: GatewayClient;
  /** @defaultValue `DISCORD_BOT_TOKEN` */
  readonly token?: string;
  /** The one channel in which the bot answers. @defaultValue `DISCORD_MONITOR_CHANNEL_ID` */
  readonly channelId?: string;
  /** Ids of the roles whose members may acknowledge, silence and resolve. @defaultValue `DISCORD_BOT_ROLES`, else everybody in the channel */
  readonly roles?: readonly string[];
  /** Of the application, for interactions over HTTP. @defaultValue `DISCORD_PUBLIC_KEY`, else none are taken */
  readonly publicKey?: string;
  /** Title of the status. @defaultValue that of the first `health` */
  readonly program?: string;
  /** Whether the slash commands are registered in the channel's server. @defaultValue true */
  readonly commands?: boolean;
  /** @defaultValue process.env */
  readonly env?: Environment;
  /** @defaultValue the console, from `LOG_LEVEL` up */
  readonly logger?: Logger;
  /** Time and chance. @defaultValue the machine's; waiting keeps no process alive */
  readonly clock?: Clock;
}

/** Everything a bot needs to know. */
export interface BotSettings {
  readonly client: GatewayClient | null;
  readonly token: string | null;
  readonly channelId: string;
  readonly roles: readonly string[];
  readonly publicKey: KeyObject | null;
  readonly program: string;
  readonly registersCommands: boolean;
  readonly subjects: readonly BotSubject[];
  readonly desks: readonly AlertDesk[];
  readonly api: BotApi;
  readonly clock: Clock;
  readonly logger: Logger;
}

export interface BotReading {
  /** `null` when there is to be no bot. */
  readonly settings: BotSettings | null;
  readonly logger: Logger;
  /** One sentence each, free of secrets. */
  readonly problems: readonly string[];
}

const DEFAULT_PROGRAM = "Tocsin";

export function readBotOptions(options: BotOptions): BotReading {
  const { settings: env } = readEnvironment(options.env ?? process.env);
  const token = textOf(options.token) ?? env.botToken;
  const isOff = options.notifier?.enabled === false || !env.enabled;
  const isWanted = options.client !== undefined || token !== null;
  const logger =
    options.logger === undefined ? createConsoleLogger(env.logLevel) : createDiscreetLogger(options.logger);
  if (isOff || !isWanted) return { settings: null, logger, problems: [] };
  const channelId = textOf(options.channelId) ?? env.monitorChannelId;
  const problems: string[] = [];
  if (channelId === null)
    problems.push("The bot answers nowhere: set DISCORD_MONITOR_CHANNEL_ID to the id of its channel.");
  else if (!isSnowflake(channelId)) {
    problems.push(
      "DISCORD_MONITOR_CHANNEL_ID is no id of a channel: turn on Developer Mode, and copy the channel's id.",
    );
  }
  const reading = env.apiUrl === null ? null : readBotApi(env.apiUrl, env.allowedHosts);
  if (reading?.ok === false) problems.push(`DISCORD_API_URL ${reading.problem}.`);
  const roles = options.roles ?? env.botRoles;
  const strange = roles.filter((role) => !isSnowflake(role));
  // Roles that cannot be meant stay in the list: without them, everybody might act.
  if (strange.length > 0)
    problems.push(`DISCORD_BOT_ROLES lists ${strange.length} that are no ids of roles: copy the roles' ids.`);
  const keyText = textOf(options.publicKey) ?? env.publicKey;
  const publicKey = keyText === null ? null : readPublicKey(keyText);
  if (keyText !== null && publicKey === null) {
    problems.push(
      "DISCORD_PUBLIC_KEY is no public key: copy the 64 digits from the application's page (General Information).",
    );
  }
  if (channelId === null || !isSnowflake(channelId) || reading?.ok === false)
    return { settings: null, logger, problems };
  const subjects = [options.health ?? []].flat();
  const settings: BotSettings = {
    client: options.client ?? null,
    token,
    channelId,
    roles,
    publicKey,
    subjects,
    logger,
    program: textOf(options.program) ?? subjects[0]?.program ?? DEFAULT_PROGRAM,
    registersCommands: options.commands ?? true,
    desks: [...subjects.flatMap((subject) => subject.desk?.() ?? []), ...(options.desks ?? [])],
    api: reading?.ok === true ? reading.api : DISCORD_API,
    clock: options.clock ?? createSystemClock({ keepAlive: false }),
  };
  return { settings, logger, problems };
}

/** An empty text counts as none. */
function textOf(value: string | undefined): string | null {
  const text = value?.trim() ?? "";
  return text === "" ? null : text;
}
