/**
 * `undici` by hand: as many connections as webhooks, each answer read to its end. It knows no limit and never tries twice, so it
 * only runs where there is nothing to limit and nothing fails.
 */
import { Pool } from "undici";
import { toPayload } from "../message.ts";
import type { Contestant, ContestantOptions } from "./contestant.ts";

const HEADERS = { "content-type": "application/json", "user-agent": "DiscordBot (https://example.org, 1.0.0)" };

export function createUndici({ urls }: ContestantOptions): Contestant {
  const pool = new Pool(new URL(urls[0]!).origin, { connections: urls.length, pipelining: 1 });
  const paths = urls.map((url) => `${new URL(url).pathname}?wait=true`);
  return {
    async send(message) {
      const path = paths[message.webhook]!;
      const body = JSON.stringify(toPayload(message));
      const answer = await pool.request({ path, method: "POST", headers: HEADERS, body });
      await answer.body.text();
      return answer.statusCode === 200;
    },
    close: () => pool.close(),
  };
}
