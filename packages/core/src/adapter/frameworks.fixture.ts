/** The same small application in every framework, on a port of its own. */
import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { serve } from "@hono/node-server";
import Router from "@koa/router";
import express from "express";
import fastify from "fastify";
import { Hono } from "hono";
import Koa from "koa";
import { monitorExpress } from "./express.ts";
import { monitorFastify } from "./fastify.ts";
import { monitorHono } from "./hono.ts";
import { monitorHttp } from "./http.ts";
import { monitorKoa } from "./koa.ts";
import type { MonitorOptions, WebMonitor } from "./monitor.ts";

export interface RunningApp {
  readonly url: string;
  readonly monitor: Pick<WebMonitor, "close" | "report">;
  readonly stop: () => Promise<unknown>;
}

export class OrderError extends Error {}

function fail(id: string | undefined): never {
  throw new OrderError(`order ${id} is broken, token=s3cret`);
}

async function listening(server: Server, monitor: RunningApp["monitor"]): Promise<RunningApp> {
  if (!server.listening) await once(server.listen(0, "127.0.0.1"), "listening");
  const { port } = server.address() as AddressInfo;
  const stop = async (): Promise<void> => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  return { url: `http://127.0.0.1:${port}`, monitor, stop };
}

async function onExpress(options: MonitorOptions): Promise<RunningApp> {
  const app = express();
  // Keeps the framework from printing errors.
  app.set("env", "test");
  const monitor = monitorExpress(app, options);
  app.use(express.json());
  app.get("/health", monitor.health);
  app.all("/orders/:id", async ({ params }) => fail(params["id"]));
  app.get("/busy", (_request, response) => void response.status(503).send("busy"));
  app.get("/fine", (_request, response) => void response.send("fine"));
  return listening(createServer(app), monitor);
}

async function onFastify(options: MonitorOptions): Promise<RunningApp> {
  const app = fastify();
  const monitor = monitorFastify(app, options);
  app.get("/health", monitor.health);
  app.all<{ Params: { id: string } }>("/orders/:id", async ({ params }) => fail(params.id));
  app.get("/busy", async (_request, reply) => reply.code(503).send("busy"));
  app.get("/fine", async () => "fine");
  return { url: await app.listen({ port: 0, host: "127.0.0.1" }), monitor, stop: () => app.close() };
}

async function onKoa(options: MonitorOptions): Promise<RunningApp> {
  const app = new Koa();
  app.silent = true;
  const router = new Router();
  const monitor = monitorKoa(app, options);
  router.get("/health", monitor.health);
  router.all("/orders/:id", async ({ params }) => fail(params["id"]));
  router.get("/busy", (context) => {
    context.status = 503;
  });
  router.get("/fine", (context) => {
    context.body = "fine";
  });
  app.use(router.routes());
  return listening(createServer(app.callback()), monitor);
}

async function onHono(options: MonitorOptions): Promise<RunningApp> {
  const app = new Hono();
  app.onError((_error, context) => context.text("Internal Server Error", 500));
  const monitor = monitorHono(app, options);
  app.get("/health", monitor.health);
  app.all("/orders/:id", async (context) => fail(context.req.param("id")));
  app.get("/busy", (context) => context.text("busy", 503));
  app.get("/fine", (context) => context.text("fine"));
  const server = serve({ fetch: app.fetch, port: 0, hostname: "127.0.0.1" }) as Server;
  if (!server.listening) await once(server, "listening");
  return listening(server, monitor);
}

async function onHttp(options: MonitorOptions): Promise<RunningApp> {
  const pathOf = ({ url = "/" }: IncomingMessage): string => url.split("?", 1)[0]!;
  const route = (request: IncomingMessage): string => pathOf(request).replace(/^\/orders\/.*/, "/orders/:id");
  const monitor = monitorHttp({ ...options, route });
  const handlers: Readonly<Record<string, (request: IncomingMessage, response: ServerResponse) => unknown>> = {
    "/health": monitor.health,
    "/orders/:id": async (request) => fail(pathOf(request).split("/").at(-1)),
    "/busy": (_request, response) => response.writeHead(503).end("busy"),
    "/fine": (_request, response) => response.end("fine"),
  };
  const notFound: (typeof handlers)[string] = (_request, response) => response.writeHead(404).end();
  const listener = monitor.wrap((request, response) => (handlers[route(request)] ?? notFound)(request, response));
  return listening(createServer(listener), monitor);
}

export const FRAMEWORKS = { express: onExpress, fastify: onFastify, koa: onKoa, hono: onHono, http: onHttp } as const;
