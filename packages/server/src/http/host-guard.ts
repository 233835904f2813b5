/**
 * Keeps web pages of other sites away from a server that runs open on loopback: a page whose name has been made to point at
 * 127.0.0.1 (DNS rebinding) shows in `Host`, a page that posts across sites shows in `Origin`.
 */
import type { FastifyInstance, FastifyRequest } from "fastify";
import { isLoopback } from "../config/loopback.ts";
import { ProblemError } from "./problems.ts";

declare module "fastify" {
  interface FastifyContextConfig {
    /** The route checks who has signed a request, so that it may come from anywhere. */
    isSigned?: boolean;
  }
}

export function installHostGuard(app: FastifyInstance): void {
  app.addHook("onRequest", async (request) => checkSender(request));
}

function checkSender({ headers, routeOptions }: FastifyRequest): void {
  if (routeOptions.config.isSigned === true) return;
  const { host, origin } = headers;
  if (host === undefined || !isLoopback(hostnameOf(`http://${host}`))) {
    throw new ProblemError(
      "foreign-host",
      "This server answers only to localhost, 127.0.0.1 and [::1]. Use one of these names in the address.",
    );
  }
  if (origin === undefined || origin === `http://${host}` || origin === `https://${host}`) return;
  throw new ProblemError("foreign-origin", "Pages of other sites may not use this server.");
}

function hostnameOf(url: string): string {
  return URL.canParse(url) ? new URL(url).hostname : "";
}
