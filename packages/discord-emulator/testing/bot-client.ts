/** Talks to the bot routes of an emulator without any library, under a clock that the test moves. */
import type { EmulatorOptions } from "../src/options.ts";
import type { BotHandle, NewBot } from "../src/people.ts";
import { type Bench, request, type Seen, setUp } from "./harness.ts";

export interface BotBench extends Bench {
  readonly bot: BotHandle;
  /** @param path - after `/api/v10`. */
  readonly ask: (method: string, path: string, payload?: unknown) => Promise<Seen>;
  readonly askAs: (authorization: string, method: string, path: string) => Promise<Seen>;
  /** The messages of the bench's channel. */
  readonly messages: string;
}

export async function setUpBot(bot: Partial<NewBot> = {}, options: EmulatorOptions = {}): Promise<BotBench> {
  const bench = await setUp(options);
  const made = bench.emulator.createBot({ name: "Tocsin", ...bot });
  const authorization = `Bot ${made.token}`;
  const ask = (method: string, path: string, payload?: unknown) => {
    const headers = { authorization, "content-type": "application/json" };
    const body = payload === undefined ? {} : { body: JSON.stringify(payload) };
    return request(`${bench.emulator.url}/api/v10${path}`, { method, headers, ...body });
  };
  const askAs = (as: string, method: string, path: string) =>
    request(`${bench.emulator.url}/api/v10${path}`, { method, headers: { authorization: as } });
  return { ...bench, bot: made, ask, askAs, messages: `/channels/${bench.channel.id}/messages` };
}

/** The ids of a list, in its order. */
export function idsOf({ body }: Seen): string[] {
  return (body as { id: string }[]).map(({ id }) => id);
}

export function idOf({ body }: Seen): string {
  return (body as { id: string }).id;
}
