/** `@discordjs/rest`, as discord.js uses it for webhooks. Its cap of 50 requests a second is lifted where there is no such limit. */
import { REST } from "@discordjs/rest";
import { toPayload } from "../message.ts";
import { type Contestant, type ContestantOptions, partsOf } from "./contestant.ts";

const WAIT = new URLSearchParams({ wait: "true" });

export function createDiscordjsRest({ urls, perSecond, attempts }: ContestantOptions): Contestant {
  const rest = new REST({
    api: `${new URL(urls[0]!).origin}/api`,
    globalRequestsPerSecond: perSecond ?? Number.POSITIVE_INFINITY,
    ...(attempts === null ? {} : { retries: attempts - 1 }),
  });
  const routes = urls.map((url) => {
    const { id, token } = partsOf(url);
    return `/webhooks/${id}/${token}` as const;
  });
  return {
    async send(message) {
      await rest.post(routes[message.webhook]!, { body: toPayload(message), auth: false, query: WAIT });
      return true;
    },
    async close() {
      rest.clearHashSweeper();
      rest.clearHandlerSweeper();
    },
  };
}
