/** The real discord.js, logged in to an emulator of its own. */
import { ChannelType, Client, Events, GatewayIntentBits, type Partials, type TextChannel } from "discord.js";
import type { EmulatorOptions } from "../src/options.ts";
import type { BotHandle, NewBot, Person } from "../src/people.ts";
import { systemClock } from "../src/time/clock.ts";
import type { Channel } from "../src/world/places.ts";
import { type Bench, setUp } from "./harness.ts";

const { Guilds, GuildMessages, GuildMessageReactions, MessageContent } = GatewayIntentBits;
export const ALL_INTENTS = [Guilds, GuildMessages, GuildMessageReactions, MessageContent];

export interface LoggedIn extends Bench {
  readonly bot: BotHandle;
  readonly client: Client<true>;
  readonly ada: Person;
}

export interface LogIn {
  readonly intents?: GatewayIntentBits[];
  readonly partials?: Partials[];
  readonly bot?: Partial<NewBot>;
  readonly emulator?: EmulatorOptions;
}

/** `await using` ends the client and the emulator. */
export async function logIn({
  intents = ALL_INTENTS,
  partials = [],
  bot: wanted,
  emulator,
}: LogIn = {}): Promise<LoggedIn> {
  const bench = await setUp({ clock: systemClock, ...emulator });
  const bot = bench.emulator.createBot({ name: "Tocsin", ...wanted });
  const client = new Client({ intents, partials, rest: { api: `${bench.emulator.url}/api`, offset: 0 } });
  const close = async () => {
    await client.destroy();
    await bench.emulator.close();
  };
  const ready = new Promise((resolve) => client.once(Events.ClientReady, resolve));
  await client.login(bot.token).catch(async (error: unknown) => {
    await close();
    throw error;
  });
  await ready;
  const ada = bench.emulator.user("ada", { roles: ["operator"] });
  return { ...bench, bot, client: client as Client<true>, ada, [Symbol.asyncDispose]: close };
}

/** The channel as discord.js has it. @throws Error when it is none for text. */
export async function textChannel({ client }: LoggedIn, { id }: Channel): Promise<TextChannel> {
  const found = await client.channels.fetch(id);
  if (found?.type !== ChannelType.GuildText) throw new Error(`channel ${id} is no text channel`);
  return found;
}
