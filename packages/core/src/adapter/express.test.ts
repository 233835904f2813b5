/** What is special about Express: mounted routers, and error handlers of the application's own. */
import { once } from "node:events";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import express from "express";
import { afterEach, expect, it, vi } from "vitest";
import { createVirtualClock } from "../../testing/virtual-clock.ts";
import type { NotificationInput } from "../notification/notification.ts";
import { type ExpressMonitor, monitorExpress } from "./express.ts";

const servers: Server[] = [];

afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});

async function titlesOf(build: (app: express.Express, monitor: ExpressMonitor) => void, path: string) {
  const told: NotificationInput[] = [];
  const notifier = {
    enabled: true,
    notify: (input: NotificationInput) => told.push(input),
    isHealthy: () => true,
    getQueueSize: () => 0,
    getRateLimitInfo: () => ({}),
    close: async () => ({ drained: true, open: 0 }),
  };
  const app = express().set("env", "test");
  build(app, monitorExpress(app, { notifier, clock: createVirtualClock() }));
  const server = app.listen(0, "127.0.0.1");
  servers.push(server);
  await once(server, "listening");
  await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`).catch(() => {});
  await vi.waitFor(() => expect(told).not.toEqual([]));
  return told.map(({ title }) => title);
}

function broken(): never {
  throw new TypeError("no");
}

it("shows the patterns of mounted routers, not the values in their paths", async () => {
  const build = (app: express.Express): void => {
    const users = express.Router().get("/users/:id", broken);
    const orgs = express.Router().use("/:org", users);
    app.use("/api", express.Router().get("/users/:id", broken));
    app.use("/orgs", orgs);
  };
  expect(await titlesOf(build, "/orgs/acme%20ltd/users/7?code=s3cret")).toEqual([
    "GET /orgs/:org/users/:id failed: TypeError",
  ]);
  expect(await titlesOf(build, "/api/users/7")).toEqual(["GET /api/users/:id failed: TypeError"]);
});

it("shows what it can of a route in a mounted application", async () => {
  const build = (app: express.Express): void => void app.use("/:org", express().get("/users/:id", broken));
  expect(await titlesOf(build, "/acme/users/7")).toEqual(["GET …/users/:id failed: TypeError"]);
});

it("has no route for an error before any route took the request", async () => {
  const build = (app: express.Express): void => void app.use(broken);
  expect(await titlesOf(build, "/secret-path")).toEqual(["GET request without a route failed: TypeError"]);
});

it("knows the error although an error handler of the application answers it", async () => {
  const build = (app: express.Express, monitor: ExpressMonitor): void => {
    app.get("/x", broken);
    app.use(monitor.errors);
    const answer: express.ErrorRequestHandler = (...[, , response]) => void response.status(502).send("sorry");
    // Express tells error handlers by their number of parameters.
    app.use(Object.defineProperty(answer, "length", { value: 4 }));
  };
  expect(await titlesOf(build, "/x")).toEqual(["GET /x failed: TypeError"]);
});

it("tells an error after the answer has begun, which no status shows", async () => {
  const build = (app: express.Express): void => {
    app.get("/stream", (_request, response) => {
      response.write("half");
      broken();
    });
  };
  expect(await titlesOf(build, "/stream")).toEqual(["GET /stream failed: TypeError"]);
});

it("counts an answer that is ended twice once", async () => {
  const build = (app: express.Express, monitor: ExpressMonitor): void => {
    app.get("/x", (_request, response) => {
      response.status(503).end();
      response.end();
      void monitor.close();
    });
  };
  expect(await titlesOf(build, "/x")).toEqual(["GET /x was answered with 503"]);
});

it("says at once that the notifier is missing", () => {
  expect(() => monitorExpress(express(), {} as never)).toThrow(/pass createNotifier\(\)/);
});
