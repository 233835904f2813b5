/** The process that asks a web server, over connections that stay open, the next request when the last is answered. */
import { Pool } from "undici";
import { answerCalls } from "../child/answer-calls.ts";

const MS_PER_SECOND = 1_000;

export interface Load {
  /** E.g. `http://127.0.0.1:8000` */
  readonly url: string;
  readonly connections: number;
  readonly requests: number;
}

const pools = new Map<string, Pool>();

export const loadCalls = {
  /** @returns requests per second, and how many were not answered with 200 */
  async run({ url, connections, requests }: Load): Promise<{ readonly perSecond: number; readonly failed: number }> {
    const pool = pools.get(url) ?? new Pool(url, { connections, pipelining: 1 });
    pools.set(url, pool);
    let begun = 0;
    let failed = 0;
    const before = performance.now();
    const asker = async (): Promise<void> => {
      while (begun++ < requests) {
        const { statusCode, body } = await pool.request({ path: "/", method: "GET" });
        await body.dump();
        if (statusCode !== 200) failed++;
      }
    };
    await Promise.all(Array.from({ length: connections }, asker));
    return { perSecond: requests / ((performance.now() - before) / MS_PER_SECOND), failed };
  },
};

answerCalls(loadCalls);
