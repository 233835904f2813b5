/** A web backend on Fastify that tells Discord when it starts and when a request fails. */
import { createNotifier } from "@tocsin/core";
import { closeOnSignals, monitorFastify } from "@tocsin/core/fastify";
import fastify from "fastify";
import { openDiscord } from "../discord.ts";

const discord = await openDiscord();
const notifier = createNotifier({ env: discord.env, service: "Orders" });

const app = fastify();
const monitor = monitorFastify(app, { notifier, service: "Orders", version: "1.0.0" });

app.get("/health", monitor.health);
app.get("/", async () => "Try /orders/7, which fails, and /health.\n");
app.get<{ Params: { id: string } }>("/orders/:id", async ({ params }) => {
  throw new Error(`Order ${params.id} has no customer`);
});

console.log(`Backend   ${await app.listen({ port: Number(process.env["PORT"] ?? 8080), host: "127.0.0.1" })}`);
closeOnSignals(app, monitor);
