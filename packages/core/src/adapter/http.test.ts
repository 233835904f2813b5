/** What is special about plain servers: nobody else answers for a listener that throws. */
import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, expect, it, vi } from "vitest";
import { quietNotifier } from "../notifier/notifier.fixture.ts";
import { monitorHttp } from "./http.ts";

const servers: Server[] = [];

afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});

async function serve(listener: (request: IncomingMessage, response: ServerResponse) => unknown) {
  const { notifier, clock, channel } = quietNotifier();
  const server = createServer(monitorHttp({ notifier, clock }).wrap(listener)).listen(0, "127.0.0.1");
  servers.push(server);
  await once(server, "listening");
  const told = () => channel.sent.flatMap(({ request }) => request.notifications);
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, told };
}

it("answers 500 for a listener that throws at once, without its message", async () => {
  const { url, told } = await serve(() => {
    throw new Error("inside matters");
  });
  const response = await fetch(url);
  expect([response.status, await response.text()]).toEqual([500, "Internal Server Error\n"]);
  await vi.waitFor(() => expect(told()).toMatchObject([{ title: "GET request without a route failed: Error" }]));
});

it("breaks off an answer that had begun, so that nobody takes it for whole, and tells it", async () => {
  const { url, told } = await serve(async (_request, response) => {
    response.write("half");
    throw new TypeError("no");
  });
  const answer = fetch(url).then((response) => response.text());
  await expect(answer).rejects.toThrow();
  await vi.waitFor(() => expect(told()).toMatchObject([{ title: "GET request without a route failed: TypeError" }]));
});

it("says nothing of a client that leaves", async () => {
  const left = Promise.withResolvers<void>();
  const { url, told } = await serve((_request, response) => {
    response.once("close", left.resolve);
    response.write("half");
  });
  const controller = new AbortController();
  const response = await fetch(url, { signal: controller.signal });
  controller.abort();
  await expect(response.text()).rejects.toThrow();
  await left.promise;
  expect(told()).toEqual([]);
});
