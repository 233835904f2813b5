/** What is special about Hono: middleware and handlers are routes alike. */
import { Hono } from "hono";
import { expect, it } from "vitest";
import { quietNotifier } from "../notifier/notifier.fixture.ts";
import { monitorHono } from "./hono.ts";

async function titleOf(path: string, build: (app: Hono) => void): Promise<string | null | undefined> {
  const { notifier, clock, channel } = quietNotifier();
  const app = new Hono();
  monitorHono(app, { notifier, clock });
  build(app);
  expect((await app.request(path)).status).toBe(503);
  await clock.settle();
  return channel.sent[0]?.request.notifications[0]?.title;
}

const busy = () => new Response("busy", { status: 503 });

it.each<[string, string | null, (app: Hono) => void]>([
  ["/files/a/b", "/files/*", (app) => app.get("/files/*", busy)],
  ["/users/7", "/users/:id", (app) => app.use("/users/*", (_context, next) => next()).get("/users/:id", busy)],
  ["/any/7", "/any/:id", (app) => app.all("/any/:id", busy)],
  ["/api/users/7", "/api/users/:id", (app) => app.route("/api", new Hono().get("/users/:id", busy))],
  ["/early", null, (app) => app.use("*", async () => busy())],
])("%s belongs to the route %s", async (path, route, build) => {
  expect(await titleOf(path, build)).toBe(`GET ${route ?? "request without a route"} was answered with 503`);
});
