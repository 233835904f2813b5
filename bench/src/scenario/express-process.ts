/** A hello-world on Express 5, with `monitorExpress` or without it. */
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { createNotifier } from "@tocsin/core";
import { monitorExpress } from "@tocsin/core/express";
import express from "express";
import { answerCalls } from "../child/answer-calls.ts";

/** Nothing is sent there: nothing fails. */
const NOWHERE = "http://127.0.0.1:9/api/webhooks/1300000000000000000/token";
/** Connections outlast the other server's turns. */
const LONGEST_PAUSE_MS = 60_000;
const US_PER_SECOND = 1_000_000;

let connections = 0;

export const helloCalls = {
  /** @returns its address */
  async start({ isMonitored }: { readonly isMonitored: boolean }): Promise<string> {
    const app = express().set("env", "production");
    if (isMonitored) watch(app);
    app.get("/", (_request, response) => void response.send("Hello World!"));
    const server = app.listen(0, "127.0.0.1");
    server.keepAliveTimeout = LONGEST_PAUSE_MS;
    server.on("connection", () => connections++);
    await once(server, "listening");
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  },
  /** @returns what the process has spent so far, and how many connections it has taken */
  spent(): { readonly seconds: number; readonly connections: number } {
    const { user, system } = process.cpuUsage();
    return { seconds: (user + system) / US_PER_SECOND, connections };
  },
};

function watch(app: express.Express): void {
  const notifier = createNotifier({
    env: { LOG_LEVEL: "silent" },
    webhookUrl: NOWHERE,
    allowedHosts: [new URL(NOWHERE).host],
    validateOnStart: false,
  });
  monitorExpress(app, { notifier });
}

answerCalls(helloCalls);
