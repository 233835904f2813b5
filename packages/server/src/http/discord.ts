/**
 * `/discord/interactions`: what people do in Discord, posted by Discord itself and signed, as the other way beside the gateway. Reached
 * from outside through a proxy or a tunnel, so the guard of `Host` leaves it to the signature.
 */
import type { Interactions } from "@tocsin/core/bot";
import type { Http } from "./server.ts";

const SIGNATURE = "x-signature-ed25519";
const TIMESTAMP = "x-signature-timestamp";

/** @param interactions `null` where no public key is configured: there is no such address then */
export function discordRoute(http: Http, { interactions }: { readonly interactions: Interactions | null }): void {
  if (interactions === null) return;
  http.register((scope, _options, registered) => {
    // The signature is over the bytes as they came.
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser("*", { parseAs: "buffer" }, (_request, body, done) => done(null, body));
    scope.post(
      "/discord/interactions",
      { schema: { hide: true }, config: { isSigned: true } },
      async ({ headers, body }, reply) => {
        const answer = await interactions.handle({
          signature: single(headers[SIGNATURE]),
          timestamp: single(headers[TIMESTAMP]),
          body: Buffer.isBuffer(body) ? body : Buffer.alloc(0),
        });
        return reply.code(answer.status).type("application/json").send(answer.body);
      },
    );
    registered();
  });
}

function single(header: string | readonly string[] | undefined): string | undefined {
  return typeof header === "string" ? header : undefined;
}
