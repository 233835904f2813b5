import { once } from "node:events";
import { Agent, type IncomingMessage, request } from "node:http";
import { createVirtualClock, type VirtualClock } from "@tocsin/core/testing";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createTestLogger, type LogLine } from "../../testing/test-logger.ts";
import { LINGER_MS } from "./drain.ts";
import { createHttp, type Http } from "./server.ts";

interface Answer {
  readonly status: number;
  readonly connection: string | undefined;
  readonly body: string;
}

let http: Http;
let url: string;
let clock: VirtualClock;
let log: readonly LogLine[];
let work: { readonly begun: PromiseWithResolvers<void>; readonly done: PromiseWithResolvers<void> };
const agents: Agent[] = [];

beforeEach(async () => {
  clock = createVirtualClock();
  const { logger, lines } = createTestLogger();
  log = lines;
  work = { begun: Promise.withResolvers(), done: Promise.withResolvers() };
  http = await createHttp({
    logger,
    clock,
    version: "1.0.0",
    routes: (app) => {
      app.get("/quick", async () => ({ ok: true }));
      app.get("/slow", async () => {
        work.begun.resolve();
        await work.done.promise;
        return { ok: true };
      });
    },
  });
  url = await http.listen({ host: "127.0.0.1", port: 0 });
});

afterEach(async () => {
  work.done.resolve();
  for (const agent of agents.splice(0)) agent.destroy();
  await http.close();
});

/** Begins the end, and is back when it has begun. */
async function end(): Promise<{ readonly over: Promise<void> }> {
  const over = http.close().then(() => undefined);
  await expect.poll(() => clock.pending).toBe(1);
  return { over };
}

/** A client with one connection, which it keeps. */
function client() {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  agents.push(agent);
  return async (path: string): Promise<Answer> => {
    const call = request(url + path, { agent }).end();
    const [answer] = (await once(call, "response")) as [IncomingMessage];
    const body = (await answer.setEncoding("utf8").toArray()).join("");
    return { status: answer.statusCode!, connection: answer.headers.connection, body };
  };
}

describe("an end of the HTTP interface", () => {
  it("is immediate when nobody is connected", async () => {
    await http.close();
    expect(clock.pending).toBe(0);
  });

  it("lets a request under way finish, and tells its client not to keep the connection", async () => {
    const slow = client()("/slow");
    await work.begun.promise;
    const { over } = await end();
    await clock.advance(LINGER_MS);
    work.done.resolve();
    expect(await slow).toEqual({ status: 200, connection: "close", body: '{"ok":true}' });
    await over;
  });

  it("answers what comes on a kept connection with a problem and closes it, and is over with the last connection", async () => {
    const [one, other] = [client(), client()];
    expect(await Promise.all([one("/quick"), other("/quick")])).toMatchObject([
      { status: 200, connection: "keep-alive" },
      { status: 200, connection: "keep-alive" },
    ]);
    const { over } = await end();
    for (const [ask, path] of [
      [one, "/quick"],
      [other, "/nowhere"],
    ] as const) {
      const { status, connection, body } = await ask(path);
      expect([status, connection, JSON.parse(body)]).toMatchObject([503, "close", { code: "ending" }]);
    }
    await over;
    expect(clock.pending).toBe(0);
    expect(log).toEqual([]);
  });

  it("does not wait longer for a kept connection on which nothing comes", async () => {
    await client()("/quick");
    let isOver = false;
    const { over } = await end();
    void over.then(() => {
      isOver = true;
    });
    await clock.advance(LINGER_MS - 1);
    expect(isOver).toBe(false);
    await clock.advance(1);
    await over;
  });
});
