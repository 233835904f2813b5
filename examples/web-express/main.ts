/** A web backend on Express that tells Discord when it starts and when a request fails. */
import { createNotifier } from "@tocsin/core";
import { closeOnSignals, monitorExpress } from "@tocsin/core/express";
import express from "express";
import { openDiscord } from "../discord.ts";

const discord = await openDiscord();
const notifier = createNotifier({ env: discord.env, service: "Orders" });

const app = express();
const monitor = monitorExpress(app, { notifier, service: "Orders", version: "1.0.0" });

app.get("/health", monitor.health);
app.get("/", (_request, response) => {
  response.send("Try /orders/7, which fails, and /health.\n");
});
app.get("/orders/:id", async ({ params }) => {
  throw new Error(`Order ${params.id} has no customer`);
});

const server = app.listen(Number(process.env["PORT"] ?? 8080), "127.0.0.1", () => {
  const address = server.address();
  if (typeof address === "object" && address !== null) console.log(`Backend   http://127.0.0.1:${address.port}`);
});
closeOnSignals(server, monitor);
