/**
 * A path that exists, with a method that it does not take: 405, and `Allow` says what it takes (RFC 9110). `OPTIONS` is answered.
 * A path that does not exist at all stays a 404.
 */
import type { FastifyInstance, HTTPMethods } from "fastify";
import { ProblemError, sendProblem } from "./problems.ts";

const METHODS: readonly HTTPMethods[] = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];

/** To be called before any route is declared. The function that it returns is to be called when all are. */
export function watchMethods(http: FastifyInstance): () => void {
  const taken = new Map<string, Set<HTTPMethods>>();
  http.addHook("onRoute", ({ url, method }) => {
    const methods = taken.get(url) ?? new Set();
    for (const one of [method].flat()) methods.add(one as HTTPMethods);
    taken.set(url, methods);
  });
  return () => {
    // A copy: what is declared here would be watched as well.
    for (const [url, methods] of [...taken].map(([url, set]) => [url, [...set, "OPTIONS"].toSorted()] as const)) {
      answerTheRest(http, { url, methods });
    }
  };
}

function answerTheRest(http: FastifyInstance, { url, methods }: { url: string; methods: readonly string[] }): void {
  const allow = methods.join(", ");
  http.route({
    method: METHODS.filter((method) => method === "OPTIONS" || !methods.includes(method)),
    url,
    schema: { hide: true },
    // Before the body is read: whatever is in it, it is not for this path.
    onRequest: async (request, reply) => {
      void reply.header("allow", allow);
      if (request.method === "OPTIONS") return reply.code(204).send();
      const detail = `${request.url.split("?")[0]} takes ${allow}, and not ${request.method}.`;
      return sendProblem(request, reply, new ProblemError("wrong-method", detail));
    },
    handler: async () => {},
  });
}
