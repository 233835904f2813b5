/**
 * `@tocsin/core/bot`: a Discord bot that tells how a program is, and takes what people do about its alerts.
 *
 * @module
 */

import { createBotChannel } from "./bot/channel.ts";
import type { Interactions } from "./bot/interactions.ts";
import { openBot } from "./bot/live-bot.ts";
import { type BotOptions, readBotOptions } from "./bot/options.ts";

export type { Actor, AlertAction, AlertDesk, DeskAnswer, OpenAlert } from "../alert/desk.ts";
export type { BotChannelOptions } from "./bot/channel.ts";
export type { GatewayClient } from "./bot/gateway.ts";
export type { InteractionAnswer, Interactions } from "./bot/interactions.ts";
export type { BotOptions, BotSubject } from "./bot/options.ts";
export type { SignedRequest } from "./bot/signature.ts";
export type { ShownComponent } from "./bot/status.ts";
export { createBotChannel };

export interface Bot {
  /** `off`: not configured, or notifications are off. `failed`: it stays away, and the log says why. */
  readonly state: "off" | "connecting" | "ready" | "failed" | "closed";
  /** What keeps it from being of use, one sentence each, with what to do. */
  readonly problems: readonly string[];
  /** For Discord's interactions over HTTP; `null` without a public key. */
  readonly interactions: Interactions | null;
  /** Ends the connection, unless the client was handed in. Never rejects. @param options.timeoutMs at the latest. @defaultValue 5_000 */
  close(options?: { readonly timeoutMs?: number }): Promise<void>;
}

const CLOSE_TIMEOUT_MS = 5_000;

/**
 * Switches the bot on, if it is configured; otherwise nothing happens, and nothing is loaded. Returns at once, throws nothing, and
 * never stands in the way of the program.
 *
 * @example
 * const health = notifier.health({ program: "Wall Display" });
 * const bot = createBot({ notifier, health });
 * …
 * await bot.close();
 */
export function createBot(options: BotOptions): Bot {
  const { settings, logger, problems } = readBotOptions(options);
  for (const problem of problems) logger.warn(problem);
  if (settings === null) return { state: "off", problems, interactions: null, close: () => Promise.resolve() };
  const { clock } = settings;
  const bot = openBot(settings);
  return {
    problems,
    get state() {
      return bot.state;
    },
    interactions: bot.interactions,
    async close({ timeoutMs = CLOSE_TIMEOUT_MS } = {}) {
      const done = new AbortController();
      const late = clock.sleep(timeoutMs, done.signal).catch(() => {});
      await Promise.race([bot.close().catch(() => {}), late]);
      done.abort();
    },
  };
}
