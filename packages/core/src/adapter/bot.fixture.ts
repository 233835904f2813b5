/** A bot with the real discord.js, a program with two components, and an emulated Discord with somebody in it. */
import { startEmulator } from "@tocsin/discord-emulator";
import { expect, vi } from "vitest";
import { createNotifier } from "../notifier.ts";
import type { BotOptions } from "./bot/options.ts";
import { createBot } from "./bot.ts";

type Emulator = Awaited<ReturnType<typeof startEmulator>>;
type BotSetUp = Parameters<Emulator["createBot"]>[0];

export async function setUpBot(options: BotOptions & { onlyRole?: string } = {}, about: Partial<BotSetUp> = {}) {
  const emulator = await startEmulator({ strict: true });
  const { onlyRole, ...given } = options;
  const roles = onlyRole === undefined ? {} : { roles: [emulator.role(onlyRole).id] };
  const channel = emulator.createChannel({ name: "monitor" });
  const account = emulator.createBot({ name: "Tocsin", ...about });
  const env = {
    DISCORD_BOT_TOKEN: account.token,
    DISCORD_MONITOR_CHANNEL_ID: channel.id,
    DISCORD_API_URL: `${emulator.url}/api`,
    DISCORD_ALLOWED_HOSTS: new URL(emulator.url).host,
    LOG_LEVEL: "silent",
  };
  const notifier = createNotifier({ env, service: "Wall Display", validateOnStart: false });
  const health = notifier.health({
    program: "Wall Display",
    components: { "Bus API": { failuresBeforeAlert: 1 }, "Weather API": {} },
  });
  const logger = { debug: vi.fn(), info: vi.fn(), warn: vi.fn(), error: vi.fn() };
  const bot = createBot({ env, notifier, health, logger, ...roles, ...given });
  return {
    emulator,
    channel,
    account,
    env,
    notifier,
    health,
    logger,
    bot,
    ada: emulator.user("ada"),
    ready: () => vi.waitFor(() => expect(bot.state).toBe("ready"), 5_000),
    /** The ids of the buttons of a message, in order. */
    buttonsOf: (id: string) => {
      const { components } = emulator.messages(channel).find((one) => one.id === id)!;
      const rows = components as unknown as { components: { custom_id: string; disabled?: boolean }[] }[];
      return rows.flatMap((row) => row.components);
    },
    reactionsOf: (id: string) => emulator.messages(channel).find((one) => one.id === id)?.reactions,
    answers: () => emulator.messages(channel).filter(({ author }) => author.kind === "bot"),
    [Symbol.asyncDispose]: async () => {
      await bot.close();
      await notifier.close({ timeoutMs: 0 });
      await emulator.close();
    },
  };
}
