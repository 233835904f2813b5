/** `/health`: 200 while everything works, 503 when something does not, with the same body. */
import type { z } from "zod";
import { health } from "./contract/health.ts";
import { failures } from "./contract/shared.ts";
import type { Http } from "./server.ts";

export type Health = z.infer<typeof health>;

export function healthRoute(http: Http, { check }: { readonly check: () => Promise<Health> }): void {
  http.get(
    "/health",
    { schema: { tags: ["health"], response: { 200: health, 503: health, ...failures } } },
    async (_request, reply) => {
      const state = await check();
      return reply.code(state.status === "healthy" ? 200 : 503).send(state);
    },
  );
}
