import { describe, expect, it } from "vitest";
import { Exchange, type Reply } from "./exchange.ts";
import { createRequests } from "./requests.ts";
import type { HttpTransport, WireRequest } from "./transport.ts";

const WIRE: WireRequest = { method: "GET", origin: "http://discord.invalid", path: "/", headers: [], body: null };
const kindOf = (reply: Reply): string => (reply.kind === "no-answer" ? reply.cause : reply.kind);

/** Never answers by itself. */
function silentTransport() {
  const started: Exchange[] = [];
  const transport: HttpTransport = {
    start(_, tell) {
      const exchange = new Exchange(tell);
      started.push(exchange);
      return exchange;
    },
    close: () => Promise.resolve(),
  };
  return { transport, started };
}

describe("the requests of a channel", () => {
  it("end with the channel, those under way and those asked for later", async () => {
    const { transport, started } = silentTransport();
    const requests = createRequests(transport);
    const [first, second] = [requests.ask(WIRE, kindOf), requests.ask(WIRE, kindOf)];
    requests.close();
    expect(await Promise.all([first, second, requests.ask(WIRE, kindOf)])).toEqual(["closed", "closed", "closed"]);
    expect(started).toHaveLength(2);
  });

  it("leave those of others on the same transport alone", async () => {
    const { transport, started } = silentTransport();
    const [own, others] = [createRequests(transport), createRequests(transport)];
    const [mine, theirs] = [own.ask(WIRE, kindOf), others.ask(WIRE, kindOf)];
    own.close();
    expect(await mine).toBe("closed");
    expect(started.map(({ isOver }) => isOver)).toEqual([true, false]);
    started[1]!.onResponseError(null, new Error("reset"));
    expect(await theirs).toBe("error");
  });

  it("fail with whoever cannot read the reply", async () => {
    const { transport, started } = silentTransport();
    const asked = createRequests(transport).ask(WIRE, () => {
      throw new Error("unreadable");
    });
    started[0]!.abort("timeout");
    await expect(asked).rejects.toThrow("unreadable");
  });

  it("bear a transport that tells the end before it has begun", async () => {
    const transport: HttpTransport = {
      start(_, tell) {
        const exchange = new Exchange(tell);
        exchange.abort("closed");
        return exchange;
      },
      close: () => Promise.resolve(),
    };
    const requests = createRequests(transport);
    expect(await requests.ask(WIRE, kindOf)).toBe("closed");
    expect(() => requests.close()).not.toThrow();
  });
});
