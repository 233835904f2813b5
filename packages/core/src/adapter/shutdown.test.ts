import { createServer, get } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, it, vi } from "vitest";
import { createVirtualClock } from "../../testing/virtual-clock.ts";
import { closeOnSignals } from "./shutdown.ts";

/** No test must end the test runner: while others listen, the process is theirs to end. */
const SIGNAL = "SIGUSR2";

function withListener(): Disposable {
  const others = (): void => {};
  process.on(SIGNAL, others);
  return { [Symbol.dispose]: () => void process.off(SIGNAL, others) };
}

it("lets requests under way finish, then closes the monitor, once", async () => {
  using _others = withListener();
  const order: string[] = [];
  const under = Promise.withResolvers<() => void>();
  const server = createServer((_request, response) => under.resolve(() => void response.end("done")));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  server.once("close", () => order.push("server"));
  const close = vi.fn(async () => {
    order.push("monitor");
    return { drained: true, open: 0 };
  });
  closeOnSignals(server, { close }, { signals: [SIGNAL], timeoutMs: 7_000, clock: createVirtualClock() });
  const { port } = server.address() as AddressInfo;
  const answered = new Promise<string>((resolve) => {
    get({ port, host: "127.0.0.1", agent: false }, (response) => {
      response.setEncoding("utf8").on("data", resolve);
    });
  });
  const finish = await under.promise;
  process.emit(SIGNAL, SIGNAL);
  process.emit(SIGNAL, SIGNAL);
  expect(close).not.toHaveBeenCalled();
  finish();
  expect(await answered).toBe("done");
  await vi.waitFor(() => expect(order).toEqual(["server", "monitor"]));
  expect(close).toHaveBeenCalledExactlyOnceWith({ timeoutMs: 7_000 });
});

it("waits for no request longer than it may", async () => {
  using _others = withListener();
  const clock = createVirtualClock();
  const close = vi.fn(async () => ({ drained: true, open: 0 }));
  const server = { close: vi.fn(), closeAllConnections: vi.fn() };
  closeOnSignals(server, { close }, { signals: [SIGNAL], timeoutMs: 7_000, clock });
  process.emit(SIGNAL, SIGNAL);
  await clock.advance(6_999);
  expect(close).not.toHaveBeenCalled();
  await clock.advance(1);
  expect(server.closeAllConnections).toHaveBeenCalledOnce();
  expect(close).toHaveBeenCalledOnce();
});

it("can be taken away again", () => {
  using _others = withListener();
  const before = process.listenerCount(SIGNAL);
  const uninstall = closeOnSignals({ close: vi.fn() }, { close: vi.fn() }, { signals: [SIGNAL] });
  expect(process.listenerCount(SIGNAL)).toBe(before + 1);
  uninstall();
  expect(process.listenerCount(SIGNAL)).toBe(before);
});
