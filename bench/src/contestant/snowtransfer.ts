/** `snowtransfer`, the REST client that goes with cloudstorm. */
import { SnowTransfer } from "snowtransfer";
import { toPayload } from "../message.ts";
import { type Contestant, type ContestantOptions, partsOf } from "./contestant.ts";

export function createSnowtransfer({ urls, attempts }: ContestantOptions): Contestant {
  const client = new SnowTransfer(undefined, {
    baseHost: new URL(urls[0]!).origin,
    ...(attempts === null ? {} : { retryRequests: true, retryLimit: attempts - 1 }),
  });
  const webhooks = urls.map(partsOf);
  return {
    async send(message) {
      const { id, token } = webhooks[message.webhook]!;
      await client.webhook.executeWebhook(id, token, toPayload(message), { wait: true });
      return true;
    },
    close: () => Promise.resolve(),
  };
}
